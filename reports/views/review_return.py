"""The dialog that returns one report: its fields and problems by name, the reasons, the day (screen 03d)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.shell.due import due
from ningde_projects.workflow.acting import dialog_act

from .. import rules
from ..forms.review import ReturnForm, default_refile_by
from ..forms.wording import field_labels
from ..models import Report
from ..selectors.basis import circumstances_of
from ..selectors.review_rows import filing_number
from ..services import reviewing

_FIELDS = (
    "month_investment",
    "year_cumulative",
    "total_cumulative",
    "progress",
    "next_plan",
    "statistics_cumulative",
)


def points_of(report: Report) -> list[tuple[str, str]]:
    """What can be named: the fields of the form, and each problem of the report."""
    labels = field_labels(report.month)
    points = [(name, labels[name]) for name in _FIELDS] if report.kind == "monthly" else []
    statements = report.statements.select_related("problem").order_by("problem__reported_at", "problem")
    for number, statement in enumerate(statements, start=1):
        words = _("Problem %(n)s: %(text)s") % {"n": number, "text": statement.problem.description[:24]}
        points.append((str(statement.problem.public_id), words))
    return points


def ask_return(request: OfficeRequest, report: Report, *, done: str, query: str) -> HttpResponse:
    """GET asks, POST returns."""
    form = ReturnForm(
        request.POST if request.method == "POST" else None, at=request.now, points=points_of(report),
        initial={"version": report.version, "refile_by": default_refile_by(request.now), **_suggested(report)},
    )  # fmt: skip
    action = reverse("reports:review_return", args=[report.public_id])

    def act(data: object) -> None:
        reviewing.return_report(
            report, by=request.actor, at=request.now, reason=form.reason(), fields=form.named(),
            refile_by=form.cleaned_data["refile_by"], version=form.cleaned_data["version"],
        )  # fmt: skip

    return dialog_act(
        request, act, form=form, template="reports/review/return.html", done=done, cancel_url=done,
        success=_("Returned to %(owner)s.") % {"owner": report.owner.short_name},
        title=_("Return the report"), object=_object(report), consequence=_consequence(request, report),
        button=_("Return to the owner"), button_icon="arrow-back-up", danger=True,
        action=f"{action}?{query}" if query else action, query=query,
    )  # fmt: skip


def _object(report: Report) -> str:
    month = rules.month_name(report.month)
    if report.submission_count > 1:
        return _("%(project)s · report of %(month)s (%(number)s)") % {
            "project": report.project.name, "month": month, "number": filing_number(report)}  # fmt: skip
    return _("%(project)s · report of %(month)s") % {"project": report.project.name, "month": month}


def _suggested(report: Report) -> dict[str, object]:
    """A failed check is ticked and worded already."""
    if report.kind != "monthly":
        return {}
    remarks = rules.check_entry(reviewing.entry_of(report), circumstances_of([report])[report.pk])
    failed = rules.failures(remarks)
    if not failed:
        return {}
    return {
        "reasons": ["figures"],
        "points": [r.field for r in failed],
        "text": "；".join(r.text for r in failed),
    }


def _consequence(request: OfficeRequest, report: Report) -> str:
    """How much time is left, and what stays in the summary meanwhile."""
    left = due(DeadlineBook().deadline("D3", report.month), request.now)
    carried = report.statements.exclude(answer="new").exclude(answer="solved").count()
    words = _("Counties forward by %(until)s (%(left)s).") % {"until": left.until, "left": left.left}
    if carried:
        words += ngettext(
            "%(n)s problem carried forward stays in the summary with last month's words.",
            "%(n)s problems carried forward stay in the summary with last month's words.",
            carried,
        ) % {"n": carried}  # fmt: skip
    return words
