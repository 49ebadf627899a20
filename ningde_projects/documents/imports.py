"""What an import is made of: the importers that apps register, the plan they answer with."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from openpyxl import Workbook

from ningde_projects.organizations.actor import Actor

from .paper import ParsedForm
from .problems import CellError, blocking
from .rows import ParsedRow
from .sheets import Sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Params = Mapping[str, str]
Action = Literal["create", "update", "unchanged", "skip"]
#: More lines of a plan are counted, not shown.
SHOWN_ITEMS = 2000


@dataclass(frozen=True)
class Change:
    """One field before and after, as the reader sees them."""

    title: str
    old: str
    new: str


@dataclass(frozen=True)
class PlanItem:
    """What will be done with one row. `data` is for `apply`; the rest is what the preview shows."""

    action: Action
    label: str
    sheet: str = ""
    row: int = 0
    changes: tuple[Change, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "label": self.label,
            "sheet": self.sheet,
            "row": self.row,
            "changes": [[change.title, change.old, change.new] for change in self.changes],
        }


@dataclass
class ImportPlan:
    """The preview is the plan that is then carried out."""

    items: list[PlanItem] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return bool(blocking(self.errors))

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(item.action for item in self.items)
        wrong = len(blocking(self.errors))
        return {
            "create": counted["create"],
            "update": counted["update"],
            "unchanged": counted["unchanged"],
            "skip": counted["skip"],
            "errors": wrong,
            "questions": len(self.errors) - wrong,
        }

    @property
    def fingerprint(self) -> str:
        """Two plans with one fingerprint do the same to the same records."""
        digest = hashlib.sha256()
        for item in self.items:
            told = item.to_json() | {"data": dict(item.data)}
            digest.update(json.dumps(told, sort_keys=True, cls=DjangoJSONEncoder, default=str).encode())
        return digest.hexdigest()


CheckRows = Callable[[Sequence[ParsedRow], Actor, datetime, Params], ImportPlan]
CheckForms = Callable[[Sequence[ParsedForm], Actor, datetime, Params], ImportPlan]
#: Writes the plan inside a transaction that is already open; answers what the result page shows.
Apply = Callable[[ImportPlan, Actor, datetime, Params], Mapping[str, Any] | None]
#: Why this person may not import, or '' when he may.
Refuse = Callable[[Actor, Params], "StrOrPromise"]
Template = Callable[[Actor, datetime, Params], Workbook]
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Importer:
    """A kind of import. Give `sheet` and `check_rows` for a table, `layout` and `check_forms` for paper forms.

    `check_…` runs the app's rules on all rows and answers the whole plan with all findings; it is run again in the
    transaction that carries the plan out, and a different plan is shown anew instead of being applied.
    """

    kind: str
    title: StrOrPromise
    apply: Apply
    refuse: Refuse
    sheet: Sheet | None = None
    check_rows: CheckRows | None = None
    #: Another shape in which the same table may come, such as a matrix; it is read when the header of `sheet` is absent.
    other_shape: Callable[[], Sheet] | None = None
    layout: str = ""
    check_forms: CheckForms | None = None
    choices: Callable[[Actor, datetime, Params], Choices] | None = None
    template: Template | None = None
    #: What the page says above the upload.
    explanation: StrOrPromise = ""
    #: Names of query parameters that belong to the import, such as the month.
    params: tuple[str, ...] = ()
    back_url: Callable[[Params], str] | None = None
    #: The app's own page for uploading, when it has one.
    start_url: Callable[[Params], str] | None = None
    max_rows: int = 5000
    #: The verb with its object on the confirming button, and what is said when it is done; else "import".
    button: Callable[[Params, int], str] | None = None
    told: Callable[[Params, Mapping[str, Any]], str] | None = None
    #: Read by a worker, not while the browser waits.
    in_background: bool = False

    def __post_init__(self) -> None:
        table = self.sheet is not None and self.check_rows is not None
        forms = bool(self.layout) and self.check_forms is not None
        if table == forms:
            raise ValueError(
                f"importer {self.kind}: either a sheet with check_rows or a layout with check_forms"
            )

    @property
    def takes_csv(self) -> bool:
        return self.sheet is not None


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> Importer:
    """Called from an app's ready()."""
    if importer.kind in _importers:
        raise ValueError(f"importer {importer.kind} is registered twice")
    _importers[importer.kind] = importer
    return importer


def importer_of(kind: str) -> Importer:
    """KeyError when no app registered it."""
    return _importers[kind]


def importers() -> Mapping[str, Importer]:
    return _importers
