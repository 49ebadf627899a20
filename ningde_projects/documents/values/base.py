"""What a reading is: a typed value, or the rule that was broken and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from ..text import clean_text

Kind = Literal["text", "money", "integer", "percent", "date", "month", "choice", "yesno"]
KINDS: tuple[Kind, ...] = ("text", "money", "integer", "percent", "date", "month", "choice", "yesno")

#: A tuple, because `int | float` would be put together anew for every cell.
NUMBERS: Final = (int, float)
#: Written for "no value" in columns of figures and dates.
NOTHING = frozenset({"", "-", "—", "——", "/", "无", "n/a"})


class Finding(NamedTuple):
    """What is wrong, or what is asked, in the reader's language."""

    rule: str
    way_out: str


class Reading(NamedTuple):
    """One is made for every cell: a tuple is made three times as fast as a frozen dataclass."""

    value: Any = None
    problem: Finding | None = None
    question: Finding | None = None


class Unreadable(Exception):
    def __init__(self, rule: str, way_out: str) -> None:
        super().__init__(rule)
        self.finding = Finding(rule, way_out)


@dataclass(frozen=True)
class Expected:
    """What a column or a field expects of a value."""

    kind: Kind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int = 5000
    minimum: Decimal | None = None
    maximum: Decimal | None = None


def as_text(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return _("Yes") if raw else _("No")
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time.min else raw.isoformat(" ", "minutes")
    if isinstance(raw, NUMBERS):
        if abs(raw) >= 10**15:
            raise Unreadable(
                _("A long number has lost its last digits in this cell"),
                _("Set the cell format to text and type the number again."),
            )
        return str(int(raw)) if float(raw).is_integer() else repr(raw)
    return clean_text(str(raw)).strip()
