"""Navigation, counts, to-do, words, files and panels of the three-tier list and its items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import Month, local_date, reporting_month
from ningde_projects.projects import panels
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports.items import EXPORTS
from ..models import Item, TierList
from ..policies.items import is_city_government
from ..querysets.items import watches_city
from ..selectors import item_pages, items
from ..services import item_handover
from ..workflow.items import ITEM_OWED, ITEM_WORKER_DUTIES, LIST_EDITABLE, ItemStatus, ListStatus

_SHOWN = 20
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)


def _works(actor: Any) -> bool:
    """Whose office can be responsible for an item; the commission works on the list itself."""
    return isinstance(actor, Actor) and not watches_city(actor) and bool(actor.duties & ITEM_WORKER_DUTIES)


def _is_county(actor: Any) -> bool:
    return any(
        h.organisation.kind in _COUNTY and h.duty != Duty.STATISTICS for h in getattr(actor, "held", ())
    )


def _city(actor: Any) -> bool:
    return isinstance(actor, Actor) and (watches_city(actor) or is_city_government(actor))


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("tier_list", _("Three-tier list"), "stairs", "dispatch:list", _city, nav.WORK, 30, hot=True),
        nav.NavEntry("tier_list_county", _("Lagging list"), "stairs", "dispatch:list", _is_county, nav.PROJECTS, 44),
        nav.NavEntry("dispatch_items", _("Items issued"), "list-details", "dispatch:items",
                     lambda actor: _works(actor) or _is_county(actor), nav.WORK, 48, hot=True),
    )  # fmt: skip
    nav.register_counts(_counts)
    _words()
    item_pages.register_files()
    item_handover.register()
    for export in EXPORTS:
        register_export(export)
    panels.register(
        panels.Panel(
            "dispatch_items", _("On the three-tier list"), "dispatch/items/panel.html", items.panel, order=20
        )
    )
    panels.register_acts(item_pages.SOURCE)


def _mine(actor: Actor) -> Any:
    return Item.objects.filter(items.given_to(actor), status__in=ITEM_OWED)


def _waiting(actor: Actor) -> Q:
    """Lists that wait for this person."""
    found = Q(pk__in=[])
    for held in actor.held:
        kind = held.organisation.kind
        if kind == OrgKind.COMMISSION and held.duty == Duty.SIGN:
            found |= Q(status=ListStatus.REVIEWING)
        if kind == OrgKind.MUNICIPAL_GOVERNMENT and held.duty == Duty.APPROVE:
            found |= Q(status=ListStatus.APPROVING)
        if kind == OrgKind.COMMISSION and held.duty == Duty.DISPATCH:
            found |= Q(status__in=[*LIST_EDITABLE, ListStatus.APPROVED])
    return found


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """What waits for this person: his office's items, or the lists before him."""
    found: dict[str, nav.Number] = {}
    if _works(actor):
        found["dispatch_items"] = _mine(actor)
    if _city(actor):
        found["tier_list"] = TierList.objects.filter(_waiting(actor))
    return found


def _words() -> None:
    for code, tone, icon, word in (
        ("tier_list_building", "slate", "pencil", pgettext_lazy("three-tier list", "Drawing up")),
        ("tier_list_reviewing", "amber", "clock-hour-4",
         pgettext_lazy("three-tier list", "With the commission's leader")),
        ("tier_list_approving", "amber", "clock-hour-4", pgettext_lazy("three-tier list", "Awaiting approval")),
        ("tier_list_returned", "red", "arrow-back-up", pgettext_lazy("three-tier list", "Returned")),
        ("tier_list_approved", "green", "check", pgettext_lazy("three-tier list", "Approved")),
        ("tier_list_issued", "green", "checks", pgettext_lazy("three-tier list", "Issued")),
        ("dispatch_item_proposed", "slate", "pencil", pgettext_lazy("item", "Proposed")),
        ("dispatch_item_issued", "amber", "circle-dot", pgettext_lazy("item", "To be signed for")),
        ("dispatch_item_working", "sea", "progress", pgettext_lazy("item", "Being rectified")),
        ("dispatch_item_done", "violet", "clock-hour-4", pgettext_lazy("item", "Awaiting verification")),
        ("dispatch_item_closed", "green", "checks", pgettext_lazy("item", "Struck off")),
        ("dispatch_item_removed", "slate", "circle-x", pgettext_lazy("item", "Taken off the list")),
        ("dispatch_item_overdue", "solid-red", "alert-triangle", pgettext_lazy("item", "Overdue and not rectified")),
        ("dispatch_item_rise", "violet", "arrow-up-right", pgettext_lazy("item", "One level more proposed")),
    ):  # fmt: skip
        register_status(code, tone, icon, word)
    acts.register("tier_list", pgettext_lazy("acts", "Three-tier list"), {
        "begin": pgettext_lazy("act", "List begun"),
    })  # fmt: skip
    acts.register("dispatch_item", pgettext_lazy("acts", "Item of the three-tier list"), {
        "edit": pgettext_lazy("act", "Item written"), "add": pgettext_lazy("act", "Item added by hand"),
        "move": pgettext_lazy("act", "Order changed"), "hand_over": pgettext_lazy("act", "Handed over"),
    })  # fmt: skip


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def items_to_do(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What the person's offices have to sign for or to rectify."""
    if not (actor.duties & ITEM_WORKER_DUTIES):
        return []
    rows = _mine(actor).select_related("project").order_by("due_on", "pk")
    return [_group("dispatch_items", _("Items of the three-tier list for my office"), rows, at, _unit_action,
                   "/dispatch/items/?mine=1")]  # fmt: skip


def _unit_action(item: Item) -> str:
    if item.status == ItemStatus.ISSUED:
        return gettext("Sign for receipt")
    return gettext("Report progress or ask to be struck off")


@todo_source
def items_to_verify(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What the units say is done, and what is to be followed up."""
    if not is_commission(actor):
        return []
    done = Item.objects.filter(status=ItemStatus.DONE).select_related("project").order_by("finished_at", "pk")
    due = Item.objects.filter(status__in=ITEM_OWED, next_on__lte=local_date(at)).select_related("project")
    return [
        _group("dispatch_verify", _("Items to verify"), done, at, lambda _item: gettext("Verify or send back"),
               "/dispatch/items/?state=done"),
        _group("dispatch_follow_up", _("Items to follow up"), due.order_by("next_on", "pk"), at,
               lambda _item: gettext("Note a follow-up, or chase"), "/dispatch/items/?state=unsettled"),
    ]  # fmt: skip


def _group(
    key: str, title: Any, rows: Any, at: datetime, action: Callable[[Item], str], url: str
) -> TodoGroup:
    found: Iterable[Item] = list(rows[:_SHOWN])
    lines = tuple(
        TodoItem(item.project.name, item.return_reason or item.requirement[:60], f"/dispatch/items/{item.public_id}/",
                 action(item), item.due_at, _rank(item, at), "stairs")
        for item in found
    )  # fmt: skip
    return TodoGroup(key, title, lines, rows.count() if len(lines) == _SHOWN else len(lines), url)


def _rank(item: Item, at: datetime) -> int:
    if item.return_reason:
        return 0
    if item.is_overdue(at):
        return 1
    return 2 if item.due_at and (item.due_at - at).days < 3 else 3


@todo_source
def lists_waiting(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The list to draw up, to review, to approve, to issue."""
    if not _city(actor):
        return []
    rows = list(TierList.objects.filter(_waiting(actor)).order_by("month")[:_SHOWN])
    lines = [
        TodoItem(gettext("Three-tier list of {month}").format(month=row.month), row.return_reason,
                 f"/dispatch/list/?month={row.month}", _list_action(row), None, 0 if row.return_reason else 2, "stairs")
        for row in rows
    ]  # fmt: skip
    month = reporting_month(at)
    if is_commission(actor) and month < Month.at(at) and not TierList.objects.filter(month=month).exists():
        lines.append(
            TodoItem(gettext("Three-tier list of {month}").format(month=month), gettext("Not begun yet"),
                     f"/dispatch/list/?month={month}", gettext("Draw up the list"), None, 2, "stairs")
        )  # fmt: skip
    return [TodoGroup("tier_lists", _("Three-tier list"), tuple(lines), len(lines), "/dispatch/list/")]


def _list_action(row: TierList) -> str:
    return {
        ListStatus.REVIEWING: gettext("Review and submit, or return"),
        ListStatus.APPROVING: gettext("Approve or return"),
        ListStatus.APPROVED: gettext("Issue the list"),
    }.get(ListStatus(row.status), gettext("Go through the items and send"))
