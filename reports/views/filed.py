"""A report that is not the owner's to type in now: as filed, why it is locked, what can be done (M5.4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import formats
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once

from ..forms.fields import CleanText
from ..models import Report
from ..models.reports import ReportKind
from ..rules import month_name
from ..selectors.attachments import files_of
from ..selectors.filed import changes_between, facts_of, filings_of, sheet_of
from ..selectors.owner import next_owed
from ..selectors.owner_aside import informed_of, past_months, receipts_of, record_of, steps_of
from ..services import filing, receipts
from ..workflow import EDITABLE, ReportStatus
from .owning import is_owner, own_report, visible_report


def page(request: OfficeRequest, found: Report) -> HttpResponse:
    """The latest filing, read-only. A receiver who looks at it has opened it (settled point 6)."""
    owner = is_owner(found, request.actor)
    filings = filings_of(request.actor, found)
    last = filings[-1] if filings else None
    if not owner and last is not None and last.number == found.submission_count:
        receipts.open_as(found, request.actor, request.now)
        found.refresh_from_db(fields=["opened_at"])
    monthly = found.kind == ReportKind.MONTHLY
    context = {
        "report": found,
        "is_owner": owner,
        "sheet": sheet_of(last) if last else None,
        "submission": last,
        "facts": facts_of(found),
        "lock": lock_of(found) if owner else "",
        "recall_refused": _recall_refused(found, request) if owner else "",
        "revise_refused": str(refusal(found, "revise", request.actor) or "") if owner and monthly else "-",
        "receipts": receipts_of(found),
        "informed": [] if monthly else informed_of(found),
        "record": record_of(found, with_draft=False),
        "steps": steps_of(found) if monthly else [],
        "past": past_months(found) if monthly else [],
        "filings": filings[::-1],
        "files": files_of(request.actor, found),
        "here": reverse("reports:report", args=[found.public_id]),
        "next_owed": next_owed(request.actor, found) if owner and monthly else None,
    }
    return render(request, "reports/owner/filed.html", context)


def lock_of(found: Report) -> str:
    """Which of the reasons holds, and who can lift it (lessons.md)."""
    office = found.receiver.short_name
    if found.status == ReportStatus.SUBMITTED and found.opened_at is None:
        return _("Filed and locked. Until %(office)s opens it, you can recall it yourself.") % {
            "office": office
        }
    if found.status == ReportStatus.SUBMITTED:
        return _("Filed and opened by a receiver. To change it, ask %(office)s to return it.") % {
            "office": office
        }
    if found.status == ReportStatus.ACCEPTED:
        return _("Accepted by %(office)s. A mistake is corrected by a new revision with a reason.") % {
            "office": office
        }
    if found.status == ReportStatus.EXEMPT:
        return _("Exempt from reporting: %(reason)s. Only the commission can require it again.") % {
            "reason": found.exempt_reason.rstrip("。.")
        }
    return ""


def _recall_refused(found: Report, request: OfficeRequest) -> str:
    refused = refusal(found, "recall", request.actor)
    if refused:
        return str(refused)
    return _("A receiver has opened the report; ask him to return it.") if found.opened_at else ""


# ---- recalling and correcting ----------------------------------------------------------------------------------


def _object(found: Report) -> str:
    return _("%(project)s · report of %(month)s") % {
        "project": found.project.name, "month": month_name(found.month)
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def recall(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """撤回: the filing does not count any more, so a late one has to be weighed."""
    found = own_report(request, public_id)
    consequence = _("It goes back to your draft; this filing no longer counts, and %(office)s no longer sees it.") % {
        "office": found.receiver.short_name
    }  # fmt: skip
    if found.return_count == 0 and not found.revision_reason and found.due_at is not None:
        consequence += _late_words(found.due_at, request.now)
    return dialog_act(
        request,
        lambda data: filing.recall(found, by=request.actor, at=request.now),
        done=reverse("reports:report", args=[public_id]),
        success=_("Recalled. It is a draft again and has to be filed."),
        title=_("Recall the report"), object=_object(found), consequence=consequence, button=_("Recall"),
        button_icon="arrow-back", danger=True,
    )  # fmt: skip


def _late_words(due_at: datetime, at: datetime) -> str:
    if at >= due_at:
        return _(" The deadline has passed: filed again, it counts as late.")
    return _(" File it again by %(until)s, or it counts as late.") % {"until": formats.until(due_at)}


class ReviseForm(forms.Form):
    reason = CleanText(
        label=gettext_lazy("Reason of the correction"), max_length=300, rows=3,
        help_text=gettext_lazy("Say what was wrong and what it is now; receivers read this first."),
        error_messages={"required": gettext_lazy("Give the reason of the correction.")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def revise(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """更正: a new revision of an accepted report; the old one stays readable (M5.4)."""
    found = own_report(request, public_id)
    return dialog_act(
        request,
        lambda data: filing.revise(found, by=request.actor, at=request.now, reason=data["reason"]),
        form=ReviseForm(request.POST or None),
        done=reverse("reports:report", args=[public_id]),
        success=_("Correct the form, then file it again. Until then the accepted report stands."),
        title=_("Correct the accepted report"), object=_object(found),
        consequence=_(
            "%(office)s is told. The accepted report stays as it is in the record; the corrected one is reviewed anew."
        ) % {"office": found.receiver.short_name},
        button=_("Begin the correction"), button_icon="pencil",
    )  # fmt: skip


# ---- the history -----------------------------------------------------------------------------------------------


@require_GET
def submission(request: OfficeRequest, public_id: UUID, number: int) -> HttpResponse:
    """One filing as it was filed, and what it changed against the one before."""
    found = visible_report(request, public_id)
    filings = {s.number: s for s in filings_of(request.actor, found)}
    if number not in filings:
        raise Http404
    shown = filings[number]
    if not is_owner(found, request.actor):
        receipts.open_as(found, request.actor, request.now)
    context = {
        "report": found,
        "submission": shown,
        "sheet": sheet_of(shown),
        "earlier": filings.get(number - 1),
        "later": filings.get(number + 1),
        "changes": changes_between(filings[number - 1], shown) if number - 1 in filings else [],
        "is_latest": number == found.submission_count,
        "is_open": found.status in EDITABLE,
    }
    return render(request, "reports/owner/submission.html", context)
