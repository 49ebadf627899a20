"""Navigation, to-do and words of the reserve targets (M1.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.documents.imports import register_importer
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports.targets import EXPORT, PROJECTS_EXPORT
from ..imports.targets import importer
from ..models import TargetEdition
from ..querysets.targets import chain_kinds
from ..selectors.targets import due_at, year_to_set
from ..workflow.targets import TargetStatus


def in_chain(actor: Any) -> bool:
    return bool(chain_kinds(actor))


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry(
            "reserve_targets", _("Reserve targets"), "target", "reserve:targets", in_chain, nav.PROJECTS, 21
        )
    )
    for code, tone, icon, word in (
        ("targets_draft", "slate", "pencil", pgettext_lazy("status", "Draft")),
        ("targets_issued", "sea", "send", pgettext_lazy("status", "Issued")),
        ("targets_replaced", "slate", "history", pgettext_lazy("edition", "Replaced")),
        ("targets_discarded", "slate", "trash", pgettext_lazy("edition", "Discarded")),
    ):
        register_status(code, tone, icon, word)
    acts.register("reserve_targets", _("Reserve targets"), {
        "begin": pgettext_lazy("act", "Draft begun"),
        "save": pgettext_lazy("act", "Draft saved"),
    })  # fmt: skip
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d13_deadline": pgettext_lazy("act", "Missing reserve targets noted (D13)"),
    })  # fmt: skip
    register_export(EXPORT)
    register_export(PROJECTS_EXPORT)
    register_importer(importer())


@todo_source
def targets_to_set(actor: Actor, at: datetime) -> list[TodoGroup]:
    """From December on: the year whose targets have not been issued; and any draft that waits."""
    if not is_commission(actor):
        return []
    items = []
    year = year_to_set(at)
    due = due_at(year)
    drafts = {e.year: e for e in TargetEdition.objects.filter(status=TargetStatus.DRAFT)}
    if year not in drafts and TargetEdition.objects.in_force(year) is None:
        items.append(
            TodoItem(gettext("Set the reserve targets of {year}").format(year=year), "",
                     f"{reverse('reserve:targets')}?year={year}", gettext("Set the targets"), due,
                     _rank(due, at), "target")
        )  # fmt: skip
    for draft in drafts.values():
        limit = due_at(draft.year)
        items.append(
            TodoItem(str(draft), draft.reason, reverse("reserve:target-edit", args=[draft.public_id]),
                     gettext("Go on with the draft"), limit, _rank(limit, at), "target")
        )  # fmt: skip
    return [
        TodoGroup(
            "reserve_targets", _("Reserve targets"), tuple(items), len(items), reverse("reserve:targets")
        )
    ]


def _rank(due: datetime, at: datetime) -> int:
    if at >= due:
        return 1
    return 2 if due - at < timedelta(days=3) else 3
