"""Navigation, counts, to-do, panels and words of the pool."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import holds, is_commission
from ningde_projects.periods.month import Month
from ningde_projects.projects import panels
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.projects.services import stages, thresholds
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status

from ..exports import lists, pool
from ..models import Application, ItemState, Maturity, ReserveRecord
from ..querysets.records import POOL_STAGES
from ..rules.stale import stale_before
from ..selectors import application_files
from ..selectors import applications as read
from ..selectors.items import lapsing_count, lapsing_rows
from ..selectors.pool import in_pool
from ..services import duplicates, records
from ..workflow.applications import ApplicationStatus
from . import panel
from .words import register as register_words

_SHOWN = 20


is_bureau = holds((OrgKind.COUNTY_BUREAU,), Duty.REVIEW, Duty.VIEW)
is_county_department = holds((OrgKind.COUNTY_DEPARTMENT,), Duty.HANDLE)
is_municipal_department = holds((OrgKind.MUNICIPAL_DEPARTMENT,), Duty.HANDLE)
is_owner = holds((OrgKind.OWNER,), Duty.REPORT)
reviews = holds(
    (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION),
    Duty.REVIEW, Duty.HANDLE, Duty.DISPATCH,
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    _thresholds()
    _statuses()
    _navigation()
    register_words()
    register_export(pool.EXPORT)
    register_export(lists.APPLICATIONS)
    register_export(lists.LAPSING)
    register_export(lists.DUPLICATES)
    duplicates.load()
    application_files.register()
    stages.register_guard(records.stage_guard)
    panels.register(
        panels.Panel("reserve", _("Reserve project"), "reserve/panels/reserve.html", panel.reserve, order=20),
        panels.Panel("items", _("Preliminary items"), "reserve/panels/items.html", panel.items, order=25),
    )


def _thresholds() -> None:
    """Figures of judgement of this room; the commission dates them like the others."""
    rows = (
        ("stale_months", 3, 1, 60, _("Months after which a reserve project counts as not updated")),
        ("item_warn_first_days", 90, 1, 730, _("Days before an approval lapses: first warning")),
        ("item_warn_last_days", 30, 1, 365, _("Days before an approval lapses: last warning")),
        (
            "maturity_nearly_percent",
            50,
            1,
            100,
            _("Nearly ripe from this share of required items approved (%)"),
        ),
        ("maturity_ripe_percent", 90, 1, 100, _("Ripe from this share of required items approved (%)")),
        ("maturity_funding_percent", 60, 0, 100, _("Ripe from this share of the funding settled (%)")),
    )
    for key, default, low, high, title in rows:
        thresholds.register(key, Decimal(default), Decimal(low), Decimal(high), title)


def _statuses() -> None:
    register_status("reserve_passed", "green", "database", pgettext_lazy("status", "Passed into the pool"))
    register_status("reserve_side", "green", "check", pgettext_lazy("status", "Side passed"))
    register_status("reserve_withdrawn", "slate", "x", pgettext_lazy("status", "Withdrawn"))
    register_status("pool_applying", "sea", "clock-hour-4", pgettext_lazy("status", "Under application"))
    register_status("pool_pooled", "green", "database", pgettext_lazy("status", "In the pool"))
    register_status("pool_exited", "slate", "logout", pgettext_lazy("status", "Left the pool"))
    register_status("pool_merged", "slate", "arrows-join", pgettext_lazy("status", "Merged"))
    register_status(
        "pool_stale", "amber", "clock-exclamation", pgettext_lazy("status", "Not updated for long")
    )
    register_status("pool_proposed", "amber", "logout", pgettext_lazy("status", "Exit proposed"))
    for code, tone, icon in (
        ("conceived", "slate", "bulb"),
        ("nearly", "sea", "progress"),
        ("ripe", "green", "check"),
    ):
        register_status(f"maturity_{code}", tone, icon, Maturity(code).label)
    icons = {
        "not_needed": ("slate", "minus"),
        "not_started": ("plain", "circle-dashed"),
        "preparing": ("slate", "pencil"),
        "submitted": ("sea", "send"),
        "approved": ("green", "rubber-stamp"),
    }
    for state, (tone, icon) in icons.items():
        register_status(f"item_{state}", tone, icon, ItemState(state).label)


def _navigation() -> None:
    work, projects = nav.WORK, nav.PROJECTS
    nav.register(
        nav.NavEntry("reserve_bureau", pgettext_lazy("navigation", "Reserve projects"), "database", "reserve:pool",
                     is_bureau, projects, 15),
        nav.NavEntry("reserve_city", pgettext_lazy("navigation", "Reserve pool"), "database", "reserve:pool",
                     is_commission, projects, 15),
        nav.NavEntry("reserve_mine", pgettext_lazy("navigation", "My reserve projects"), "database", "reserve:pool",
                     is_owner, projects, 15),
        nav.NavEntry("reserve_industry", pgettext_lazy("navigation", "Reserve projects of the industry"), "database",
                     "reserve:pool", lambda a: is_county_department(a) or is_municipal_department(a), projects, 35),
        nav.NavEntry("reserve_review", pgettext_lazy("navigation", "Reserve review"), "clipboard-list",
                     "reserve:applications", lambda a: reviews(a) and not is_owner(a), work, 60, hot=True),
        nav.NavEntry("reserve_applications", pgettext_lazy("navigation", "Reserve applications"), "file-plus",
                     "reserve:applications", is_owner, projects, 16),
    )  # fmt: skip
    nav.register_counts(_counts)


_POOL_ENTRIES = ("reserve_bureau", "reserve_city", "reserve_mine", "reserve_industry")


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """One count for the pool, one for what waits; none for those without an entry."""
    found: dict[str, nav.Number] = {}
    if any(
        rule(actor)
        for rule in (is_bureau, is_commission, is_owner, is_county_department, is_municipal_department)
    ):
        found = dict.fromkeys(_POOL_ENTRIES, in_pool(actor))
    if reviews(actor):
        found["reserve_review"] = Application.objects.waiting_for(*read.reviewing_offices(actor))
    return found


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def applications_to_review(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Filed applications that wait for a side of this person, the longest waiting first."""
    if not reviews(actor):
        return []
    rows = read.waiting(actor)
    items = tuple(
        TodoItem(a.name, a.applicant.short_name, reverse("reserve:application", args=[a.public_id]),
                 gettext("Review"), None, 2 if a.submission_count > 1 else 3, "clipboard-list")
        for a in rows[:_SHOWN]
    )  # fmt: skip
    total = rows.count() if len(items) == _SHOWN else len(items)
    url = reverse("reserve:applications") + "?state=waiting"
    return [TodoGroup("reserve_review", _("Reserve applications to review"), items, total, url)]


@todo_source
def applications_returned(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Own applications that came back."""
    offices = {
        h.organisation.pk for h in actor.held
        if (h.duty, h.organisation.kind) in {
            (Duty.REPORT, OrgKind.OWNER), (Duty.HANDLE, OrgKind.COUNTY_DEPARTMENT),
            (Duty.HANDLE, OrgKind.MUNICIPAL_DEPARTMENT), (Duty.REVIEW, OrgKind.COUNTY_BUREAU),
        }
    }  # fmt: skip
    if not offices:
        return []
    rows = Application.objects.filter(applicant__in=offices, status=ApplicationStatus.RETURNED).order_by(
        "returned_at"
    )
    items = tuple(
        TodoItem(a.name, a.return_reason, reverse("reserve:application", args=[a.public_id]),
                 gettext("Correct and file again"), None, 0, "arrow-back-up")
        for a in rows[:_SHOWN]
    )  # fmt: skip
    return [TodoGroup("reserve_returned", _("Reserve applications returned"), items, len(items),
                      reverse("reserve:applications") + "?state=open")]  # fmt: skip


@todo_source
def exits_to_decide(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Proposals to leave the pool that this person's office decides."""
    if not (is_commission(actor) or actor.offices(Duty.REVIEW)):
        return []
    rows = (
        ReserveRecord.objects.visible_to(actor)
        .filter(exit_proposed_at__isnull=False, status="pooled", project__stage__in=POOL_STAGES)
        .select_related("project__place")
        .order_by("exit_proposed_at")
    )
    if is_commission(actor):
        rows = rows.filter(project__management="municipal")
    else:
        rows = rows.exclude(project__management="municipal")
    items = tuple(
        TodoItem(r.project.name, r.exit_proposal,
                 reverse("projects:detail", args=[r.project.public_id]) + "#panel-reserve",
                 gettext("Decide on the exit"), None, 2, "logout")
        for r in rows[:_SHOWN]
    )  # fmt: skip
    url = reverse("reserve:pool") + "?proposed=yes"
    return [TodoGroup("reserve_exits", _("Exits from the pool to decide"), items, len(items), url)]


@todo_source
def pool_to_look_after(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What time has done to one's own reserve projects: one line each for stale ones and for lapsing approvals."""
    if not (is_owner(actor) or is_bureau(actor) or is_county_department(actor)):
        return []
    groups = []
    months = int(Thresholds(Month.at(at))["stale_months"])
    stale = (
        ReserveRecord.objects.visible_to(actor).in_pool().filter(last_updated_at__lt=stale_before(at, months))
    )
    if number := stale.count():
        title = gettext("%(n)s reserve projects have not been updated for %(months)s months") % {
            "n": number, "months": months}  # fmt: skip
        url = reverse("reserve:pool") + "?stale=yes"
        item = TodoItem(title, "", url, gettext("Update or confirm"), None, 2, "clock-exclamation")
        groups.append(TodoGroup("reserve_stale", _("Reserve projects not updated"), (item,), number, url))
    if number := lapsing_count(actor, at):
        first = lapsing_rows(actor, at)[0]
        title = gettext("%(n)s approvals lapse soon or have lapsed") % {"n": number}
        url = reverse("reserve:lapsing")
        detail = f"{first.project.name} {first.kind.name}"
        item = TodoItem(title, detail, url, gettext("Look at them"), None, 2, "clock")
        groups.append(TodoGroup("reserve_lapsing", _("Approvals about to lapse"), (item,), number, url))
    return groups
