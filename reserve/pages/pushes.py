"""Navigation, to-do, words and the project's panel of the pushes (M1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.documents.imports import register_importer
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.projects import panels
from ningde_projects.projects.models import Project
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..adapters import workbook  # noqa: F401  (registers itself)
from ..exports.pushes import EXPORT
from ..imports.push_results import importer
from ..models import Push
from ..selectors.offices import county_offices
from ..services import push_telling  # noqa: F401  (registers what it tells)
from ..workflow.pushes import PushStatus, PushTo
from .record import described


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("pushes", _("Pushes to platforms"), "upload", "reserve:pushes",
                     lambda actor: isinstance(actor, Actor) and (is_commission(actor) or bool(county_offices(actor))),
                     nav.PROJECTS, 22)
    )  # fmt: skip
    for code, tone, icon, word in (
        ("push_waiting", "amber", "clock", pgettext_lazy("push", "To be pushed")),
        ("push_pushed", "sea", "send", pgettext_lazy("push", "Pushed")),
        ("push_registered", "green", "database", pgettext_lazy("push", "Registered there")),
        ("push_returned", "red", "arrow-back-up", pgettext_lazy("push", "Returned by the platform")),
        ("push_dropped", "slate", "x", pgettext_lazy("push", "Taken out")),
    ):
        register_status(code, tone, icon, word)
    acts.register("push", _("Push to a platform"), {
        "put_up": pgettext_lazy("act", "Put up for pushing"),
        "batch": pgettext_lazy("act", "Batch made"),
        "download": pgettext_lazy("act", "Batch file taken out"),
        "requirement": pgettext_lazy("act", "List of required fields changed"),
    })  # fmt: skip
    register_export(EXPORT)
    register_importer(importer())
    panels.register(
        panels.Panel("pushes", _("Pushes to platforms"), "reserve/pushes/panel.html", _panel, 70, "side")
    )
    panels.register_acts(panels.ActSource("push", visible=lambda actor: Q(), describe=described))


def _panel(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    rows = list(Push.objects.visible_to(actor).filter(project=project).select_related("batch"))
    return {"pushes": rows} if rows else None


@todo_source
def pushes_to_make(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The commission: what is put up goes into a batch, what was returned is put right."""
    if not is_commission(actor):
        return []
    counted = Push.objects.order_by().values_list("target", "status").annotate(number=Count("pk"))
    numbers = {(target, status): number for target, status, number in counted}
    items = []
    for target, title in PushTo.choices:
        url = f"{reverse('reserve:pushes')}?target={target}&state="
        if number := numbers.get((target, PushStatus.RETURNED)):
            items.append(TodoItem(str(title), gettext("{n} returned by the platform").format(n=number),
                                  url + PushStatus.RETURNED, gettext("Look at them"), None, 0, "upload"))  # fmt: skip
        if number := numbers.get((target, PushStatus.WAITING)):
            items.append(TodoItem(str(title), gettext("{n} put up").format(n=number), url + PushStatus.WAITING,
                                  gettext("Make a batch"), None, 3, "upload"))  # fmt: skip
    return [
        TodoGroup("pushes", _("Pushes to platforms"), tuple(items), len(items), reverse("reserve:pushes"))
    ]
