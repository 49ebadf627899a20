"""One step of one report behind a cell of the matrix: its acts, and the way to do what is due there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.dialogs import render_dialog
from ningde_projects.workflow.models import Act

from ..models import Report, Summary
from ..rules import month_name
from ..selectors import acts as words
from ..selectors.review_matrix import STEPS
from ..selectors.review_rows import state_of
from .review_report import kept_query, readable, worksheet_url

_OF_REPORT = {
    "fill": ("start",),
    "file": ("submit", "recall", "chase", "exempt", "exempt_direct", "oblige"),
    "accept": ("accept", "accept_direct", "return", "return_direct", "revise"),
}
_OF_SUMMARY = {
    "draw": ("draw_in",),
    "approve": ("send_for_approval", "withdraw", "approve", "return_by_government"),
    "forward": ("forward", "receive", "return_by_commission"),
}


@dataclass(frozen=True)
class Way:
    """A link at the foot of the dialog."""

    label: str
    url: str
    icon: str
    dialog: bool = False


@require_safe
def show(request: OfficeRequest, public_id: UUID, step: str) -> HttpResponse:
    """点击任一格，查看该环节的经办人、时间和意见."""
    report = readable(request, public_id)
    if step not in STEPS:
        raise Http404
    summary = None
    if step in _OF_SUMMARY:
        summary = (
            Summary.objects.visible_to(request.actor)
            .filter(bureau=report.receiver_id, month=report.month)
            .first()
        )
        if summary is None:
            raise Http404
    return render_dialog(request, "reports/review/step.html", {
        "title": titles()[step], "object": f"{report.project.name} · {month_name(report.month)}",
        "items": words.items(_acts(report, summary, step)), "nothing": _("Nothing has been done here yet."),
        "acts": _ways(request, report, step), "cancel_url": worksheet_url(report, kept_query(request)),
    })  # fmt: skip


def titles() -> dict[str, str]:
    return {
        "fill": _("Filling in"),
        "file": _("Filing"),
        "industry": _("Industry check"),
        "accept": _("Acceptance"),
        "draw": _("In the summary"),
        "approve": _("County approval"),
        "forward": _("Forwarded to the commission"),
    }


def _acts(report: Report, summary: Summary | None, name: str) -> list[Act]:
    if summary is not None:
        rows = Act.objects.filter(machine="summary", object_id=summary.pk, name__in=_OF_SUMMARY[name])
    elif name == "industry":
        others = report.receipts.filter(decides=False).values("pk")
        rows = Act.objects.filter(machine="receipt", object_id__in=others)
    else:
        rows = Act.objects.filter(Q(machine="report", object_id=report.pk), name__in=_OF_REPORT[name])
    return list(rows.select_related("organisation").order_by("-id")[:30])


def _ways(request: OfficeRequest, report: Report, name: str) -> list[Way]:
    """What is due at this step now, for those who may do it; each asks again in its own dialog."""
    query = kept_query(request)
    page = reverse("reports:review_report", args=[report.public_id])
    ways = [Way(_("Open the report"), f"{page}?{query}" if query else page, "file-text")]
    decides = report.receiver_id in request.actor.offices(Duty.REVIEW, Duty.DISPATCH)
    state = state_of(report)
    if name in _OF_SUMMARY:
        return [*ways, Way(_("Open the summary"), reverse("reports:summary", args=[report.month]), "table")]
    if not decides:
        return ways
    if name in ("fill", "file") and state == "missing":
        exempt = reverse("reports:review_exempt", args=[report.public_id])
        ways.append(Way(_("Exempt from reporting"), f"{exempt}?{query}", "calendar-off", dialog=True))
    if name == "industry" and state in ("submitted", "accepted"):
        ask = reverse("reports:review_ask", args=[report.public_id])
        ways.append(Way(_("Have the industry verify"), f"{ask}?{query}", "help-circle", dialog=True))
    if name == "accept" and state == "submitted":
        back = reverse("reports:review_return", args=[report.public_id])
        ways.append(Way(_("Return"), f"{back}?{query}", "arrow-back-up", dialog=True))
    return ways
