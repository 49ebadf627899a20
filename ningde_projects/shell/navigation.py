"""The left navigation, bottom tabs and top bar as a registry that apps fill from ``AppConfig.ready``.

A role sees only its own entries; the first entry of a person's list is home. Counts are computed once per
request, only when a page that shows them is rendered, and those given as querysets in one statement together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from .actor import ActorLike
from .counting import count_together

Text = str | Promise
Predicate = Callable[[ActorLike], bool]
#: A number, or the rows that are to be counted.
Number = int | QuerySet[Any] | None
Count = Callable[[ActorLike, datetime], Number]
Counts = Callable[[ActorLike, datetime], Mapping[str, Number]]
#: The key of the number on the bell.
UNREAD = "unread"


def has_duty(*duties: Any) -> Predicate:
    """A predicate: the person holds one of these duties now."""
    return lambda actor: any(actor.has(duty) for duty in duties)


@dataclass(frozen=True, slots=True)
class NavSection:
    """A heading of the navigation (工作, 项目, …)."""

    key: str
    title: Text
    order: int = 100


WORK = NavSection("work", pgettext_lazy("navigation", "Work"), 10)
PROJECTS = NavSection("projects", pgettext_lazy("navigation", "Projects"), 20)
STATISTICS = NavSection("statistics", pgettext_lazy("navigation", "Statistics and assessment"), 30)
DATA = NavSection("data", pgettext_lazy("navigation", "Data"), 40)
SYSTEM = NavSection("system", pgettext_lazy("navigation", "System"), 50)
HELP = NavSection("help", pgettext_lazy("navigation", "Help"), 60)


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry.

    ``allowed`` decides who sees it. ``count(actor, at)`` gives the number beside it; ``hot`` makes that
    number a red pill (mine to do now) instead of grey (size of the list). ``mobile`` puts it into the
    bottom tabs (the first four by order, the fifth is the account), under ``mobile_label`` where the full
    one is too long.
    """

    key: str
    label: Text
    icon: str
    url_name: str
    allowed: Predicate
    section: NavSection = WORK
    order: int = 100
    count: Count | None = None
    hot: bool = False
    mobile: bool = False
    mobile_label: Text = ""
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)

    def url(self) -> str:
        return reverse(self.url_name, kwargs=dict(self.url_kwargs) or None)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    key: str
    label: Text
    icon: str
    url: str
    number: int | None
    hot: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: Text
    entries: list[ShownEntry]


class Link(StrEnum):
    """Places of the top bar and the error pages that another app provides."""

    NOTICES = "notices"
    HELP = "help"
    SEARCH = "search"
    ACCOUNT = "account"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_IN_AGAIN = "sign_in_again"
    REQUEST_ACCESS = "request_access"


@dataclass(frozen=True, slots=True)
class PeriodOption:
    label: Text
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PeriodSwitch:
    """The button of the top bar: 报告期 2026年10月, and what can be chosen instead."""

    kind: Text
    label: Text
    options: list[PeriodOption] = field(default_factory=list)


_entries: dict[str, NavEntry] = {}
_counts: list[Counts] = []
_links: dict[Link, str] = {}
_unread: list[Count] = []
_period: list[Callable[[HttpRequest], PeriodSwitch | None]] = []


def register(*entries: NavEntry) -> None:
    for entry in entries:
        if entry.key in _entries:
            message = f"navigation entry {entry.key!r} registered twice"
            raise ValueError(message)
        _entries[entry.key] = entry


def register_counts(source: Counts) -> None:
    """Several counts: ``source(actor, at)`` returns key → number or rows. Wins over ``NavEntry.count``."""
    _counts.append(source)


def register_link(link: Link, url_name: str) -> None:
    _links[link] = url_name


def register_unread(count: Count) -> None:
    """The number on the bell."""
    _unread[:] = [count]


def register_period_switch(source: Callable[[HttpRequest], PeriodSwitch | None]) -> None:
    _period[:] = [source]


def link(name: Link | str) -> str:
    """The address, or "" where nobody has registered it (then the page leaves the control out)."""
    url_name = _links.get(Link(name))
    if not url_name:
        return ""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def period_switch(request: HttpRequest) -> PeriodSwitch | None:
    return next((found for source in _period if (found := source(request))), None)


def entries_for(actor: ActorLike) -> list[NavEntry]:
    """Everything this person may see, in the order shown; the first one is home."""
    mine = [entry for entry in _entries.values() if entry.allowed(actor)]
    return sorted(mine, key=lambda e: (e.section.order, e.section.key, e.order, e.key))


def numbers(entries: Iterable[NavEntry], actor: ActorLike, at: datetime) -> dict[str, int | None]:
    """The numbers of these entries and, under UNREAD, of the bell: one statement for all that are given as rows."""
    given: dict[str, Number] = {}
    for source in _counts:
        given.update(source(actor, at))
    found: dict[str, Number] = {}
    for count in _unread:
        found[UNREAD] = count(actor, at)
    for entry in entries:
        if entry.key in given:
            found[entry.key] = given[entry.key]
        elif entry.count is not None:
            found[entry.key] = entry.count(actor, at)
    counted = count_together({key: rows for key, rows in found.items() if isinstance(rows, QuerySet)})
    return {key: counted[key] if isinstance(n, QuerySet) else n for key, n in found.items()}


def current_key(entries: Iterable[NavEntry], path: str) -> str:
    """The entry whose address is the longest beginning of this path."""
    best, length = "", 0
    for entry in entries:
        url = entry.url()
        if len(url) > length and (path == url or (url != "/" and path.startswith(url))):
            best, length = entry.key, len(url)
    return best


def shown(
    entries: Iterable[NavEntry], counted: Mapping[str, int | None], current: str, *, mobile: bool = False
) -> list[ShownEntry]:
    return [
        ShownEntry(
            key=entry.key,
            label=(entry.mobile_label or entry.label) if mobile else entry.label,
            icon=entry.icon,
            url=entry.url(),
            number=counted.get(entry.key),
            hot=entry.hot,
            current=entry.key == current,
        )
        for entry in entries
    ]


def sections(entries: list[NavEntry], counted: Mapping[str, int | None], current: str) -> list[ShownSection]:
    grouped: dict[str, list[NavEntry]] = {}
    for entry in entries:
        grouped.setdefault(entry.section.key, []).append(entry)
    return [
        ShownSection(group[0].section.title, shown(group, counted, current)) for group in grouped.values()
    ]
