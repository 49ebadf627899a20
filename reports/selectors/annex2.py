"""The content of 附件2 as plain data, from a living summary: what screen,
paper and edition show alike (M6.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import translation

from ningde_projects.documents.models import LayoutVersion
from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post, Responsible
from ningde_projects.projects.rules import completion_percent, points_ahead

from ..models import Report, Summary, SummaryItem
from ..workflow import OWED


def content_of(summary: Summary) -> dict[str, Any]:
    """Everything that 附件2 prints, JSON-ready; a fixed number of queries."""
    items = list(
        summary.items.select_related(
            "problem__project__industry",
            "problem__category",
            "problem__owner",
            "problem__unit",
            "lead_department",
            "report",
        ).order_by("order")
    )
    projects = {i.problem.project_id for i in items}
    people = _people(projects, summary.place_id)
    return {
        "place": summary.place.name,
        "month": str(summary.month),
        "bureau": summary.bureau.name,
        "government": summary.government.name,
        "counts": summary.counts,
        "items": [_line(i, people, summary) for i in items],
        "missing": _missing(summary),
        "reporter": summary.sent_by.name if summary.sent_by else "",
        "reporter_phone": summary.sent_by.phone if summary.sent_by else "",
        "sent_on": local_date(summary.sent_at).isoformat() if summary.sent_at else "",
    }


def sealed_content(summary: Summary, at: datetime) -> dict[str, Any]:
    """The content as it is approved: in the paper's language whoever approves, with the layouts in force,
    so that the same file comes out for ever (M6.4)."""
    with translation.override(LANGUAGE):
        content = content_of(summary)
    layouts = {
        key: LayoutVersion.current(key, local_date(at)).version for key in ("annex2", "annex2_missing")
    }
    return content | {"layouts": layouts}


def _line(item: SummaryItem, people: dict[tuple[int, str], str], summary: Summary) -> dict[str, Any]:
    problem, project, report = item.problem, item.problem.project, item.report
    percent = completion_percent(report.year_cumulative, report.annual_plan) if report else None
    return {
        "number": item.order,
        "problem": str(problem.public_id),
        "problem_number": problem.number,
        "project": project.name,
        "code": project.code,
        "level": project.get_level_display(),
        "industry": project.industry.name if project.industry else "",
        "owner": problem.owner.name,
        "total_investment": _text(project.total_investment),
        "annual_plan": _text(report.annual_plan if report else None),
        "year_cumulative": _text(report.year_cumulative if report else None),
        "percent": "" if percent is None else f"{percent:.1f}",
        "points": "" if percent is None else str(points_ahead(percent, summary.month)),
        "category": problem.category.name,
        "occurred_on": problem.occurred_on.isoformat(),
        "original_text": item.original_text,
        "text": item.text,
        "county_opinion": item.county_opinion,
        "request": item.request,
        "asked_level": item.level,
        "asked_level_text": item.get_level_display(),
        "lead_department": item.lead_department.short_name if item.lead_department else "",
        "unit": problem.unit_name,
        "cooperating": item.cooperating,
        "leader": people.get((project.pk, Post.COUNTY_LEADER), ""),
        "direct": people.get((project.pk, Post.COUNTY_DIRECT), ""),
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "is_lagging": percent is not None and points_ahead(percent, summary.month) < 0,
        "note": item.note,
    }


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _people(project_ids: set[int], place_id: int) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    rows = Responsible.objects.filter(
        Q(place=place_id) | Q(place__isnull=True),
        project__in=project_ids,
        valid_to__isnull=True,
        post__in=[Post.COUNTY_LEADER, Post.COUNTY_DIRECT],
    ).select_related("user")
    for row in sorted(rows, key=lambda r: r.place_id == place_id):
        found[(row.project_id, row.post)] = row.user.name + (
            f"（{row.user.title}）" if row.user.title else ""
        )
    return found


def _missing(summary: Summary) -> list[dict[str, str]]:
    """The annex of missing and returned reports, named (M6.1)."""
    reports = Report.objects.filter(
        kind="monthly", month=summary.month, receiver=summary.bureau_id, status__in=OWED
    ).select_related("project", "owner")
    return [
        {
            "project": r.project.name,
            "owner": r.owner.name,
            "status": r.status,
            "status_text": r.get_status_display(),
            "filed_once": "yes" if r.first_submitted_at else "",
        }
        for r in reports.order_by("status", "project")
    ]
