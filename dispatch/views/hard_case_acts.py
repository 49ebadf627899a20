"""Acts on hard cases and on what instructions give to do: instructions on a page, the rest in dialogs (M10.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hookups.selectors.timeline import shown
from ningde_projects.documents.attachments import attachments_of
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.acting import dialog_act, refused_page, show
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..forms.hard_cases import InstructionSheet, SayForm
from ..models import InstructionTask
from ..selectors import hard_cases as read
from ..selectors.hard_case_files import TASK_FILES
from ..services import hard_cases as services
from ..services import instruction_tasks as tasks
from ..workflow.hard_cases import HARD_CASE, TASK, HardCaseStatus
from .hard_case_access import at_work

ROWS = 50
#: verb: (the label of what is said, "" for nothing; what follows; is it grave)
CASE_VERBS: dict[str, tuple[Any, Any, bool]] = {
    "submit": (
        "", gettext_lazy("The leader is told and reads it on his phone; the county of each project sees it."), False,
    ),
    "return": (gettext_lazy("Reason"), gettext_lazy("The commission completes it and submits it again."), True),
    "report_back": (gettext_lazy("What became of it"), gettext_lazy("The leader is told."), False),
    "rework": (gettext_lazy("What is still missing"), gettext_lazy("The case is in hand again."), True),
    "close": ("", gettext_lazy("The units and the leader are told; nothing is added any more."), False),
    "release": ("", gettext_lazy("The owners of the problems read the instruction from now on."), False),
    "withdraw": (gettext_lazy("Reason"), gettext_lazy("It stays readable for the commission and goes no further."), True),
}  # fmt: skip
TASK_VERBS: dict[str, tuple[Any, Any, bool]] = {
    "sign": ("", gettext_lazy("Your office takes the matter on; the due day stands."), False),
    "progress": (gettext_lazy("How far it is"), gettext_lazy("The commission and the leader read it."), False),
    "finish": (gettext_lazy("How it was done"),
               gettext_lazy("The commission is asked to verify it. Add the file first if you have one."), False),
    "verify": ("", gettext_lazy("It counts as carried out; the unit is told."), False),
    "send_back": (gettext_lazy("What is still missing"), gettext_lazy("It lies with the unit again; the due day stays."),
                  True),
    "urge": (pgettext_lazy("instruction", "What the unit is told"),
             gettext_lazy("The unit is told at once; the urging stands in the record."), False),
}  # fmt: skip


def task_refusal(task: InstructionTask, verb: str, actor: Actor) -> Refusal | None:
    return refusal(task, tasks.act_for(task, verb, actor), actor)


@require_http_methods(["GET", "POST"])
@once
def instruct(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The instruction with its units and days: by the leader on his phone, or entered from paper."""
    case = read.case_of(request.actor, public_id)
    again = case.status != HardCaseStatus.SUBMITTED
    name = services.act_for(case, "instruct_again" if again else "instruct", request.actor)
    back = reverse("dispatch:hard_case", args=[public_id])
    if locked := refusal(case, name, request.actor):
        return refused_page(request, locked, back=back)
    data = request.POST if request.method == "POST" else None
    sheet = InstructionSheet(data, case, local_date(request.now), again=again)
    status = 200
    if data is not None:
        status = 422
        if sheet.is_valid():
            typed = sheet.form.cleaned_data
            try:
                services.instruct(case, typed["text"], typed["given_on"], sheet.tasks(), by=request.actor,
                                  at=request.now, version=typed["version"])  # fmt: skip
            except NotAllowed:
                raise
            except Refusal as refused:
                show(sheet.form, refused)
                status = refused.status_code
            else:
                messages.success(request, _("The instruction is recorded; the units are told."))
                return redirect(back)
    context = {
        "case": case, "form": sheet.form, "rows": sheet.rows, "label": HARD_CASE.by_name[name].label,
        "is_own": not name.startswith("enter"), "back_url": back,
        "lines": read.case_view(request.actor, case).lines,
    }  # fmt: skip
    return render(request, "dispatch/hard_cases/instruct.html", context, status=status)


def _label(machine: Any, names: tuple[str, ...]) -> Any:
    return next(machine.by_name[n].label for n in names if n in machine.by_name)


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, public_id: UUID, verb: str) -> HttpResponse:
    """One act on a case, asked for in a dialog with its consequence."""
    if verb not in CASE_VERBS:
        raise Http404
    case = read.case_of(request.actor, public_id)
    name = services.act_for(case, verb, request.actor)
    return _dialog(request, case, name, CASE_VERBS[verb], HARD_CASE.by_name[name].label, case.title,
                   reverse("dispatch:hard_case", args=[public_id]))  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def task_act(request: OfficeRequest, public_id: UUID, verb: str) -> HttpResponse:
    """One act on what a unit was given to do."""
    if verb not in TASK_VERBS:
        raise Http404
    task = read.task_of(request.actor, public_id)
    name = tasks.act_for(task, verb, request.actor)
    return _dialog(request, task, name, TASK_VERBS[verb], TASK.by_name[name].label, task.text[:80],
                   reverse("dispatch:instruction_task", args=[public_id]))  # fmt: skip


def _dialog(
    request: OfficeRequest,
    obj: Any,
    name: str,
    words: tuple[Any, Any, bool],
    label: Any,
    text: str,
    back: str,
) -> HttpResponse:
    asked, consequence, danger = words
    if locked := refusal(obj, name, request.actor):
        return refused_page(request, locked, back=back)
    form = SayForm(
        request.POST if request.method == "POST" else None, label=str(asked), initial={"version": obj.version}
    )
    return dialog_act(
        request,
        lambda data: perform(
            obj, name, by=request.actor, at=request.now, reason=data.get("reason") or "", version=data["version"]
        ),
        form=form, done=back, success=_("Done."), title=str(label), object=text, button=str(label),
        button_icon="arrow-back-up" if danger else "check", danger=danger, consequence=consequence,
    )  # fmt: skip


@require_safe
def task(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One matter: what was instructed, how far it is, its evidence and its acts."""
    found = read.task_of(request.actor, public_id)
    acts = Act.objects.filter(machine=TASK.name, object_id=found.pk).order_by("-id")[:40]
    context = {
        "task": found, "case": found.case, "instruction": found.instruction,
        "is_overdue": found.is_overdue(request.now), "timeline": shown(acts),
        "acts": [
            (verb, TASK.by_name[tasks.act_for(found, verb, request.actor)].label)
            for verb in TASK_VERBS if task_refusal(found, verb, request.actor) is None
        ],
        "files": attachments_of(request.actor, TASK_FILES, found.public_id),
    }  # fmt: skip
    return render(request, "dispatch/hard_cases/task.html", context)


@require_safe
def task_list(request: OfficeRequest) -> HttpResponse:
    """What instructions give units to do, as far as this person sees it."""
    at_work(request.actor)
    today = local_date(request.now)
    state = request.GET.get("state", "owed")
    state = state if state in ("owed", "overdue", "reported", "verified", "all") else "owed"
    page = Paginator(read.tasks_listed(request.actor, state, today), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page, "state": state, "rows": [(row, row.is_overdue(request.now)) for row in page],
        "states": [
            ("owed", pgettext_lazy("instruction", "Not finished")),
            ("overdue", pgettext_lazy("instruction", "Overdue")),
            ("reported", pgettext_lazy("instruction", "Awaiting verification")),
            ("verified", pgettext_lazy("instruction", "Verified")), ("all", gettext_lazy("All")),
        ],
    }  # fmt: skip
    return render(request, "dispatch/hard_cases/tasks.html", context)
