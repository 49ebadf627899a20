"""A sheet as a value: blank form, filled form, list, import and its errors come from the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from .text import fold
from .values import Expected, Kind, Reading, read_value

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Choices = Sequence[tuple[str, "StrOrPromise"]]


@dataclass(frozen=True)
class Column:
    """One column. Money is 万元, a percentage in points; `getter` defaults to the key or attribute `key`."""

    key: str
    title: StrOrPromise
    getter: Callable[[Any], Any] | None = None
    kind: Kind = "text"
    width: float = 14
    required: bool = False
    choices: Choices | Callable[[], Choices] = ()
    help: StrOrPromise = ""
    #: Other titles that an import accepts for it.
    aliases: tuple[StrOrPromise, ...] = ()
    max_length: int = 2000
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    #: False: shown in the form for information, not read back.
    editable: bool = True

    def value_of(self, row: Any) -> Any:
        if self.getter is not None:
            return self.getter(row)
        return row.get(self.key) if isinstance(row, Mapping) else getattr(row, self.key)

    def choice_list(self) -> list[tuple[str, str]]:
        choices = self.choices() if callable(self.choices) else self.choices
        return [(code, str(label)) for code, label in choices]

    @property
    def expected(self) -> Expected:
        return Expected(
            self.kind,
            tuple(self.choice_list()),
            self.max_length,
            self.minimum,
            self.maximum,
        )

    def read(self, raw: Any, *, is_percent_format: bool = False) -> Reading:
        return read_value(raw, self.expected, is_percent_format=is_percent_format)

    def titles(self) -> set[str]:
        return {fold_title(str(title)) for title in (self.title, *self.aliases)}


@dataclass(frozen=True)
class Sheet:
    """A named list of columns. Raise `version` when a column changes meaning: older files are refused."""

    key: str
    name: StrOrPromise
    columns: tuple[Column, ...]
    version: int = 1
    title: StrOrPromise = ""
    unit_line: StrOrPromise = ""
    notes: tuple[StrOrPromise, ...] = ()
    orientation: Literal["portrait", "landscape"] = "landscape"
    #: How many columns stay in view when scrolling to the right.
    frozen_columns: int = 1
    #: For paper: the height of each row is written down, since not every program finds it out when printing.
    fits_rows: bool = False

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"sheet {self.key}: two columns share a key")

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    def column(self, key: str) -> Column:
        return self.by_key[key]

    def heading(self) -> str:
        return str(self.title or self.name)

    def only(self, keys: Iterable[str]) -> Sheet:
        """The same sheet with some of its columns, in its own order."""
        wanted = set(keys)
        kept = tuple(column for column in self.columns if column.key in wanted)
        return replace(self, columns=kept)


def fold_title(title: str) -> str:
    """Titles are compared without spaces, width, asterisks and what stands in brackets, such as （万元）."""
    folded = fold(title).replace("(", "（").replace(")", "）")
    while "（" in folded and "）" in folded[folded.index("（") :]:
        start = folded.index("（")
        folded = folded[:start] + folded[folded.index("）", start) + 1 :]
    return folded or fold(title)


def show(value: Any, column: Column) -> Any:
    """What is written into a cell: text for months and choices, the value itself for numbers and dates."""
    if value is None:
        return None
    if column.kind == "choice":
        return dict(column.choice_list()).get(str(value), str(value))
    if column.kind == "yesno":
        return _("Yes") if value else _("No")
    if column.kind in ("text", "month"):
        return str(value)
    return value
