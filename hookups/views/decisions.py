"""What meetings have decided: the list, one of them, and the acts on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.attachments import attachments_of
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.shell.forms import NamedErrors
from ningde_projects.workflow.acting import dialog_act, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act

from ..models import Decision, Session
from ..policies.meetings import reading_refusal
from ..selectors import decisions as read
from ..selectors.attachments import DECISION_FILES
from ..selectors.timeline import shown
from ..services.decisions import unit_act
from ..services.meetings import act_for
from ..workflow.meetings import DECISION
from .access import at_work

ROWS = 50
UNIT_VERBS = ("progress", "finish")
VERBS: dict[str, Any] = {
    "progress": gettext_lazy("It is shown to the office that keeps the record."),
    "finish": gettext_lazy(
        "The office that keeps the record is asked to verify it. Add the file first if you have one."
    ),
    "verify": gettext_lazy("It counts as carried out; the unit is told."),
    "send_back": gettext_lazy("It lies with the unit again; the due day stays."),
}
_LABELS = {
    "progress": gettext_lazy("How far it is"),
    "finish": gettext_lazy("How it was done"),
    "send_back": gettext_lazy("What is still missing"),
}
_DONE = {
    "progress": gettext_lazy("The progress is noted."),
    "finish": gettext_lazy("Reported as done."),
    "verify": pgettext_lazy("decision", "Verified."),
    "send_back": gettext_lazy("Sent back to the unit."),
}


class ActForm(NamedErrors, forms.Form):
    """What is said with an act, and the version that the page was shown with."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verb == "verify":
            del self.fields["reason"]
        else:
            self.fields["reason"].label = _LABELS[verb]
            self.fields["reason"].error_messages["required"] = _("Please fill in: {label}").format(
                label=_LABELS[verb]
            )


@require_safe
def listing(request: OfficeRequest) -> HttpResponse:
    """Decisions that this person sees; the filters are in the address."""
    at_work(request.actor)
    if reason := reading_refusal(request.actor):
        raise PermissionDenied(reason)
    today = local_date(request.now)
    filters = read.DecisionFilters.read(request.GET)
    page = Paginator(read.listed(request.actor, filters, today), ROWS).get_page(request.GET.get("page"))
    counts = read.state_counts(request.actor, filters, today)
    units = read.units(request.actor, filters, today)
    context = {
        "page": page, "filters": filters, "today": today,
        "states": [(s, read.state_word(s), counts[s]) for s in read.STATES if counts[s] or s in ("unsettled", "all")],
        "units": units if len(units) > 1 or filters.unit else [],
        "rows": [(d, d.is_overdue(request.now)) for d in page],
    }  # fmt: skip
    return render(request, "hookups/meetings/decisions.html", context)


def _name(decision: Decision, verb: str, request: OfficeRequest) -> str:
    return (
        unit_act(decision, verb, request.actor)
        if verb in UNIT_VERBS
        else act_for(decision, verb, request.actor)
    )


@require_safe
def decision(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = read.decision_of(request.actor, public_id)
    open_acts = [v for v in VERBS if refusal(item, _name(item, v, request), request.actor) is None]
    acts = Act.objects.filter(machine="decision", object_id=item.pk).order_by("-id")[:40]
    context = {
        "decision": item, "is_overdue": item.is_overdue(request.now), "timeline": shown(acts),
        "acts": [(v, _label(v)) for v in reversed(open_acts) if v != "send_back"],
        "may_send_back": "send_back" in open_acts,
        "sees_meeting": Session.objects.visible_to(request.actor).filter(pk=item.session_id).exists(),
        "files": attachments_of(request.actor, DECISION_FILES, item.public_id),
    }  # fmt: skip
    return render(request, "hookups/meetings/decision.html", context)


def _label(verb: str) -> str:
    suffix = "report" if verb in UNIT_VERBS else "bureau"
    return str(DECISION.by_name[f"{verb}_{suffix}"].label)


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, public_id: UUID, verb: str) -> HttpResponse:
    """One act, asked for in a dialog with its consequence."""
    if verb not in VERBS:
        raise Http404
    item = read.decision_of(request.actor, public_id)
    name = _name(item, verb, request)
    back = reverse("hookups:decision", args=[public_id])
    if locked := refusal(item, name, request.actor):
        return refused_page(request, locked, back=back)
    form = ActForm(
        request.POST if request.method == "POST" else None, verb=verb, initial={"version": item.version}
    )
    return dialog_act(
        request,
        lambda data: perform(
            item, name, by=request.actor, at=request.now, reason=data.get("reason") or "", version=data["version"]
        ),
        form=form, done=back, success=_DONE[verb], title=_label(verb), object=item.text[:80], button=_label(verb),
        button_icon="arrow-back-up" if verb == "send_back" else "check", danger=verb == "send_back",
        consequence=VERBS[verb],
    )  # fmt: skip
