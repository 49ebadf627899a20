"""The page of one project (一项目一档, screen 07): head, life, figures, and tabs that other rooms fill."""

from __future__ import annotations

from datetime import datetime
from typing import Any
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

from .. import panels, policies, posts_on_file
from ..life import life_of
from ..models import Follow, Project, Stage
from ..progress import judgements, progress_of, years_of
from ..rules import read_project_code
from ..selectors import Record, Side, acts_of, project_of, record_of

LATEST_ACTS = 8
ACTS_PER_PAGE = 50


@require_safe
def detail(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    actor, at = request.actor, request.now
    project = project_of(actor, public_id)
    tab = request.GET.get("tab", panels.OVERVIEW)
    tab = tab if tab in panels.tab_keys() else panels.OVERVIEW
    record = record_of(project)
    years = _years(actor, project, record, reporting_month(at).year)
    year = next((y for y in years if str(y) == request.GET.get("year")), reporting_month(at).year)
    context = _head(project, record, actor, at) | {
        "tab": tab,
        "tabs": panels.shown_tabs(project, actor, at),
        "year": year,
        "years": years,
        "main_panels": panels.shown(project, actor, at, "main", tab, year),
        "side_panels": panels.shown(project, actor, at, "side", tab, year),
    }
    context |= _record_tab(request, project) if tab == "record" else _latest(project, actor)
    return render(request, "projects/project.html", context)


def _head(project: Project, record: Record, actor: Actor, at: datetime) -> dict[str, Any]:
    """What stands over the tabs, and the register's own panels."""
    today, progress = local_date(at), progress_of(actor, reporting_month(at).year, [project.pk])
    right = policies.editing_right(actor, project)
    return {
        "project": project,
        "record": record,
        # Before the start of works there is more in the facts than in the figures.
        "has_begun": project.stage not in (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY),
        "judged": judgements(actor, at, [project.pk])[project.pk],
        "figures": panels.figures(project, actor, at),
        "overdue": {n.pk for n in record.nodes if n.planned_on and not n.reached_on and n.planned_on < today},
        "code_warnings": read_project_code(project.code).warnings if project.code else (),
        "stages": life_of(project, record.nodes, progress.get(project.pk), today),
        "follows": Follow.objects.filter(user=actor.user, project=project).exists(),
        "may_edit": isinstance(right, Held),
        "edit_reason": "" if isinstance(right, Held) else str(right),
        "may_change_management": isinstance(policies.commission_right(actor), Held),
        "sides": _sides(actor, project, record),
        "sources": sources_of(project),
    }


def _latest(project: Project, actor: Actor) -> dict[str, Any]:
    acts = list(acts_of(project, actor)[: LATEST_ACTS + 1])
    return {
        "acts": [panels.described(act) for act in acts[:LATEST_ACTS]],
        "more_acts": len(acts) > LATEST_ACTS,
    }


def _record_tab(request: OfficeRequest, project: Project) -> dict[str, Any]:
    page = Paginator(acts_of(project, request.actor), ACTS_PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "acts": [panels.described(act) for act in page]}


def _years(actor: Actor, project: Project, record: Record, this: int) -> list[int]:
    """The years that the page can be switched to, newest first."""
    planned = {plan.year for plan in record.plans if plan.year <= this}
    return sorted({this, *planned, *years_of(actor, project)}, reverse=True)


def _sides(actor: Actor, project: Project, record: Record) -> list[tuple[Side, bool, str]]:
    """(post, may this person name directly, where he files a change instead): never both (M3.4)."""
    filed, found = posts_on_file.posts_of(project, actor), []
    for side in record.sides:
        place_id = side.place.pk if side.place else None
        entry = filed.get((str(side.post), place_id))
        may = entry is None and isinstance(policies.post_right(actor, project, side.post, place_id), Held)
        found.append((side, may, entry.change_url if entry else ""))
    return found


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
