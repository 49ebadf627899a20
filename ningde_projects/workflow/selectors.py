"""Reads of the record: what the address asks for, and the acts that fit (E3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import local_date, midnight

from .acts import act_title, administrative, kind_title
from .models import Act

#: Days shown when nobody asks for others: the record of years is long.
DAYS = 30


@dataclass(frozen=True)
class Filters:
    """What the address asks for. `unread` names parts that could not be understood and were left out."""

    first: date
    last: date
    words: str = ""
    machine: str = ""
    name: str = ""
    person: User | None = None
    office: Organisation | None = None
    #: Number of one thing of the kind `machine`: its whole life.
    object: int | None = None
    unread: tuple[str, ...] = ()

    NAMES: ClassVar = ("q", "kind", "act", "person", "office", "object", "from", "to")

    @classmethod
    def read(cls, query: Mapping[str, str], at: datetime) -> Filters:
        today = local_date(at)
        given = {name: query.get(name, "").replace("\x00", "").strip() for name in cls.NAMES}
        first, last = _day(given["from"]), _day(given["to"])
        unread = [name for name, found in (("from", first), ("to", last)) if given[name] and found is None]
        person = _row(User.objects.select_related("organisation"), given["person"])
        office = _row(Organisation.objects.all(), given["office"])
        thing = _number(given["object"]) if given["kind"] else None
        for name, found in (("person", person), ("office", office), ("object", thing)):
            if given[name] and found is None:
                unread.append(name)
        # The life of one thing is asked for as a whole.
        whole = thing is not None and not given["from"]
        start = date(2000, 1, 1) if whole else (last or today) - timedelta(days=DAYS - 1)
        return cls(
            first or start, last or today, given["q"][:60], given["kind"][:30], given["act"][:40], person, office,
            thing, tuple(unread),
        )  # fmt: skip

    def rows(self) -> QuerySet[Act]:
        """Newest first."""
        rows = Act.objects.filter(
            at__gte=midnight(self.first), at__lt=midnight(self.last + timedelta(days=1))
        )
        if self.words:
            rows = rows.filter(
                Q(user_text__icontains=self.words) | Q(principal_text__icontains=self.words)
                | Q(organisation_text__icontains=self.words) | Q(request_id=self.words) | Q(ip=self.words)
                | Q(machine__in=administrative())
                & (Q(object_text__icontains=self.words) | Q(reason__icontains=self.words))
            )  # fmt: skip
        exact: dict[str, Any] = {"machine": self.machine, "name": self.name, "object_id": self.object}
        rows = rows.filter(**{column: value for column, value in exact.items() if value})
        if self.person:
            rows = rows.filter(Q(user=self.person) | Q(principal=self.person))
        if self.office:
            rows = rows.filter(organisation=self.office)
        return rows.order_by("-id")

    @property
    def chosen(self) -> list[tuple[str, str, str]]:
        """(parameter, value, words) of what is narrowed beyond the days and the search."""
        found = []
        if self.machine:
            found.append(("kind", self.machine, kind_title(self.machine)))
        if self.name:
            found.append(("act", self.name, act_title(self.machine, self.name)))
        if self.person:
            found.append(("person", str(self.person.public_id), self.person.name))
        if self.office:
            found.append(("office", str(self.office.public_id), self.office.short_name))
        if self.object:
            found.append(("object", str(self.object), _("one object")))
        return found

    def in_words(self) -> str:
        """The line over an exported list."""
        parts = [f"{self.first}—{self.last}", *(words for _p, _v, words in self.chosen)]
        return _("; ").join([*parts, f"“{self.words}”"] if self.words else parts)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2999 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _row(rows: QuerySet[Any], text: str) -> Any | None:
    wanted = _uuid(text)
    return None if wanted is None else rows.filter(public_id=wanted).first()
