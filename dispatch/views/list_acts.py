"""Acts on the list: begun, drawn, sent, approved, issued; items added and put in order, the overdue chased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.workflow.acting import ReasonForm, VersionForm, button_act, dialog_act, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed

from ..forms.items import AddForm, SayForm
from ..models import Item, TierList
from ..policies.items import drafting_right
from ..selectors import tier_lists as read
from ..services import items as item_services
from ..services import tier_lists as services
from ..workflow.items import TIER_LIST
from .item_access import at_work, list_asked, month_in
from .tier_lists import ACTS

_SAID: dict[str, Any] = {
    "draw": gettext_lazy("What has come since is added: items carried on, projects that lag, problems asked in vain. "
                         "What you have written, taken off or put in order stays."),
    "send": gettext_lazy("The commission's leader is asked to review it; until he answers nothing on it changes."),
    "withdraw": gettext_lazy("It becomes a draft again; whoever has it before him sees that it was withdrawn."),
    "pass": gettext_lazy("It goes to the municipal government for approval."),
    "return": gettext_lazy("The dispatchers correct it and send it again."),
    "approve": gettext_lazy("What is approved is sealed and kept as it is; the commission can then issue it."),
    "issue": gettext_lazy(
        "Every new item goes to its unit to be signed for; each unit is told once about all its items."
    ),
}  # fmt: skip
_DONE: dict[str, Any] = {
    "draw": gettext_lazy("Drawn in again."), "send": gettext_lazy("Sent to the commission's leader."),
    "withdraw": gettext_lazy("Withdrawn."), "pass": gettext_lazy("Submitted to the municipal government."),
    "return": gettext_lazy("Returned for correction."), "approve": gettext_lazy("Approved and sealed."),
    "issue": gettext_lazy("Issued; the units have been told."),
}  # fmt: skip


def url_of(month: Month) -> str:
    return f"{reverse('dispatch:list')}?month={month}"


@require_POST
@once
def begin(request: OfficeRequest, text: str) -> HttpResponse:
    """Draw up the list of a month."""
    at_work(request)
    month = month_in(request, text)
    right = drafting_right(request.actor)
    if isinstance(right, NotAllowed):
        return refused_page(request, right, back=reverse("dispatch:list"))
    return button_act(
        request, lambda: services.begin_list(month, by=request.actor, at=request.now), done=url_of(month),
        success=_("The list has been drawn up; go through it item by item."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, text: str, verb: str) -> HttpResponse:
    """One act on the list, asked for in a dialog with its consequence."""
    names = [name for address, name, _icon in ACTS if address == verb]
    if not names:
        raise Http404
    found = list_asked(request, text)
    here = url_of(found.month)
    refused = {name: refusal(found, name, request.actor) for name in names}
    name = next((n for n in names if refused[n] is None), _fitting(found, names))
    if locked := refused[name]:
        return refused_page(request, locked, back=here)
    row = TIER_LIST.by_name[name]
    data = request.POST if request.method == "POST" else None
    form = (ReasonForm if row.reason_required else VersionForm)(data, initial={"version": found.version})
    return dialog_act(
        request,
        lambda cleaned: perform(found, name, by=request.actor, at=request.now, reason=cleaned.get("reason") or "",
                                version=cleaned.get("version")),
        form=form, done=here, success=_DONE[verb], title=row.label, object=_object(found), button=row.label,
        danger=verb == "return", consequence=_SAID[verb],
    )  # fmt: skip


def _fitting(found: TierList, names: list[str]) -> str:
    """For a refusal: the row that fits the state, so that the words do."""
    return next((n for n in names if found.status in TIER_LIST.by_name[n].source), names[0])


def _object(found: TierList) -> str:
    number = found.listings.exclude(item__status="removed").count()
    return _("{month}, {n} items").format(month=found.month, n=number)


@require_http_methods(["GET", "POST"])
@once
def add(request: OfficeRequest, text: str) -> HttpResponse:
    """Put a key project on the list by hand."""
    found = list_asked(request, text)
    here = url_of(found.month)
    locked = refusal(found, "draw", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=here)
    tier = request.GET.get("tier", "")
    form = AddForm(request.POST if request.method == "POST" else None, initial={"tier": tier})
    made: list[Item] = []

    def make(cleaned: Any) -> None:
        made.append(services.add_item(found, cleaned["project"], by=request.actor, at=request.now,
                                      tier=cleaned.get("tier") or ""))  # fmt: skip

    return dialog_act(
        request, make, form=form, done=lambda: f"{here}#item-{made[0].public_id}", cancel_url=here,
        success=_("The project is on the list."), title=_("Put a project on the list"), object=str(found.month),
        button=_("Put on the list"), button_icon="plus",
        consequence=_(
            "Its open problems, unit, leader and day are proposed as for the others; you can change all of it."
        ),
    )  # fmt: skip


@require_POST
@once
def move(request: OfficeRequest, text: str, public_id: Any, way: str) -> HttpResponse:
    """One place up or down within its level."""
    if way not in ("up", "down"):
        raise Http404
    found = list_asked(request, text)
    item = Item.objects.visible_to(request.actor).filter(public_id=public_id, listings__list=found).first()
    if item is None:
        raise Http404
    services.move(found, item, up=way == "up", by=request.actor, at=request.now)
    return HttpResponseRedirect(f"{url_of(found.month)}#item-{item.public_id}")


@require_http_methods(["GET", "POST"])
@once
def chase(request: OfficeRequest, text: str) -> HttpResponse:
    """催办 everything on this list that is overdue."""
    found = list_asked(request, text)
    right = drafting_right(request.actor)
    if isinstance(right, NotAllowed):
        return refused_page(request, right, back=url_of(found.month))
    overdue = [r.item for r in read.rows_of_list(found, request.now, request.actor) if r.is_overdue]
    form: forms.Form = SayForm(
        request.POST if request.method == "POST" else None, label=_("Words to the units"), required=False
    )
    return dialog_act(
        request,
        lambda cleaned: item_services.chase_overdue(overdue, by=request.actor, at=request.now,
                                                    text=cleaned.get("reason") or ""),
        form=form, done=url_of(found.month), success=_("{n} items chased.").format(n=len(overdue)),
        title=_("Chase all that are overdue"), object=_("{n} items").format(n=len(overdue)), button=_("Chase"),
        button_icon="bell-ringing",
        consequence=_("Each responsible unit and leader is told; it is noted on every item as a follow-up."),
    )  # fmt: skip
