"""The page of one project: its facts as they are kept, and what other rooms add."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date, reporting_month

from .. import panels, policies
from ..life import life_of
from ..models import AnnualPlan, Project
from ..rules import read_project_code
from ..selectors import Side, acts_of, project_of, record_of

LATEST_ACTS = 8
ACTS_PER_PAGE = 50


@require_safe
def detail(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    actor, at = request.actor, request.now
    project = project_of(actor, public_id)
    record = record_of(project)
    year = reporting_month(at).year
    acts = list(acts_of(project, actor)[: LATEST_ACTS + 1])
    right = policies.editing_right(actor, project)
    return render(
        request,
        "projects/project.html",
        {
            "project": project,
            "record": record,
            "overdue": {
                n.pk
                for n in record.nodes
                if n.planned_on and not n.reached_on and n.planned_on < local_date(at)
            },
            "year": year,
            "year_plan": plan_of_year(record.plans, year),
            "code_warnings": read_project_code(project.code).warnings if project.code else (),
            "stages": life_of(project, record.nodes),
            "may_edit": isinstance(right, Held),
            "edit_reason": "" if isinstance(right, Held) else str(right),
            "may_change_management": isinstance(policies.commission_right(actor), Held),
            "sides": [(side, isinstance(_post(actor, project, side), Held)) for side in record.sides],
            "acts": [panels.described(act) for act in acts[:LATEST_ACTS]],
            "more_acts": len(acts) > LATEST_ACTS,
            "main_panels": panels.shown(project, actor, at, "main"),
            "side_panels": panels.shown(project, actor, at, "side"),
            "sources": sources_of(project),
        },
    )


def _post(actor: Actor, project: Project, side: Side) -> policies.Right:
    return policies.post_right(actor, project, side.post, side.place.pk if side.place else None)


def plan_of_year(plans: Sequence[AnnualPlan], year: int) -> Decimal | None:
    """The whole project's plan, else the sum of its parts' plans (figures add up once), 万元."""
    of_year: list[tuple[int | None, Decimal | None]] = [
        (p.part_id, p.investment) for p in plans if p.year == year
    ]
    whole = [sum_ for part, sum_ in of_year if part is None and sum_ is not None]
    if whole:
        return whole[0]
    parts = [sum_ for part, sum_ in of_year if part is not None and sum_ is not None]
    return sum(parts, Decimal(0)) if parts else None


def sources_of(project: Project) -> list[tuple[str, str]]:
    """(text, address) per line; web addresses become links under the name of their host."""
    lines = [part.strip() for line in project.source.splitlines() for part in line.split(" ; ")]
    return [
        (urlsplit(line).netloc, line) if line.startswith(("http://", "https://")) else (line, "")
        for line in lines
        if line
    ]


@require_safe
def history(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Everything that was done to the record, as far as it is for this person."""
    project = project_of(request.actor, public_id)
    page = Paginator(acts_of(project, request.actor), ACTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "projects/history.html",
        {
            "project": project,
            "page": page,
            "acts": [panels.described(act) for act in page],
            "crumb": [(reverse("projects:detail", args=[public_id]), project.name)],
            "title": _("Record of changes"),
        },
    )
