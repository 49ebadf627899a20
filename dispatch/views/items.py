"""已下发事项: the items of a unit, one of them as page or reading pane, and every act on it (M8.3, M11.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.documents.attachments import attachments_of
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.shell import errors
from ningde_projects.workflow.acting import ReasonForm, VersionForm, dialog_act, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from .. import ladder_slot
from ..forms.items import AmendForm, ItemForm, SayForm
from ..models import Item, Listing, Tier, TierList
from ..policies.items import drafting_right
from ..selectors import item_pages
from ..selectors import items as read
from ..selectors.tier_lists import list_of, rows_of_list
from ..services import items as services
from ..services import tier_lists as lists
from ..workflow.items import ITEM, ITEM_OWED, LIST_EDITABLE, ItemStatus
from .item_access import at_work

ROWS = 50
UNIT_VERBS = ("sign_for", "progress", "finish")
#: Address of an act -> label of what is said with it, "" for an act that asks for nothing.
VERBS: dict[str, Any] = {
    "sign_for": "", "progress": gettext_lazy("How far it is"), "finish": gettext_lazy("How it was done"),
    "verify": gettext_lazy("What was found when verifying"), "send_back": gettext_lazy("What is still missing"),
    "check": gettext_lazy("What was found"), "chase": gettext_lazy("Words to the unit"), "amend": "",
    "reopen": gettext_lazy("Reason"), "remove": gettext_lazy("Reason"), "restore": "",
}  # fmt: skip
_SAID: dict[str, Any] = {
    "sign_for": gettext_lazy("The commission sees that your unit has received it; from now on you report progress."),
    "progress": gettext_lazy("It is shown to the commission as the latest follow-up."),
    "finish": gettext_lazy("The commission verifies it. Add the evidence as a file first if you have one."),
    "verify": gettext_lazy("It leaves the list; the unit is told."),
    "send_back": gettext_lazy("It lies with the unit again; the day stays."),
    "check": gettext_lazy("It is noted; the next follow-up is counted from today."),
    "chase": gettext_lazy("The unit and the leader are told; it is noted as a follow-up."),
    "reopen": gettext_lazy("It has to be rectified again and comes on the next list."),
    "remove": gettext_lazy(
        "It stays visible to the commission as taken off, and can be put back until the list is sent."
    ),
    "restore": gettext_lazy("It stands on the list again."),
}  # fmt: skip
_ICONS = {
    "sign_for": "check", "progress": "progress", "finish": "check", "verify": "checks", "send_back": "arrow-back-up",
    "check": "refresh", "chase": "bell-ringing", "amend": "pencil", "reopen": "refresh", "remove": "circle-x",
    "restore": "plus",
}  # fmt: skip


@require_safe
def listing(request: OfficeRequest) -> HttpResponse:
    """Items that this person sees; the filters are in the address."""
    at_work(request)
    actor, now = request.actor, request.now
    filters = read.ItemFilters.read(request.GET.dict())
    page = Paginator(read.listed(actor, filters, now), ROWS).get_page(request.GET.get("page"))
    counts, tiers = read.state_counts(actor, filters, now), read.tier_counts(actor, filters, now)
    return render(request, "dispatch/items/list.html", {
        "page": page, "rows": read.rows_of(page.object_list, now), "filters": filters,
        "states": [(s, read.state_word(s), counts[s]) for s in read.STATES
                   if counts[s] or s in ("unsettled", "all", filters.state)],
        "tiers": [(t.value, t.label, tiers.get(t.value, 0)) for t in Tier], "all_tiers": sum(tiers.values()),
    })  # fmt: skip


def in_pane(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "pane"


@require_safe
def item(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One item: in the pane of the list, or as a page of its own."""
    at_work(request)
    found = read.item_of(request.actor, public_id)
    name = "dispatch/items/pane.html" if in_pane(request) else "dispatch/items/item.html"
    response = render(request, name, context_of(request, found))
    response["Vary"] = "HX-Target"
    return response


def context_of(request: OfficeRequest, found: Item, form: ItemForm | None = None) -> dict[str, Any]:
    actor = request.actor
    draft = _draft(request, found)
    follow_ups = read.follow_ups_of(found)
    listing = Listing.objects.filter(item=found).select_related("standing").order_by("-list__month").first()
    return {
        "item": found, "in_pane": in_pane(request), "draft": draft, "is_overdue": found.is_overdue(request.now),
        "form": (form or ItemForm(item=found)) if draft else None, "standing": listing.standing if listing else None,
        "acts": acts_open(request, found), "follow_ups": item_pages.follow_up_lines(follow_ups),
        "timeline": item_pages.acts_of(found, actor), "owed": found.status in ITEM_OWED,
        "files": attachments_of(actor, item_pages.ITEM_FILES, found.public_id),
        "problems": found.problems.visible_to(actor), "co_units": list(found.co_units.all()),
        "list_month": found.first_month if list_of(actor, found.first_month) else None,
        "drafts": is_commission(actor), **ladder_slot.pane(found, actor, request.now),
    }  # fmt: skip


def _draft(request: OfficeRequest, found: Item) -> TierList | None:
    """The list in which this person may still write the item."""
    if found.status != ItemStatus.PROPOSED or not is_commission(request.actor):
        return None
    tier_list = lists.draft_of(found)
    return tier_list if tier_list.status in LIST_EDITABLE else None


def _name(found: Item, verb: str, request: OfficeRequest) -> str:
    return services.unit_act(found, verb, request.actor) if verb in UNIT_VERBS else verb


def acts_open(request: OfficeRequest, found: Item) -> list[tuple[str, str, str]]:
    """(address, words, icon) of what this person may do now, the main one last."""
    order = ("remove", "reopen", "amend", "chase", "check", "send_back", "progress", "restore", "finish", "sign_for",
             "verify")  # fmt: skip
    return [
        (verb, _label(verb), _ICONS[verb]) for verb in order
        if refusal(found, _name(found, verb, request), request.actor) is None and not _is_sent(request, found, verb)
    ]  # fmt: skip


def _is_sent(request: OfficeRequest, found: Item, verb: str) -> bool:
    """Nothing is taken off a list that is before somebody."""
    return verb in ("remove", "restore") and lists.draft_of(found).status not in LIST_EDITABLE


def _label(verb: str) -> str:
    return str(ITEM.by_name[f"{verb}_handle" if verb in UNIT_VERBS else verb].label)


# ---- writing it ------------------------------------------------------------------------------------------------


@require_http_methods(["POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Save what the commission has typed: by itself while it types, or with the button where there is no script."""
    at_work(request)
    found = read.item_of(request.actor, public_id)
    here = reverse("dispatch:item", args=[public_id])
    right = drafting_right(request.actor)
    if isinstance(right, NotAllowed):
        return refused_page(request, right, back=here)
    form = ItemForm(request.POST, item=found)
    if not form.is_valid():
        return _invalid(request, found, form)
    values = {k: v for k, v in form.cleaned_data.items() if k not in ("version", "co_units")}
    try:
        lists.edit_item(found, values, by=request.actor, at=request.now, version=form.cleaned_data["version"],
                        co_units=form.cleaned_data["co_units"])  # fmt: skip
    except StaleVersion:
        return _stale(request, found, form, here)
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    if request.headers.get("HX-Request") == "true":
        return render(request, "dispatch/items/saved.html", _saved(request, found))
    return HttpResponseRedirect(here)


def _saved(request: OfficeRequest, found: Item) -> dict[str, Any]:
    """The new version, and beside the list the row as it reads now."""
    context: dict[str, Any] = {"item": found, "saved_at": request.now, "month": found.first_month}
    if _list_behind(request):
        rows = rows_of_list(lists.draft_of(found), request.now, request.actor)
        context["row"] = next((row for row in rows if row.item.pk == found.pk), None)
    return context


def _list_behind(request: HttpRequest) -> str:
    """The address of the list from whose pane this was asked, filters and all; "" when it was not."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    here = reverse("dispatch:list")
    return f"{here}?{parts.query}" if parts.path == here else ""


def _invalid(request: OfficeRequest, found: Item, form: ItemForm) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return render(request, "dispatch/items/not_saved.html", {"form": form}, status=422)
    return render(request, "dispatch/items/item.html", context_of(request, found, form), status=422)


def _stale(request: OfficeRequest, found: Item, form: ItemForm, url: str) -> HttpResponse:
    """Both texts side by side; what was typed can be copied."""
    found.refresh_from_db()
    theirs, mine = ItemForm.initial_of(found), form.cleaned_data
    changed = [
        errors.Changed(str(form.fields[name].label), str(theirs[name] or ""), str(mine[name] or ""))
        for name in ("tier", "tier_reason", "problem_text", "requirement", "leader_text", "due_on")
        if theirs[name] != mine[name]
    ]
    return errors.stale(request, changed=changed, url=url)


# ---- acts ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, public_id: UUID, verb: str) -> HttpResponse:
    """One act, asked for in a dialog with its consequence."""
    if verb not in VERBS:
        raise Http404
    at_work(request)
    found = read.item_of(request.actor, public_id)
    back = _list_behind(request) or reverse("dispatch:item", args=[public_id])
    if locked := refusal(found, _name(found, verb, request), request.actor):
        return refused_page(request, locked, back=back)
    return dialog_act(
        request, lambda data: _make(request, found, verb, data), form=_form(request, found, verb), done=back,
        success=_done(verb), title=_label(verb), object=f"{found.number} {found.project.name}", button=_label(verb),
        button_icon=_ICONS[verb], danger=verb in ("send_back", "remove"),
        consequence=_SAID.get(verb) or _("The unit and the leader are told; another unit signs for it anew."),
    )  # fmt: skip


def _form(request: OfficeRequest, found: Item, verb: str) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if verb == "amend":
        return AmendForm(data, item=found)
    if not VERBS[verb]:
        return VersionForm(data, initial={"version": found.version})
    if verb in ("remove", "reopen"):
        return ReasonForm(data, initial={"version": found.version})
    return SayForm(data, label=VERBS[verb], required=verb != "chase", initial={"version": found.version})


def _make(request: OfficeRequest, found: Item, verb: str, data: Any) -> None:
    more: dict[str, Any] = {"by": request.actor, "at": request.now, "version": data.get("version")}
    reason = data.get("reason") or ""
    if verb == "amend":
        services.amend(found, data, reason=reason, **more)
    elif verb == "remove":
        lists.take_off(found, reason=reason, **more)
    elif verb == "restore":
        lists.put_back(found, **more)
    else:
        perform(found, _name(found, verb, request), reason=reason, **more)


def _done(verb: str) -> Any:
    return {
        "sign_for": _("Signed for."), "progress": _("The progress is noted."), "finish": _("Reported; the commission "
        "verifies it."), "verify": pgettext_lazy("item", "Struck off."), "send_back": _("Sent back to the unit."),
        "check": _("The follow-up is noted."), "chase": _("Chased."), "amend": _("Changed; the unit has been told."),
        "reopen": _("Taken up again."), "remove": _("Taken off the list."), "restore": _("Put back on the list."),
    }[verb]  # fmt: skip
