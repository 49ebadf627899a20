"""Lines of a hookup list: persons chosen in the table, the list brought up to date, changes in the year."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post
from ningde_projects.workflow.acting import button_act, dialog_act, posted_version, refused_page
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..forms.lists import ChangeForm, LineForm
from ..models import HookupLine, HookupList
from ..policies.lists import filing_right
from ..selectors.checks import where, where_slot
from ..selectors.pages import cell_of
from ..selectors.people import candidates_of
from ..selectors.slots import Slot, answering, slots_of
from ..services import changing, lists
from .access import list_asked
from .lists import context_of


def _url(found: HookupList) -> str:
    return reverse("hookups:list", args=[found.public_id])


def _line(found: HookupList, public_id: UUID) -> HookupLine:
    rows = found.lines.select_related(
        "list__office__place", "project__place", "project__owner", "place", "user__organisation"
    )
    line: HookupLine = get_object_or_404(rows, public_id=public_id)
    return line


def _need(request: OfficeRequest, found: HookupList) -> None:
    right = filing_right(request.actor, found.office)
    if not isinstance(right, Held):
        raise right


@require_POST
@once
def choose(request: OfficeRequest, public_id: UUID, line_id: UUID) -> HttpResponse:
    """Name a person in one line; with script the cell and the checks come back, without it the page."""
    found = list_asked(request, public_id)
    _need(request, found)
    line = _line(found, line_id)
    people = candidates_of(found.office, request.now).get(line.post, [])
    form = LineForm(request.POST, people=people)
    if not form.is_valid():
        raise RuleBroken(_("Choose a person from the list."), field="user")
    lists.choose(
        line, form.cleaned_data["user"], by=request.actor, at=request.now, version=posted_version(request)
    )
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"{_url(found)}#cell-{line.public_id}")
    found = list_asked(request, public_id)
    line = _line(found, line_id)
    context = context_of(request, found)
    book = context["book"]
    now = {key: r.user.name for key, r in answering([line.project_id]).items()}
    cell = cell_of(line, book, now, as_filed=False, editable=True)
    return render(request, "hookups/lists/line_saved.html", context | {"cell": cell})


@require_POST
@once
def draw(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = list_asked(request, public_id)
    _need(request, found)
    return button_act(
        request, lambda: lists.draw(found, by=request.actor, at=request.now), done=_url(found),
        success=_("The list is up to date."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def change(request: OfficeRequest, public_id: UUID, line_id: UUID) -> HttpResponse:
    """Another person for a post of a list on file (M3.4)."""
    annual = list_asked(request, public_id)
    _need(request, annual)
    line = _line(annual, line_id)
    return _change_dialog(request, annual, changing.slot_of(annual, line), where(line))


@require_http_methods(["GET", "POST"])
@once
def name(request: OfficeRequest, public_id: UUID, project_id: UUID, post: str) -> HttpResponse:
    """The person for a post of a project that came after the list was filed; it goes on file as a change (M3.4)."""
    annual = list_asked(request, public_id)
    _need(request, annual)
    code = request.GET.get("place", "")
    slots = slots_of([annual.office]).get(annual.office_id, [])
    slot = next((s for s in slots if s.project.public_id == project_id and s.post == post
                 and (s.place.code if s.place else "") == code), None)  # fmt: skip
    if slot is None:
        raise Http404
    return _change_dialog(request, annual, slot, where_slot(slot))


def _change_dialog(request: OfficeRequest, annual: HookupList, slot: Slot | None, words: str) -> HttpResponse:
    if slot is None or annual.is_change or annual.status != "received":
        refused = _("This post is no longer in the list, or the list is not on file.")
        return refused_page(request, WrongState(refused), back=_url(annual))
    open_now = changing.open_change(annual)
    day = open_now.effective_on if open_now and open_now.effective_on else local_date(request.now)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        people=candidates_of(annual.office, request.now).get(str(slot.post), []),
        initial={"effective_on": day, "reason": open_now.reason if open_now else ""},
    )
    made: list[HookupLine] = []

    def act(data: dict[str, object]) -> None:
        made.append(
            changing.change_post(annual, slot, by=request.actor, at=request.now, **data)  # type: ignore[arg-type]
        )

    return dialog_act(
        request, lambda data: act(dict(data)), form=form, cancel_url=_url(annual),
        done=lambda: _url(made[0].list), success=_("Entered; send the change for filing."),
        title=_("Change the person"), object=words, button=_("Enter the change"), button_icon="switch-horizontal",
        consequence=_("The change takes effect when the commission has put it on file; until then the person before "
                      "answers. One change has one day and one reason."),
    )  # fmt: skip


@require_POST
@once
def drop(request: OfficeRequest, public_id: UUID, line_id: UUID) -> HttpResponse:
    """Take a line out of a change that is being drawn up."""
    found = list_asked(request, public_id)
    _need(request, found)
    line = _line(found, line_id)
    annual = HookupList.objects.get(office=found.office_id, year=found.year, number=0)
    left = changing.drop_line(line, by=request.actor, at=request.now)
    messages.success(request, _("Taken out of the change: {post}.").format(post=Post(line.post).label))
    return HttpResponseRedirect(_url(left or annual))
