"""Targets with their completion, and the projects behind it, as files (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place

from ..models import TargetEdition
from ..querysets.targets import chain_kinds
from ..selectors import target_projects as listing
from ..selectors import targets as read
from ..workflow.targets import TargetStatus

KIND = "reserve-targets"
_ZERO = Decimal(0)


def _places() -> list[tuple[str, str]]:
    return list(Place.objects.filter(is_municipal=False).values_list("code", "name"))


#: The same columns take the targets in again (imports/targets.py).
COLUMNS = (
    Column(
        "department", gettext_lazy("Municipal industry department"), width=28, required=True, max_length=80
    ),
    Column("place", gettext_lazy("County"), kind="choice", choices=_places, width=20, required=True),
    Column(
        "count",
        gettext_lazy("Number of projects"),
        kind="integer",
        width=12,
        minimum=_ZERO,
        maximum=Decimal(9999),
    ),
    Column("investment", gettext_lazy("Investment"), kind="money", width=18, minimum=_ZERO),
)
_DONE = (
    Column("done_count", gettext_lazy("Projects that came into the pool"), kind="integer", width=16),
    Column("done_sum", gettext_lazy("Their total investment"), kind="money", width=18),
    Column("rate", gettext_lazy("Completion"), kind="percent", width=12),
)
SHEET = Sheet(
    key=KIND, name=gettext_lazy("Reserve targets"), title=gettext_lazy("Reserve targets and their completion"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"), columns=(*COLUMNS, *_DONE), frozen_columns=2,
)  # fmt: skip


def _one(params: Params, name: str) -> str:
    return params[name][-1] if params.get(name) else ""


def year_of(actor: Actor, params: Params) -> int:
    text = _one(params, "year")
    return int(text) if text.isdigit() and 2000 <= int(text) <= 2099 else read.year_to_set(actor.at)


def _edition(actor: Actor, params: Params) -> TargetEdition | None:
    rows = TargetEdition.objects.visible_to(actor).filter(year=year_of(actor, params))
    number = _one(params, "edition")
    chosen = rows.filter(number=int(number)).first() if number.isdigit() and len(number) < 4 else None
    return chosen or rows.filter(status=TargetStatus.ISSUED).first()


def _rows(actor: Actor, params: Params) -> list[dict[str, Any]]:
    year = year_of(actor, params)
    found = read.matrix(_edition(actor, params), year, read.reach_of(actor))
    return [
        {"department": row.department.name if row.department else "", "place": place.code,
         "count": cell.target_count, "investment": cell.target_sum, "done_count": cell.done_count,
         "done_sum": cell.done_sum, "rate": cell.rate}
        for row in found.rows
        for place, cell in zip(found.places, row.cells, strict=True)
        if not cell.is_empty
    ]  # fmt: skip


def _refuse(actor: Actor, params: Params) -> str | None:
    return "" if chain_kinds(actor) else None


def _line(actor: Actor, params: Params) -> str:
    edition = _edition(actor, params)
    return (
        str(edition)
        if edition
        else _("No targets have been issued for {year}.").format(year=year_of(actor, params))
    )


EXPORT = Export(
    kind=KIND, sheet=SHEET, rows=_rows, count=lambda actor, params: len(_rows(actor, params)), refuse=_refuse,
    filter_line=_line, back_url=lambda params: reverse("reserve:targets"),
)  # fmt: skip

PROJECTS = Sheet(
    key="reserve-entries", name=gettext_lazy("Projects"), title=gettext_lazy("Projects that came into the pool"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("name", gettext_lazy("Project name"), width=36),
        Column("place", gettext_lazy("County"), getter=lambda p: p.place.name, width=18),
        Column("department", gettext_lazy("Municipal industry department"), width=26,
               getter=lambda p: p.municipal_department and p.municipal_department.name),
        Column("owner", gettext_lazy("Owner"), getter=lambda p: p.owner.name, width=28),
        Column("total_investment", gettext_lazy("Total investment"), kind="money", width=16),
        Column("since", gettext_lazy("in the pool since"), kind="date", width=14,
               getter=lambda p: p.reserve_record.in_pool_since.date()),
        Column("stage", gettext_lazy("Stage"), getter=lambda p: p.get_stage_display(), width=12),
    ),
)  # fmt: skip


def _wanted(actor: Actor, params: Params) -> listing.Wanted:
    return listing.read_query({n: v[-1] for n, v in params.items() if v}, read.year_to_set(actor.at))


def _projects(actor: Actor, params: Params) -> Iterable[Any]:
    return listing.listed(actor, _wanted(actor, params)).iterator(chunk_size=1000)


PROJECTS_EXPORT = Export(
    kind="reserve-entries", sheet=PROJECTS, rows=_projects,
    count=lambda actor, params: listing.listed(actor, _wanted(actor, params)).count(), refuse=_refuse,
    filter_line=lambda actor, params: listing.in_words(_wanted(actor, params)),
    back_url=lambda params: reverse("reserve:targets"),
)  # fmt: skip
