"""The facts that a platform may ask for, and which of them each asks for to begin with (M1.3, facts.md §5.3).

No public field list of either platform is known: these are the usual ones, held as data with a version, so that the
real list replaces them without code. Plain values in, texts out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Facts:
    """What is known of a project, read once for many (`selectors/push_facts.py`). Blank is "" or None."""

    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(frozen=True)
class Field:
    """One fact: its key, its name in messages and in the file, and how it is written there."""

    key: str
    title: StrOrPromise
    kind: str = "text"
    width: float = 18

    def is_missing(self, facts: Facts) -> bool:
        value = facts.get(self.key)
        return value is None or value == "" or (isinstance(value, Decimal) and value <= 0)


FIELDS: tuple[Field, ...] = (
    Field("name", _("Project name"), width=36),
    Field("code", _("National project code"), width=26),
    Field("nature", _("construction nature")),
    Field("industry", _("Industry")),
    Field("place", _("construction site"), width=24),
    Field("content", pgettext_lazy("project", "Scale and content"), width=50),
    Field("total_investment", _("Total investment"), "money"),
    Field("investment_kind", _("Investment kind")),
    Field("start", _("planned start")),
    Field("completion", _("planned completion")),
    Field("owner", _("Owner"), width=30),
    Field("credit_code", _("unified social credit code"), width=22),
    Field("supervisor", _("supervising office"), width=24),
    Field("person", _("responsible person of the project")),
    Field("phone", _("telephone of the responsible person")),
    Field("funding", _("funding"), width=36),
    Field("directions", _("policy directions"), width=30),
    Field("year_plan", _("planned investment of the year"), "money"),
)
BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}

_COMMON = (
    "name",
    "industry",
    "place",
    "content",
    "total_investment",
    "start",
    "completion",
    "owner",
    "supervisor",
)
#: What an installation begins with; edition 0.
BUNDLED: dict[str, tuple[str, ...]] = {
    "national": (*_COMMON, "code", "credit_code", "person", "phone", "investment_kind"),
    "provincial": (*_COMMON, "person"),
}


def missing(facts: Facts, required: Sequence[str]) -> list[Field]:
    """The required facts that are not there, in the order of FIELDS; empty = eligible."""
    wanted = set(required)
    return [field for field in FIELDS if field.key in wanted and field.is_missing(facts)]


def known_fields(keys: Sequence[str]) -> tuple[str, ...]:
    """Of what was asked the fields that exist, in their order, each once."""
    return tuple(field.key for field in FIELDS if field.key in set(keys))
