"""The filters of the worksheet as chips and menus: every choice is a link, the choice lives in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Level
from ningde_projects.shell.queries import changed_query
from ningde_projects.shell.statuses import light_of

from ..selectors.review import LIGHTS, SORTS, Filters, state_words


@dataclass(frozen=True)
class Chip:
    label: str
    count: int
    url: str
    on: bool
    key: str = "all"


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    on: bool


@dataclass(frozen=True)
class Menu:
    """One further filter; `chosen` is the label of the value that is set."""

    title: str
    options: Sequence[Option]
    chosen: str
    clear: str


def chips_of(query: QueryDict, filters: Filters, counted: Mapping[str, int]) -> list[Chip]:
    """待审核 9 · 已退回 3 · 未报 5 · 已签收 29 · 全部 46; 免报 only when there is one."""
    chips = [
        Chip(
            word,
            counted[state],
            changed_query(query, {"status": state, "open": None}),
            filters.status == state,
            state,
        )
        for state, word in state_words().items()
        if state != "exempt" or counted[state] or filters.status == state
    ]
    everything = changed_query(query, {"status": None, "open": None})
    return [*chips, Chip(_("All"), sum(counted.values()), everything, not filters.status)]


def menus_of(query: QueryDict, filters: Filters, departments: Iterable[Organisation] = ()) -> list[Menu]:
    levels = [(str(v), str(label)) for v, label in Level.choices if v != Level.OTHER]
    lights = [(code, str(light_of(code).word)) for code in LIGHTS]
    problems = [("with", _("With problems")), ("nil", _("Nil reports"))]
    offices = [(str(office.public_id), office.short_name) for office in departments]
    menus = [
        _menu(query, "level", pgettext("filter", "Level"), levels, filters.level),
        _menu(query, "light", pgettext("filter", "Light"), lights, filters.light),
        _menu(query, "problems", _("Problems"), problems, filters.problems),
    ]
    if offices:
        menus.append(_menu(query, "department", _("Industry department"), offices, filters.department))
    return menus


def _menu(query: QueryDict, name: str, title: str, values: Sequence[tuple[str, str]], chosen: str) -> Menu:
    options = [Option(label, changed_query(query, {name: value}), value == chosen) for value, label in values]
    label = next((label for value, label in values if value == chosen), "")
    return Menu(title, options, label, changed_query(query, {name: None}))


@dataclass(frozen=True)
class Sort:
    """The head of a sortable column: where a click leads, and the arrow of the order that is on."""

    url: str
    arrow: str


def sorts_of(query: QueryDict, filters: Filters) -> dict[str, Sort]:
    """First click: the largest first; second: the smallest; third: the order of work again."""
    found = {}
    for key in SORTS:
        following = {f"-{key}": key, key: None}.get(filters.sort, f"-{key}")
        arrow = {f"-{key}": "↓ ", key: "↑ "}.get(filters.sort, "")
        found[key] = Sort(changed_query(query, {"sort": following}), arrow)
    return found
