"""Lists that can be taken out: apps register rows, sheet and who may; a worker writes the long ones.

Whoever can see a list can export the same rows: `rows` gets the actor and must answer what his page answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from ningde_projects.organizations.actor import Actor

from .lists import Heading
from .sheets import Sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Name → values of one query parameter, as in the address of the page.
Params = Mapping[str, Sequence[str]]
#: Told how many are done.
OnProgress = Callable[[int], None]
#: Writes a workbook that is no list; answers how many things are in it.
WriteBook = Callable[[IO[bytes], Actor, Params, datetime, OnProgress], int]


@dataclass(frozen=True)
class Export:
    """A list of some app.

    `rows` gives an iterable (a queryset's `iterator()`) that follows the sheet's columns; `count` its length without
    reading it. `refuse` gives the reason why this person may not, or ''; None when he may not know of it.
    """

    kind: str
    sheet: Sheet | Callable[[Actor, Params], Sheet]
    rows: Callable[[Actor, Params], Iterable[Any]]
    count: Callable[[Actor, Params], int]
    refuse: Callable[[Actor, Params], StrOrPromise | None]
    #: The line that says which filters were on.
    filter_line: Callable[[Actor, Params], StrOrPromise] = lambda actor, params: ""
    #: What stands in the file name before the day; the sheet's heading when empty.
    name_parts: Callable[[Actor, Params], Sequence[str]] = lambda actor, params: ()
    back_url: Callable[[Params], str] | None = None
    #: A workbook of forms instead of a list of rows: always .xlsx, then `rows` is not asked.
    book: WriteBook | None = None
    #: Up to so many are written at once; None is the house's number for rows.
    at_once: int | None = None
    #: Administrators know of it; a list of the work itself is hidden from them (organizations.business).
    is_administrative: bool = False

    def sheet_for(self, actor: Actor, params: Params) -> Sheet:
        return self.sheet(actor, params) if callable(self.sheet) else self.sheet


_exports: dict[str, Export] = {}


def register_export(export: Export) -> Export:
    """Called from an app's ready()."""
    if export.kind in _exports:
        raise ValueError(f"export {export.kind} is registered twice")
    _exports[export.kind] = export
    return export


def export_of(kind: str) -> Export:
    """KeyError when no app registered it."""
    return _exports[kind]


def exports() -> Mapping[str, Export]:
    return _exports


def digest_of(params: Params) -> str:
    told = json.dumps({name: list(values) for name, values in params.items()}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def heading_for(export: Export, actor: Actor, params: Params, made_line: str) -> Heading:
    sheet = export.sheet_for(actor, params)
    return Heading(sheet.heading(), str(export.filter_line(actor, params)), made_line)
