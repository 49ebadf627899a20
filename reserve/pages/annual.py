"""Navigation, to-do, words and the project's panel of the annual key-project list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import midnight
from ningde_projects.projects import panels
from ningde_projects.projects.models import Project
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports.annual import EXPORT
from ..models import AnnualItem
from ..selectors import annual as read
from ..services import annual_telling  # noqa: F401  (registers what it tells)
from ..workflow.annual import BatchStatus
from .record import described
from .targets import in_chain


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("annual", _("Annual key projects"), "star", "reserve:annual", in_chain, nav.PROJECTS, 25),
        nav.NavEntry("annual_batches", _("Batches of the annual list"), "stack-2", "reserve:annual-batches",
                     lambda actor: isinstance(actor, Actor) and (is_commission(actor) or read.proposes(actor)),
                     nav.PROJECTS, 26),
    )  # fmt: skip
    for code, tone, icon, word in (
        ("batch_open", "sea", "inbox", pgettext_lazy("annual batch", "Collecting proposals")),
        ("batch_decided", "green", "rubber-stamp", pgettext_lazy("annual batch", "Decided")),
        ("batch_cancelled", "slate", "x", pgettext_lazy("annual batch", "Cancelled")),
        ("item_proposed", "sea", "clock", pgettext_lazy("annual item", "Proposed")),
        ("item_accepted", "green", "check", pgettext_lazy("annual item", "Accepted")),
        ("item_declined", "red", "arrow-back-up", pgettext_lazy("annual item", "Declined")),
        ("item_withdrawn", "slate", "arrow-back-up", pgettext_lazy("annual item", "Withdrawn")),
        ("item_listed", "green", "star", pgettext_lazy("annual item", "In the list")),
        ("item_removed", "slate", "star-off", pgettext_lazy("annual item", "Removed from the list")),
    ):
        register_status(code, tone, icon, word)
    acts.register("annual_batch", _("Batch of the annual key-project list"), {
        "open": pgettext_lazy("act", "Batch opened"),
    })  # fmt: skip
    acts.register("annual_item", _("Proposal for the annual key-project list"), {
        "propose": pgettext_lazy("act", "Proposed for the annual list"),
        "amend": pgettext_lazy("act", "Proposal for the annual list changed"),
    })  # fmt: skip
    register_export(EXPORT)
    panels.register(
        panels.Panel("annual", _("Annual key-project list"), "reserve/annual/panel.html", _panel, 60, "side")
    )
    panels.register_acts(
        panels.ActSource(
            "annual_item", visible=lambda actor: Q(name__in=["list", "remove"]), describe=described
        )
    )


def _panel(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    rows = list(
        AnnualItem.objects.visible_to(actor).filter(project=project).select_related("batch").order_by("-pk")
    )
    return {"items": rows} if rows else None


@todo_source
def batches_to_decide(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The commission: open batches with proposals. Offices that propose: open batches whose day has not passed."""
    commission = is_commission(actor)
    if not commission and not read.proposes(actor):
        return []
    rows: Any = read.batches().filter(status=BatchStatus.OPEN).order_by("due_on")
    items = [
        _item(batch, commission, at)
        for batch in rows[:20]
        if not commission or batch.waiting or batch.accepted
    ]
    items = [item for item in items if commission or (item.due and item.due > at)]
    return [
        TodoGroup(
            "annual", _("Annual key projects"), tuple(items), len(items), reverse("reserve:annual-batches")
        )
    ]


def _item(batch: Any, commission: bool, at: datetime) -> TodoItem:
    due = midnight(batch.due_on + timedelta(days=1))
    detail = gettext("{n} proposals to decide").format(n=batch.waiting) if commission else ""
    action = gettext("Decide") if commission else gettext("Propose projects")
    rank = 2 if (due - at) < timedelta(days=3) else 3
    return TodoItem(
        batch.title,
        detail,
        reverse("reserve:annual-batch", args=[batch.public_id]),
        action,
        due,
        rank,
        "star",
    )
