"""The list of hard cases, one of them, and the form in which the commission writes it (M10.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hookups.selectors.timeline import shown
from ningde_projects.documents.attachments import attachments_of
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.shell.errors import Changed, stale
from ningde_projects.workflow.acting import refused_page, show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion, WrongState
from reports.models import Problem
from reports.selectors.problems import LedgerFilters, facets

from ..forms.hard_cases import CaseForm
from ..models import HardCase
from ..policies.hard_cases import preparing_right
from ..selectors import hard_cases as read
from ..selectors.hard_case_files import CASE_FILES
from ..services import hard_cases as services
from ..services.hard_cases import CaseContent, act_for
from ..workflow.hard_cases import EDITABLE, HARD_CASE, HardCaseStatus
from .hard_case_access import at_work
from .hard_case_acts import CASE_VERBS, TASK_VERBS, task_refusal

ROWS = 50
#: Cases are few words; a form that ticks more problems than these has been tampered with.
MOST = 200


@require_safe
def listing(request: OfficeRequest) -> HttpResponse:
    """Hard cases that this person sees; the filters are in the address."""
    at_work(request.actor)
    today = local_date(request.now)
    filters = read.CaseFilters.read(request.GET.dict())
    page = Paginator(read.listed(request.actor, filters, today), ROWS).get_page(request.GET.get("page"))
    counts = read.state_counts(request.actor, filters, today)
    context = {
        "page": page, "filters": filters, "all": sum(counts.values()),
        "states": [(s.value, s.label, counts[s.value]) for s in HardCaseStatus if counts.get(s.value)],
        "may_begin": not isinstance(preparing_right(request.actor), NotAllowed),
    }  # fmt: skip
    return render(request, "dispatch/hard_cases/list.html", context)


@require_safe
def case(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = read.case_of(request.actor, public_id)
    view = read.case_view(request.actor, found)
    open_acts = [
        verb for verb in CASE_VERBS
        if refusal(found, act_for(found, verb, request.actor), request.actor) is None
    ]  # fmt: skip
    tasks = [
        (task, task.is_overdue(request.now), [v for v in TASK_VERBS if task_refusal(task, v, request.actor) is None])
        for task in view.tasks
    ]  # fmt: skip
    context: dict[str, Any] = {
        "view": view, "case": found, "timeline": shown(view.acts), "acts": open_acts, "tasks": tasks,
        "instruct": _instruct_verb(request, found),
        "may_edit": found.status in EDITABLE and not isinstance(preparing_right(request.actor), NotAllowed),
    }  # fmt: skip
    if view.is_whole:
        context["files"] = attachments_of(request.actor, CASE_FILES, found.public_id)
    return render(request, "dispatch/hard_cases/case.html", context)


def _instruct_verb(request: OfficeRequest, found: HardCase) -> str:
    """The word on the button: the leader gives, the commission enters; "" when neither is open."""
    verb = "instruct" if found.status == HardCaseStatus.SUBMITTED else "instruct_again"
    name = act_for(found, verb, request.actor)
    return "" if refusal(found, name, request.actor) else str(HARD_CASE.by_name[name].label)


@require_http_methods(["GET", "POST"])
@once
def new(request: OfficeRequest) -> HttpResponse:
    """Pick problems and write the case; `?problem=` ticks one beforehand."""
    at_work(request.actor)
    right = preparing_right(request.actor)
    if isinstance(right, NotAllowed):
        raise right
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    found = read.case_of(request.actor, public_id)
    back = reverse("dispatch:hard_case", args=[public_id])
    right = preparing_right(request.actor)
    if isinstance(right, NotAllowed):
        raise right
    if found.status not in EDITABLE:
        locked = WrongState(_("This has been submitted and can no longer be changed."))
        return refused_page(request, locked, back=back)
    return _form(request, found)


def _ticked(query: QueryDict) -> set[UUID]:
    found = set()
    for text in query.getlist("problem")[:MOST]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _form(request: OfficeRequest, found: HardCase | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, request.now, found)
    if data is None:
        ticked = _ticked(request.GET)
        if found is not None:
            ticked |= set(found.lines.values_list("problem__public_id", flat=True))
        return _page(request, form, found, ticked)
    ticked = _ticked(data)
    if not form.is_valid():
        return _page(request, form, found, ticked, status=422)
    typed = form.cleaned_data
    problems = list(Problem.objects.visible_to(request.actor).filter(public_id__in=ticked))
    content = CaseContent(
        typed["title"], typed["ground"], typed["summary"], typed["proposal"], typed["leader"], problems
    )
    try:
        kept = _keep(request, found, content, typed["version"])
    except StaleVersion:
        return _stale(request, found, content)
    except NotAllowed:
        raise
    except Refusal as refused:
        show(form, refused)
        return _page(request, form, found, ticked, status=refused.status_code)
    messages.success(request, _("The case is saved; submit it to the leader when it is complete."))
    return redirect("dispatch:hard_case", public_id=kept.public_id)


def _keep(
    request: OfficeRequest, found: HardCase | None, content: CaseContent, version: int | None
) -> HardCase:
    if found is None:
        return services.begin(content, by=request.actor, at=request.now)
    services.save_draft(found, content, by=request.actor, at=request.now, version=version)
    return found


def _stale(request: OfficeRequest, found: HardCase | None, content: CaseContent) -> HttpResponse:
    """What the other one changed beside what was typed here."""
    if found is None:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    found.refresh_from_db()
    pairs = [(_("State of the matter"), found.summary, content.summary),
             (_("Proposal of the commission"), found.proposal, content.proposal)]  # fmt: skip
    changed = [Changed(label, theirs or "—", mine or "—") for label, theirs, mine in pairs if theirs != mine]
    last = Act.objects.filter(machine=HARD_CASE.name, object_id=found.pk).order_by("-id").first()
    return stale(request, changed=changed, by=last.user_text if last else "", at=last.at if last else None,
                 url=request.path)  # fmt: skip


def _page(
    request: OfficeRequest, form: CaseForm, found: HardCase | None, ticked: set[UUID], *, status: int = 200
) -> HttpResponse:
    filters = LedgerFilters.read(request.GET)
    counted = facets(request.actor, filters)
    context = {
        "form": form, "case": found, "ticked": ticked, "filters": filters,
        "problems": read.offered(request.actor, filters, ticked), "limit": read.OFFERED,
        "places": [(code, counted.place_names[code], n) for code, n in counted.places.items() if n],
        "back_url": reverse("dispatch:hard_case", args=[found.public_id]) if found
        else reverse("dispatch:hard_cases"),
    }  # fmt: skip
    return render(request, "dispatch/hard_cases/form.html", context, status=status)
