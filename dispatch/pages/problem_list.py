"""Navigation, to-do and words of the municipal problem list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..policies.problem_list import knows_of_it, may_seal
from ..querysets.editions import reads_whole
from ..selectors.editions import fresh, labels_of, standing


def _city(actor: Any) -> bool:
    return isinstance(actor, Actor) and reads_whole(actor)


def _others(actor: Any) -> bool:
    return isinstance(actor, Actor) and knows_of_it(actor) and not reads_whole(actor)


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("problem_list", pgettext_lazy("navigation", "Problem list"), "list-check",
                     "dispatch:problem_list", _city, nav.WORK, 15),
        nav.NavEntry("problem_list_of_month", pgettext_lazy("navigation", "Municipal problem list"), "list-check",
                     "dispatch:problem_list", _others, nav.PROJECTS, 42),
    )  # fmt: skip
    for code, tone, icon, word in (
        ("edition_first", "sea", "lock", pgettext_lazy("edition", "Version 1")),
        ("edition_second", "green", "lock", pgettext_lazy("edition", "Version 2")),
        ("edition_supplement", "violet", "playlist-add", pgettext_lazy("edition", "Supplement")),
        ("edition_erratum", "amber", "pencil", pgettext_lazy("edition", "Erratum")),
        ("list_waiting", "amber", "clock", pgettext_lazy("status", "Not yet forwarded")),
        ("list_contradiction", "red", "alert-triangle", pgettext_lazy("status", "Contradictory")),
        ("list_new", "sea", "plus", pgettext_lazy("problem", "New")),
    ):
        register_status(code, tone, icon, word)
    acts.register("problem_list", pgettext_lazy("acts", "Municipal problem list"), {
        "seal_first": pgettext_lazy("act", "Sealed version 1"),
        "seal_second": pgettext_lazy("act", "Sealed version 2"),
        "seal_supplement": pgettext_lazy("act", "Sealed a supplement"),
        "seal_erratum": pgettext_lazy("act", "Sealed an erratum"),
        "export": pgettext_lazy("act", "Took out the problem list"),
        "take_edition": pgettext_lazy("act", "Took out a sealed edition"),
    })  # fmt: skip


@todo_source
def list_to_seal(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Version 1, version 2, and what came after them, as soon as they can be sealed."""
    if not may_seal(actor):
        return []
    month = reporting_month(at)
    labels = labels_of(month)
    new = len(fresh(month)) if labels else 0
    now = standing(month, new, labels)
    items = []
    if now.is_open and "first" not in labels:
        items.append(_item(month, "first", gettext("Seal version 1 of the problem list"), now.lists_due, at))
    elif now.is_open and "second" not in labels:
        items.append(
            _item(month, "second", gettext("Seal version 2 with the opinions"), now.opinions_due, at)
        )
    if new and "second" in labels:
        title = gettext("{n} problems came in after the sealing").format(n=new)
        items.append(_item(month, "supplement", title, None, at))
    return [TodoGroup("problem_list", _("Municipal problem list"), tuple(items), len(items),
                      f"/dispatch/problems/?month={month}")]  # fmt: skip


def _item(month: Month, label: str, title: str, due: datetime | None, at: datetime) -> TodoItem:
    rank = 3 if due is None else 1 if at >= due else 2 if (due - at).days < 3 else 3
    return TodoItem(title, str(month), f"/dispatch/problems/?month={month}", gettext("Look and seal"), due, rank,
                    "lock")  # fmt: skip
