"""The report's form: shown, saved by itself, saved, filed; with script and without (M5.1, M5.4).

One address takes every button. With script the small ones (`take`, `remove`, `restore`) go to the autosave address,
which answers the parts of the page that change; without it they save the draft and show the page again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState

from ..forms.drafts import figure_of, with_computed
from ..forms.report import MAX_NEW_PROBLEMS, NewProblemForm, new_key, raw_of
from ..models import Report
from ..models.reports import ReportKind
from ..rules import Circumstances, expected_total, figure
from ..selectors.attachments import files_of
from ..selectors.basis import circumstances_of, lists_for
from ..selectors.filed import facts_of, sheet_of_draft
from ..selectors.owner_aside import past_months, record_of, steps_of, told_by_filing
from ..selectors.owner_form import FormState, NewBlock, answering_of, state_of
from ..selectors.returns import checks_of, judged
from ..services import filing
from ..workflow import EDITABLE, ReportStatus
from . import comparing, filed, urgent
from .owning import as_own, is_owner, own_report, version_in, visible_report, with_status


@require_http_methods(["GET", "POST"])
def report(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The form while it is the owner's to fill in; the filed report otherwise."""
    found = visible_report(request, public_id)
    editable = found.status in EDITABLE and is_owner(found, request.actor)
    if request.method == "POST":
        found = as_own(request, found)
        return urgent.refile(request, found) if found.kind != ReportKind.MONTHLY else _posted(request, found)
    if not editable:
        return filed.page(request, found)
    if found.kind != ReportKind.MONTHLY:
        return urgent.edit_page(request, found)
    user = request.actor.user
    raw = filing.first_draft(found, user.name, user.phone)
    return _page(request, found, state_of(found, raw, request.now, strict=False))


def _page(request: OfficeRequest, found: Report, state: FormState, status: int = 200) -> HttpResponse:
    return render(request, "reports/owner/form.html", _context(request, found, state), status=status)


def _context(request: OfficeRequest, found: Report, state: FormState) -> dict[str, Any]:
    at = request.now
    last = judged(found) if found.return_fields else None
    return {
        "report": found,
        "state": state,
        "form": state.form.report,
        "facts": facts_of(found),
        "answering": answering_of(found),
        "told": told_by_filing(found, at),
        "record": record_of(found, with_draft=True),
        "steps": steps_of(found),
        "past": past_months(found),
        "return_checks": checks_of(found, state.raw, last, state.wrong) if last else [],
        "is_late": found.due_at is not None and at >= found.due_at and found.first_submitted_at is None,
        "files": files_of(request.actor, found),
        "here": reverse("reports:report", args=[found.public_id]),
        "saved_by_other": found.draft_saved_by if found.draft_saved_by_id != request.actor.user.pk else None,
        "room_for_more": len(state.raw.get("new", [])) < MAX_NEW_PROBLEMS,
    }


# ---- the buttons -----------------------------------------------------------------------------------------------


def _changed_by(button: str, raw: dict[str, Any], found: Report) -> tuple[dict[str, Any], str]:
    """What a small button makes of the typed values; and where the page is to be opened."""
    verb, _colon, what = button.partition(":")
    keys = list(raw.get("new", []))
    if verb == "add" and len(keys) < MAX_NEW_PROBLEMS:
        key = new_key()
        return raw | {"new": [*keys, key]}, f"n-{key}"
    if verb == "remove" and what in keys:
        return raw | {"new": [k for k in keys if k != what]}, "problems"
    if verb == "restore" and len(keys) < MAX_NEW_PROBLEMS and f"n-{what}-description" in raw:
        return raw | {"new": [*keys, what]}, f"n-{what}"
    if verb == "take" and what == "total_cumulative":
        month = figure_of(raw.get("month_investment"))
        right = expected_total(month, circumstances_of([found])[found.pk]) if month is not None else None
        if right is not None:
            return raw | {"total_cumulative": figure(right)}, "id_total_cumulative"
    return raw, ""


def _posted(request: OfficeRequest, found: Report) -> HttpResponse:
    button = request.POST.get("do", "save")
    user = request.actor.user
    if button == "submit-draft":  # from the preview: what is stored is filed
        raw = filing.first_draft(found, user.name, user.phone)
        return _file(request, found, raw)
    raw, anchor = _changed_by(button, raw_of(request.POST), found)
    circumstances = circumstances_of([found])[found.pk]
    typed = with_computed(raw, circumstances)
    try:
        filing.save_draft(found, typed, by=request.actor, at=request.now, version=version_in(request))
    except StaleVersion:
        if comparing.same_as_stored(found, typed):
            found.refresh_from_db()  # my own save arrived twice; nobody else changed anything
        else:
            return comparing.page(request, found, typed)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except WrongState as refused:
        return comparing.locked(request, found, typed, refused)
    except RuleBroken as refused:
        messages.error(request, str(refused))
        return _page(request, found, state_of(found, typed, request.now, strict=True), status=422)
    if button == "submit":
        return _file(request, found, typed, circumstances)
    if button == "compare":
        anchor = ""
    if button == "preview":
        return redirect("reports:preview", public_id=found.public_id)
    if button in ("save", "compare"):
        messages.success(request, _("The draft is saved. It has not been filed yet."))
    url = reverse("reports:report", args=[found.public_id])
    return redirect(f"{url}#{anchor}" if anchor else url)


def _file(
    request: OfficeRequest, found: Report, raw: dict[str, Any], circumstances: Circumstances | None = None
) -> HttpResponse:
    """File it; errors come back with the form as typed and 422."""
    try:
        filing.submit(found, raw, by=request.actor, at=request.now, version=found.version,
                      circumstances=circumstances)  # fmt: skip
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except RuleBroken:
        found.refresh_from_db()
        return _page(request, found, state_of(found, raw, request.now, strict=True), status=422)
    except WrongState as refused:
        return comparing.locked(request, found, raw, refused)
    return redirect("reports:report", public_id=found.public_id)


# ---- with script -----------------------------------------------------------------------------------------------


@require_POST
def autosave(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Keep what was typed and answer the parts that change; a failure is said in the save bar at once."""
    found = own_report(request, public_id)
    button = request.POST.get("do", "")
    raw, _anchor = _changed_by(button, raw_of(request.POST), found)
    typed = with_computed(raw, circumstances_of([found])[found.pk])
    try:
        filing.save_draft(found, typed, by=request.actor, at=request.now, version=version_in(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except StaleVersion as refused:
        found.refresh_from_db()
        if not comparing.same_as_stored(found, typed):
            return _not_saved(request, found, refused)
    except Refusal as refused:
        return _not_saved(request, found, refused)
    state = state_of(found, typed, request.now, strict=False)
    context = _live_context(request, found, state) | _after(button, state)
    return render(request, "reports/owner/inc/live.html", context)


def _live_context(request: OfficeRequest, found: Report, state: FormState) -> dict[str, Any]:
    last = judged(found) if found.return_fields else None
    return {
        "report": found,
        "state": state,
        "form": state.form.report,
        "oob": True,
        "remark_fields": REMARK_FIELDS,
        "return_checks": checks_of(found, state.raw, last, state.wrong) if last else [],
        # The question's own field is left alone while it stands: somebody may be typing in it.
        "swap_question": bool(state.question) != bool(request.POST.get("question_shown")),
    }


#: Fields with a cell of their own for remarks and errors.
REMARK_FIELDS = ("month_investment", "year_cumulative", "total_cumulative", "progress", "next_plan",
                 "in_statistics", "statistics_cumulative", "statistics_note")  # fmt: skip


def _after(button: str, state: FormState) -> dict[str, Any]:
    """What a small button changed beyond the usual parts."""
    verb, _colon, key = button.partition(":")
    removed = next((block for block in state.removed_blocks if block.key == key), None)
    return {
        "taken": verb == "take",
        "removed": removed if verb == "remove" else None,
        "removed_key": key if verb == "remove" and key not in state.raw.get("new", []) else "",
    }


def _not_saved(request: OfficeRequest, found: Report, refused: Refusal) -> HttpResponse:
    found = Report.objects.select_related("draft_saved_by", "submitted_by").get(pk=found.pk)
    context = {"report": found, "refused": refused, "is_stale": isinstance(refused, StaleVersion)}
    response = render(request, "reports/owner/inc/not_saved.html", context)
    return with_status(response, refused.status_code, HX_Retarget="#save-state", HX_Reswap="outerHTML")


@require_GET
def new_problem(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """An empty problem block for the open form; it is saved with the first thing typed in it."""
    found = own_report(request, public_id)
    number = min(sum(k in ("new", "carried") for k in request.GET for _v in request.GET.getlist(k)), 99) + 1
    key = new_key()
    block = NewBlock(
        number, key, NewProblemForm(prefix=f"n-{key}", month=found.month, lists=lists_for(found))
    )
    return render(
        request, "reports/owner/inc/problem_new.html", {"block": block, "report": found, "fresh": True}
    )


@require_GET
def preview(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The stored draft as it would be filed."""
    found = own_report(request, public_id)
    if found.status not in EDITABLE or found.kind != ReportKind.MONTHLY:
        return redirect("reports:report", public_id=found.public_id)
    user = request.actor.user
    state = state_of(found, filing.first_draft(found, user.name, user.phone), request.now, strict=True)
    context = {
        "report": found,
        "state": state,
        "sheet": sheet_of_draft(state),
        "told": told_by_filing(found, request.now),
        "files": files_of(request.actor, found),
        "is_new": found.status == ReportStatus.TODO,
    }
    return render(request, "reports/owner/preview.html", context)


@require_POST
def merge(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The choice made on the comparison, saved as the new draft."""
    return comparing.chosen(request, own_report(request, public_id))
