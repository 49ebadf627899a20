"""The list of cases and of those missing as sheets: the same rows as on the page (E2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor

from ..models import RunLevel
from ..policies.cases import department_id
from ..policies.offices import files, is_convener, reads_cases
from ..selectors.cases import CaseFilters, listed, read_filters, status_counts, year_of
from ..selectors.missing import missing_for
from ..workflow.cases import CaseStatus

CASES = Sheet(
    key="reserve-cases", name=gettext_lazy("3+N cases"), title=gettext_lazy("Preliminary work 3+N"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda c: c.project.name, width=36),
        Column("owner", gettext_lazy("Owner"), getter=lambda c: c.project.owner.name, width=28),
        Column("place", gettext_lazy("County"), getter=lambda c: c.project.place.name, width=14),
        Column("level", gettext_lazy("Run by"), kind="choice", choices=RunLevel.choices, width=12),
        Column("year", gettext_lazy("Year"), getter=lambda c: str(c.year), width=8),
        Column("filer", pgettext_lazy("case", "Filed by"), getter=lambda c: c.filer.short_name, width=20),
        Column("status", gettext_lazy("State"), kind="choice", choices=CaseStatus.choices, width=12),
        Column("body", gettext_lazy("Implementing body"), width=28),
        Column("land_mu", gettext_lazy("Land (mu)"), width=12),
        Column("forest_mu", gettext_lazy("Forest (mu)"), width=12),
        Column("sea_mu", gettext_lazy("Sea (mu)"), width=12),
        Column("financing_total", gettext_lazy("Financing together"), kind="money", width=16),
        Column("asked", gettext_lazy("Opinions asked"), kind="integer", width=10),
        Column("given", gettext_lazy("Opinions in"), kind="integer", width=10),
        Column("late", gettext_lazy("Opinions overdue"), kind="integer", width=10),
        Column("filed", pgettext_lazy("case", "Filed"), getter=lambda c: c.first_submitted_at, kind="date", width=12),
        Column("concluded", gettext_lazy("Concluded"), getter=lambda c: c.concluded_at, kind="date", width=12),
        Column("conclusion", gettext_lazy("Words of the conclusion"), width=40),
    ),
)  # fmt: skip

MISSING = Sheet(
    key="reserve-cases-missing", name=gettext_lazy("Without a case"),
    title=gettext_lazy("Planned projects without a 3+N case"), unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("name", gettext_lazy("Project name"), width=36),
        Column("place", gettext_lazy("County"), getter=lambda p: p.place.name, width=14),
        Column("owner", gettext_lazy("Owner"), getter=lambda p: p.owner.name, width=28),
        Column("department", gettext_lazy("Industry department"), getter=lambda p: _department(p), width=24),
        Column("stage", gettext_lazy("Stage"), getter=lambda p: p.get_stage_display(), width=12),
        Column("total_investment", gettext_lazy("Total investment"), kind="money", width=16),
        Column("year_plan", gettext_lazy("Plan of the year"), kind="money", width=16),
        Column("draft", gettext_lazy("Draft begun"), getter=lambda p: _("Yes") if p.draft_case else "", width=10),
        Column("chased", gettext_lazy("Last chased"), getter=lambda p: p.last_chase, kind="date", width=12),
    ),
)  # fmt: skip


def _department(project: Any) -> str:
    found = {d.pk: d.short_name for d in (project.municipal_department, project.county_department) if d}
    return str(found.get(department_id(project) or 0, ""))


def _query(params: Params) -> dict[str, str]:
    return {name: values[-1] for name, values in params.items() if values}


def _filters(actor: Actor, params: Params) -> CaseFilters:
    return read_filters(_query(params), actor.at)


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return listed(actor, _filters(actor, params)).iterator(chunk_size=1000)


def _count(actor: Actor, params: Params) -> int:
    filters = _filters(actor, params)
    counts = status_counts(actor, filters)
    return counts.get(filters.status, 0) if filters.status else sum(counts.values())


def _year(actor: Actor, params: Params) -> int:
    return year_of(_query(params).get("year", ""), actor.at)


def _names(actor: Actor, params: Params) -> Sequence[str]:
    return [actor.organisation.short_name, CASES.heading()]


CASES_EXPORT = Export(
    kind=CASES.key, sheet=CASES, rows=_rows, count=_count,
    refuse=lambda actor, params: "" if reads_cases(actor) else None,
    filter_line=lambda actor, params: _filters(actor, params).words(), name_parts=_names,
    back_url=lambda params: reverse("reserve:cases"),
)  # fmt: skip
MISSING_EXPORT = Export(
    kind=MISSING.key, sheet=MISSING, rows=lambda actor, params: missing_for(actor, _year(actor, params)),
    count=lambda actor, params: missing_for(actor, _year(actor, params)).count(),
    refuse=lambda actor, params: "" if is_convener(actor) or files(actor) else None,
    filter_line=lambda actor, params: _("Year {year}").format(year=_year(actor, params)),
    name_parts=lambda actor, params: [actor.organisation.short_name, MISSING.heading()],
    back_url=lambda params: reverse("reserve:cases_missing"),
)  # fmt: skip
