"""Navigation, counts, to-do, words and files of hard cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hookups.workflow.meetings import WORKER_DUTIES
from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.projects import panels
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts
from ningde_projects.workflow.refusals import NotAllowed

from ..exports.hard_cases import EXPORT
from ..models import HardCase, InstructionTask
from ..policies.hard_cases import preparing_right
from ..selectors import hard_case_files
from ..selectors import hard_cases as read
from ..services import hard_case_telling, instruction_tasks  # noqa: F401  (register audiences, effects and due days)

_SHOWN = 20
_CITY = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)
_READING = frozenset({Duty.DISPATCH, Duty.LEAD, Duty.VIEW, Duty.APPROVE})


def _is_city(actor: Any) -> bool:
    return isinstance(actor, Actor) and any(
        h.organisation.kind in _CITY and h.duty in _READING for h in actor.held
    )


def register() -> None:
    """Called once when the app is ready."""
    _words()
    hard_case_files.register()
    register_export(EXPORT)
    panels.register(
        panels.Panel(
            "hard_cases",
            _("Before the city's leaders"),
            "dispatch/hard_cases/panel.html",
            read.panel,
            order=55,
        )
    )
    nav.register(
        nav.NavEntry("hard_cases", _("Hard cases"), "writing-sign", "dispatch:hard_cases", _is_city, nav.WORK, 44,
                     hot=True),
        nav.NavEntry("instruction_tasks", _("Leaders' instructions"), "writing-sign", "dispatch:instruction_tasks",
                     lambda actor: nav.has_duty(*sorted(WORKER_DUTIES))(actor) and not _is_city(actor), nav.PROJECTS,
                     44, hot=True),
    )  # fmt: skip
    nav.register_counts(_counts)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """What waits for the leader or for verification, and what the person's offices have to do."""
    if _is_city(actor):
        waiting = HardCase.objects.before(actor)
        if not isinstance(preparing_right(actor), NotAllowed):
            return {"hard_cases": InstructionTask.objects.to_verify()}
        return {"hard_cases": waiting}
    return (
        {"instruction_tasks": InstructionTask.objects.owed().given_to(actor)}
        if isinstance(actor, Actor)
        else {}
    )


def _words() -> None:
    for code, tone, icon, word in (
        ("hard_case_drafting", "slate", "pencil", pgettext_lazy("hard case", "Draft")),
        ("hard_case_submitted", "violet", "clock-hour-4", pgettext_lazy("hard case", "Awaiting instruction")),
        ("hard_case_returned", "red", "arrow-back-up", pgettext_lazy("hard case", "Returned")),
        ("hard_case_instructed", "sea", "writing-sign", pgettext_lazy("hard case", "Instruction given")),
        ("hard_case_working", "sea", "progress", pgettext_lazy("hard case", "In hand")),
        ("hard_case_reported", "violet", "check", pgettext_lazy("hard case", "Reported back")),
        ("hard_case_closed", "green", "checks", pgettext_lazy("hard case", "Closed")),
        ("hard_case_withdrawn", "slate", "circle-x", pgettext_lazy("hard case", "Withdrawn")),
        (
            "instruction_task_waiting",
            "amber",
            "circle-dot",
            pgettext_lazy("instruction", "Awaiting signature"),
        ),
        ("instruction_task_signed", "sea", "check", pgettext_lazy("instruction", "Signed for")),
        ("instruction_task_working", "sea", "progress", pgettext_lazy("instruction", "In hand")),
        (
            "instruction_task_reported",
            "violet",
            "clock-hour-4",
            pgettext_lazy("instruction", "Awaiting verification"),
        ),
        ("instruction_task_verified", "green", "checks", pgettext_lazy("instruction", "Verified")),
        ("instruction_task_overdue", "solid-red", "alert-triangle", pgettext_lazy("instruction", "Overdue")),
    ):
        register_status(code, tone, icon, word)
    acts.register("hard_case", pgettext_lazy("acts", "Hard case"), {
        "begin": pgettext_lazy("act", "Draft begun"), "save_draft": pgettext_lazy("act", "Draft saved"),
    })  # fmt: skip


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def cases_before_me(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What waits for the leader's word."""
    if not any(h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT for h in actor.held):
        return []
    rows = HardCase.objects.before(actor).order_by("submitted_at", "pk")
    items = tuple(
        TodoItem(c.title, c.get_ground_display(), f"/dispatch/hard-cases/{c.public_id}/", gettext("Give instruction"),
                 None, 1, "writing-sign")
        for c in rows[:_SHOWN]
    )  # fmt: skip
    total = rows.count() if len(items) == _SHOWN else len(items)
    return [TodoGroup("hard_cases", _("Hard cases for your instruction"), items, total,
                      "/dispatch/hard-cases/?state=submitted")]  # fmt: skip


@todo_source
def tasks_of_my_office(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What leaders' instructions give the person's offices to do."""
    if not actor.duties & WORKER_DUTIES:
        return []
    rows = InstructionTask.objects.owed().given_to(actor).order_by("due_on", "pk")
    items = tuple(_task_item(task, at) for task in rows[:_SHOWN])
    total = rows.count() if len(items) == _SHOWN else len(items)
    return [TodoGroup("instruction_tasks", _("Leaders' instructions for my office"), items, total,
                      "/dispatch/hard-cases/tasks/")]  # fmt: skip


def _task_item(task: InstructionTask, at: datetime) -> TodoItem:
    word = gettext("Sign for it") if task.status == "waiting" else gettext("Note progress or report as done")
    rank = 0 if task.return_reason or task.is_overdue(at) else 2 if (task.due_at - at).days < 3 else 3
    return TodoItem(task.text[:60], task.return_reason, f"/dispatch/hard-cases/tasks/{task.public_id}/", word,
                    task.due_at, rank, "writing-sign")  # fmt: skip


@todo_source
def tasks_to_verify(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Reported as done, to be verified by the commission."""
    if isinstance(preparing_right(actor), NotAllowed):
        return []
    rows = InstructionTask.objects.to_verify().select_related("unit").order_by("finished_at", "pk")
    items = tuple(
        TodoItem(t.text[:60], t.unit.short_name, f"/dispatch/hard-cases/tasks/{t.public_id}/",
                 gettext("Verify or send back"), None, 2, "checks")
        for t in rows[:_SHOWN]
    )  # fmt: skip
    total = rows.count() if len(items) == _SHOWN else len(items)
    return [TodoGroup("verify_tasks", _("Matters of instructions to verify"), items, total,
                      "/dispatch/hard-cases/tasks/?state=reported")]  # fmt: skip
