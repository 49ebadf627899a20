"""Targets from Excel into a draft (M1.1): a row sets its county and department, the others stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from ningde_projects.documents.blank_forms import sheet_form
from ningde_projects.documents.imports import Change, Importer, ImportPlan, Params, PlanItem
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.sheets import Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place
from ningde_projects.organizations.offices import is_commission

from ..exports.targets import COLUMNS, KIND
from ..models import TargetEdition
from ..selectors.offices import industry_departments, reporting_places
from ..services.targets import Target, save_draft
from ..workflow.targets import TargetStatus

_SHEET = Sheet(
    key=KIND, name=gettext_lazy("Reserve targets"), title=gettext_lazy("Reserve targets"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"), columns=COLUMNS,
)  # fmt: skip


def _draft(params: Params) -> TargetEdition | None:
    try:
        key = UUID(params.get("edition", ""))
    except ValueError:
        return None
    return TargetEdition.objects.filter(public_id=key, status=TargetStatus.DRAFT).first()


def refuse(actor: Actor, params: Params) -> str:
    if not is_commission(actor):
        return _("Only the commission may do this.")
    return "" if _draft(params) else _("There is no draft to import into; begin one first.")


def matrix_sheet() -> Sheet:
    """The matrix as the page shows it: a row for a department, two columns for a county."""
    columns = [COLUMNS[0]]
    for place in reporting_places():
        name = place.short_name
        columns += [
            replace(COLUMNS[2], key=f"{place.code}-count", title=_("{county} number").format(county=name)),
            replace(
                COLUMNS[3],
                key=f"{place.code}-sum",
                title=_("{county} investment").format(county=name),
                width=14,
            ),
        ]
    return replace(_SHEET, columns=tuple(columns))


def check_rows(rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Params) -> ImportPlan:
    plan = ImportPlan()
    edition = _draft(params)
    if edition is None:
        return plan
    departments = {name: d for d in industry_departments() for name in (d.name, d.short_name)}
    places = {place.code: place for place in reporting_places()}
    now = {(c.place_id, c.department_id): (c.count, c.investment) for c in edition.cells.all()}
    seen: dict[tuple[int, int], int] = {}
    for row in rows:
        department = departments.get(row.get("department") or "")
        if department is None and row.get("department"):
            plan.errors.append(
                row.error("department", _("No department of this name leads an industry"),
                          _("Write the name as in the matrix.")))  # fmt: skip
        if department is None:
            continue
        for place, count, amount in _stated(row, places):
            first = seen.setdefault((place.pk, department.pk), row.row)
            if first != row.row:
                plan.errors.append(
                    row.error("place" if "place" in row.places else "department",
                              _("The same county and department stand in row {row}").format(row=first),
                              _("Delete one of the rows.")))  # fmt: skip
                break
            plan.items.append(
                _item(row, place, department, (count, amount), now.get((place.pk, department.pk)))
            )
    return plan


def _stated(row: ParsedRow, places: Mapping[str, Place]) -> list[tuple[Place, int, Decimal]]:
    """What a row says: of one county in the list; in the matrix of every county of which something stands there."""
    if "place" in row.places:
        place = places.get(row.get("place") or "")
        return [(place, int(row.get("count") or 0), row.get("investment") or Decimal(0))] if place else []
    return [
        (place, int(row.get(f"{code}-count") or 0), row.get(f"{code}-sum") or Decimal(0))
        for code, place in places.items()
        if row.get(f"{code}-count") is not None or row.get(f"{code}-sum") is not None
    ]


def _item(
    row: ParsedRow,
    place: Place,
    department: Any,
    stated: tuple[int, Decimal],
    known: tuple[int, Decimal] | None,
) -> PlanItem:
    count, amount = stated
    old = known or (0, Decimal(0))
    changes = tuple(
        Change(str(title), f"{before:,}", f"{after:,}")
        for title, before, after in ((COLUMNS[2].title, old[0], count), (COLUMNS[3].title, old[1], amount))
        if before != after
    )
    action: Any = "unchanged" if not changes else "update" if known else "create"
    return PlanItem(
        action, f"{department.short_name} · {place.name}", row.sheet, row.row, changes,
        {"place": place.pk, "department": department.pk, "count": count, "investment": f"{amount:.2f}"},
    )  # fmt: skip


def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Params) -> Mapping[str, Any]:
    edition = _draft(params)
    if edition is None:
        return {"targets": 0}
    targets = {
        (c.place_id, c.department_id): Target(c.place_id, c.department_id, c.count, c.investment)
        for c in edition.cells.all()
    }
    for item in plan.items:
        data = item.data
        targets[data["place"], data["department"]] = Target(
            data["place"], data["department"], data["count"], Decimal(data["investment"])
        )
    save_draft(edition, targets.values(), by=actor, at=at, version=None)
    return {"targets": len(plan.items)}


def template(actor: Actor, at: datetime, params: Params) -> Workbook:
    """The matrix with what stands in the draft."""
    edition = _draft(params)
    now = {(c.place_id, c.department_id): c for c in edition.cells.all()} if edition else {}
    rows = []
    for department in industry_departments():
        row: dict[str, Any] = {"department": department.name}
        for place in reporting_places():
            cell = now.get((place.pk, department.pk))
            row[f"{place.code}-count"] = cell.count if cell else None
            row[f"{place.code}-sum"] = cell.investment if cell else None
        rows.append(row)
    return sheet_form(matrix_sheet(), rows, spare_rows=0)


def _back(params: Params) -> str:
    edition = _draft(params)
    return reverse("reserve:target-edit", args=[edition.public_id]) if edition else reverse("reserve:targets")


def importer() -> Importer:
    return Importer(
        kind=KIND, title=gettext_lazy("Import reserve targets"), apply=apply, refuse=refuse, sheet=_SHEET,
        check_rows=check_rows, template=template, params=("edition",), back_url=_back,
        other_shape=matrix_sheet, explanation=gettext_lazy(
            "Either the matrix that can be downloaded here (a row for a department, two columns for a county), or a list "
            "with a row for each county and department, as the page exports it. 0 and 0 take a target away, what is "
            "left empty in the matrix or is not in the file stays. Nothing is written before you confirm the preview."
        ),
    )  # fmt: skip
