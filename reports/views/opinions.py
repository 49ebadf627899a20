"""A municipal department's desk: queue, opinion, signature, sending together (M6.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.shell.flow import Step, StepState
from ningde_projects.workflow.acting import button_act, dialog_act, posted_version
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.opinion import (
    RESULT_HINTS,
    OpinionForm,
    ReasonForm,
    ReassignForm,
    municipal_departments,
)
from ..models import Opinion
from ..selectors import opinions as read
from ..selectors.months import known_months, month_asked, month_bar
from ..services import opinions as write


def _mine(request: OfficeRequest, public_id: UUID) -> Opinion:
    rows = Opinion.objects.visible_to(request.actor).filter(department__in=read.departments_of(request.actor))
    found: Opinion = get_object_or_404(
        rows.select_related("problem__project__owner", "problem__place", "problem__category", "department",
                            "passed_from", "signed_by", "submitted_by"), public_id=public_id)  # fmt: skip
    return found


@require_GET
def desk(request: OfficeRequest) -> HttpResponse:
    """The queue with the first item opened, as screen 04."""
    if not read.departments_of(request.actor):
        raise Http404
    month, tab = month_asked(request), _tab(request)
    queue = _queue(request, month, tab)
    first = queue.rows[0].opinion if queue.rows else None
    return _page(request, month, tab, queue, first)


def _queue(request: OfficeRequest, month: Month, tab: str, item: Opinion | None = None) -> read.Queue:
    """In the order and on the page that the address says."""
    return read.queue(request.actor, month, tab, request.now, by_age=request.GET.get("sort") != "received",
                      page=request.GET.get("page"), item=item)  # fmt: skip


def _tab(request: OfficeRequest) -> str:
    tab = request.GET.get("tab", "")
    default = "todo" if request.actor.has(Duty.HANDLE) else "signing"
    return tab if tab in read.TABS else default


@require_http_methods(["GET", "POST"])
@once
def opinion(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One item: read, write, save as a draft or send to the leader."""
    item = _mine(request, public_id)
    tab = next(t for t, statuses in read.TABS.items() if item.status in statuses)
    queue = _queue(request, item.month, tab, item)
    if request.method != "POST":
        return _page(request, item.month, tab, queue, item)
    form = OpinionForm(request.POST, departments=municipal_departments())
    if not form.is_valid():
        return _page(request, item.month, tab, queue, item, form=form, status=422)
    sending = "send_to_sign" in request.POST
    try:
        act = write.send_to_sign if sending else write.save_opinion
        act(item, form.cleaned_data, by=request.actor, at=request.now, version=posted_version(request))
    except Refusal as refused:
        for name, texts in refused.errors.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        if not refused.errors:
            form.add_error(None, str(refused))
        return _page(request, item.month, tab, queue, item, form=form, status=refused.status_code)
    messages.success(request, _("Sent to the leader for signature.") if sending else _("Draft saved."))
    following = queue.beside(item, 1) or queue.beside(item, -1) if sending else item.public_id
    done = reverse("reports:opinion", args=[following]) if following else reverse("reports:opinions")
    return redirect(f"{done}{_sorted(request)}")


def _sorted(request: OfficeRequest) -> str:
    """The order chosen, handed along to the next item."""
    return "?sort=received" if request.GET.get("sort") == "received" else ""


def _page(
    request: OfficeRequest, month: Month, tab: str, queue: read.Queue, item: Opinion | None,
    *, form: OpinionForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = request.actor
    counts = read.tab_counts(actor, month)
    done = counts["done"]
    context: dict[str, Any] = {
        "month": month, "months": known_months(), "tab": tab, "queue": queue, "counts": counts, "item": item,
        "sorted": _sorted(request),
        "bar": month_bar(month, request.now, "D5", opinions={"done": done, "total": sum(counts.values())}),
        "can_send": actor.has(Duty.HANDLE) and counts["signed"], "offices": _office_names(actor),
    }  # fmt: skip
    if item is not None:
        position = queue.position(item)
        context |= _item_context(request, item, form) | {
            "position": None if position is None else position + 1,
            "previous": queue.beside(item, -1),
            "next": queue.beside(item, 1),
            "row": next((r for r in queue.rows if r.opinion.pk == item.pk), None),
        }
    return render(request, "reports/opinions/desk.html", context, status=status)


def _office_names(actor: Any) -> str:
    return "、".join(dict.fromkeys(h.organisation.short_name for h in actor.held_of(Duty.HANDLE, Duty.SIGN)))


def _item_context(request: OfficeRequest, item: Opinion, form: OpinionForm | None) -> dict[str, Any]:
    actor = request.actor
    editable = refusal(item, "send_to_sign", actor) is None
    initial = OpinionForm.initial_of(item, actor.user.name, actor.user.section)
    form = form or OpinionForm(initial=initial, departments=municipal_departments())
    return {
        "form": form, "editable": editable, "locked": refusal(item, "send_to_sign", actor),
        "sign_refusal": refusal(item, "sign", actor), "hints": RESULT_HINTS,
        "can_sign": refusal(item, "sign", actor) is None,
        "can_take_back": refusal(item, "withdraw", actor) is None,
        "can_reassign": refusal(item, "reassign", actor) is None,
        "earlier": read.earlier_opinions(item),
        "statements": item.problem.statements.select_related("report").order_by("-month"),
        "summary_item": item.problem.summary_items.filter(summary__month=item.month).first(),
        "steps": _steps(item),
    }  # fmt: skip


def _steps(item: Opinion) -> list[Any]:
    order = ["waiting", "drafting", "reviewing", "signed", "sent"]
    at = order.index(item.status) if item.status in order else 0

    def state(first: int, last: int) -> StepState:
        return "done" if at > last else "now" if at >= first else "later"

    signer = item.signed_by.name if item.signed_by else ""
    return [
        Step(_("Section drafts"), item.person or (item.submitted_by.name if item.submitted_by else ""),
             "back" if item.return_reason and item.status == "drafting" else state(0, 1)),
        Step(_("Leader signs"), signer, state(2, 2)),
        Step(_("Sent together to the commission"), "", state(3, 3)),
        Step(_("County and owner are told"), _("by itself"), "done" if item.status == "sent" else "later"),
    ]  # fmt: skip


# ---- acts on one item ------------------------------------------------------------------------------------


@require_POST
@once
def sign(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    return button_act(
        request,
        lambda: perform(item, "sign", by=request.actor, at=request.now, version=posted_version(request)),
        done=f"{reverse('reports:opinions')}?month={item.month}&tab=signing",
        back=reverse("reports:opinion", args=[public_id]),
        success=_("Signed. It can be sent together with the others."),
    )


@require_POST
@once
def take_back(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    return button_act(
        request,
        lambda: perform(item, "withdraw", by=request.actor, at=request.now),
        done=reverse("reports:opinion", args=[public_id]),
        success=_("Taken back; it can be changed again."),
    )


@require_http_methods(["GET", "POST"])
@once
def return_to_section(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    item = _mine(request, public_id)
    return dialog_act(
        request,
        lambda data: perform(
            item, "return_to_section", by=request.actor, at=request.now, reason=data["reason"]
        ),
        form=ReasonForm(
            request.POST if request.method == "POST" else None, label=_("What has to be changed")
        ),
        done=reverse("reports:opinions"),
        success=_("Returned to the section."),
        cancel_url=reverse("reports:opinion", args=[public_id]),
        title=_("Return to the section"),
        object=item.problem.project.name,
        consequence=_("The section is told and can change the opinion."),
        button=_("Return to the section"),
        button_icon="arrow-back-up",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@once
def reassign(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """转办: hand a problem to the department whose duty it is."""
    item = _mine(request, public_id)
    others = [d for d in municipal_departments() if d.pk != item.department_id]
    return dialog_act(
        request,
        lambda data: perform(
            item,
            "reassign",
            by=request.actor,
            at=request.now,
            reason=data["reason"],
            data={"department": data["department"]},
        ),  # fmt: skip
        form=ReassignForm(request.POST if request.method == "POST" else None, departments=others),
        done=reverse("reports:opinions"),
        success=_("Handed on; the commission and the county department have been told."),
        cancel_url=reverse("reports:opinion", args=[public_id]),
        title=_("Reassign the problem"),
        object=item.problem.project.name,
        consequence=_(
            "It leaves this department's list; the other department's opinion is due by the same day."
        ),
        button=_("Reassign"),
        button_icon="arrow-forward-up",
    )


@require_http_methods(["GET", "POST"])
@once
def send_together(request: OfficeRequest) -> HttpResponse:
    """汇总报市发改委: all signed opinions of the month at once."""
    month = month_asked(request)
    mine = read.departments_of(request.actor)
    offices = [h.organisation for h in request.actor.held_of(Duty.HANDLE) if h.organisation.pk in mine]
    if not offices:
        raise Http404
    back = f"{reverse('reports:opinions')}?month={month}"
    signed = read.tab_counts(request.actor, month)["signed"]

    def send(_data: Any) -> None:
        for office in offices:
            write.send_together(office, month, by=request.actor, at=request.now)

    return dialog_act(
        request,
        send,
        done=f"{back}&tab=done",
        success=_("%(n)s opinions were sent to the commission.") % {"n": signed},
        cancel_url=back,
        action=f"{reverse('reports:opinions_send')}?month={month}",
        title=_("Send the opinions to the commission"),
        object="、".join(o.name for o in offices),
        consequence=_(
            "%(n)s signed opinions go to the municipal commission; counties and owners see them at once."
        )
        % {"n": signed},
        button=_("Send to the commission"),
        button_icon="send",
    )
