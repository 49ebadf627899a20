"""Navigation, to-do and words of catalogues and planning tasks (M1.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.periods.month import local_date, midnight
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.periods.tables import month_text
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports.catalogue import EXPORT
from ..models import Catalogue, PlanningTask
from ..selectors import catalogue as read
from ..selectors.offices import county_offices
from ..services import catalogue_telling, planning_deadlines  # noqa: F401  (they register what they tell)
from ..services.catalogue import issue_month
from ..workflow.catalogue import CatalogueStatus

_READERS = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT,
            OrgKind.COUNTY_GOVERNMENT)  # fmt: skip


def _kinds(*kinds: str) -> nav.Predicate:
    def allowed(actor: Any) -> bool:
        return any(h.duty in BUSINESS_DUTIES and h.organisation.kind in kinds for h in actor.held)

    return allowed


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("catalogues", _("Planning guidance catalogue"), "book-2", "reserve:catalogues", _kinds(*_READERS),
                     nav.PROJECTS, 23),
        nav.NavEntry("planning_tasks", _("Planning tasks"), "list-check", "reserve:tasks",
                     _kinds(OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT, OrgKind.COUNTY_GOVERNMENT,
                            OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION), nav.PROJECTS, 24),
        nav.NavEntry("catalogue_approvals", _("Approval of planning catalogues"), "writing-sign",
                     "reserve:catalogue-approvals", read.approves_city, nav.WORK, 6, hot=True),
    )  # fmt: skip
    nav.register_counts(_counts)
    for code, tone, icon, word in (
        ("catalogue_drafting", "slate", "pencil", pgettext_lazy("catalogue status", "Drafting")),
        ("catalogue_approving", "violet", "writing-sign", pgettext_lazy("status", "Awaiting approval")),
        ("catalogue_returned", "red", "arrow-back-up", pgettext_lazy("status", "Returned")),
        ("catalogue_approved", "green", "rubber-stamp", pgettext_lazy("status", "Approved")),
        ("catalogue_issued", "sea", "send", pgettext_lazy("status", "Issued")),
        ("catalogue_replaced", "slate", "history", pgettext_lazy("edition", "Replaced")),
        ("catalogue_discarded", "slate", "trash", pgettext_lazy("edition", "Discarded")),
    ):
        register_status(code, tone, icon, word)
    acts.register("catalogue", _("Planning guidance catalogue"), {
        "begin": pgettext_lazy("act", "Draft begun"),
        "save": pgettext_lazy("act", "Draft saved"),
        "revise": pgettext_lazy("act", "New edition begun"),
    })  # fmt: skip
    acts.register("planning_task", pgettext_lazy("acts", "Planning task"), {
        "link": pgettext_lazy("act", "Reserve project linked"),
        "unlink": pgettext_lazy("act", "Link taken away"),
    })  # fmt: skip
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d11_deadline": pgettext_lazy("act", "Late planning catalogues marked (D11)"),
    })  # fmt: skip
    register_export(EXPORT)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    if not read.approves_city(actor):
        return {}
    return {"catalogue_approvals": Catalogue.objects.filter(status=CatalogueStatus.APPROVING)}


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def catalogues_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    """A department: what was returned, what is to be issued, what is being drafted, and the issue of the half-year."""
    offices = [h.organisation for h in actor.held_of(Duty.HANDLE)
               if h.organisation.kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)]  # fmt: skip
    if not offices or not (offices := read.drafting_offices(actor)):
        return []
    words = {
        CatalogueStatus.RETURNED: gettext("Correct and send again"), CatalogueStatus.APPROVED: gettext("Issue it"),
        CatalogueStatus.DRAFTING: gettext("Go on with the draft"),
    }  # fmt: skip
    rows = Catalogue.objects.filter(department__in=offices, status__in=list(words))
    items = [
        TodoItem(c.title, c.return_reason if c.status == CatalogueStatus.RETURNED else "",
                 reverse("reserve:catalogue", args=[c.public_id]), words[CatalogueStatus(c.status)], c.due_at,
                 0 if c.status == CatalogueStatus.RETURNED else _rank(c.due_at, at), "book-2")
        for c in rows[:20]
    ]  # fmt: skip
    year, half = read.half_owed(at)
    begun = set(Catalogue.objects.filter(department__in=offices, year=year, half=half)
                .exclude(status=CatalogueStatus.DISCARDED).values_list("department", flat=True))  # fmt: skip
    book = DeadlineBook()
    for office in offices:
        if office.pk not in begun:
            due = book.deadline("D11", issue_month(year, half), office.pk)
            items.append(
                TodoItem(gettext("Planning guidance catalogue of {month}").format(month=_month(year, half)),
                         office.short_name, reverse("reserve:catalogue-begin"), gettext("Begin the draft"), due,
                         _rank(due, at), "book-2")
            )  # fmt: skip
    return [TodoGroup("catalogues", _("Planning guidance catalogue"), tuple(items), len(items),
                      reverse("reserve:catalogues"))]  # fmt: skip


def _month(year: int, half: int) -> str:
    return month_text(issue_month(year, half))


@todo_source
def catalogues_to_approve(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not read.approves_city(actor):
        return []
    rows = (
        Catalogue.objects.filter(status=CatalogueStatus.APPROVING)
        .select_related("sent_by")
        .order_by("sent_at")
    )
    items = tuple(
        TodoItem(c.title, f"{c.department_text} {c.sent_by.name if c.sent_by else ''}".strip(),
                 reverse("reserve:catalogue", args=[c.public_id]), gettext("Read and approve"), c.due_at, 3,
                 "writing-sign")
        for c in rows[:20]
    )  # fmt: skip
    return [TodoGroup("catalogue_approvals", _("Planning catalogues awaiting approval"), items, rows.count(),
                      reverse("reserve:catalogue-approvals"))]  # fmt: skip


@todo_source
def tasks_unmet(actor: Actor, at: datetime) -> list[TodoGroup]:
    """A county: tasks that fall due within thirty days, or have, and are not met by linked projects."""
    places = {office.place_id for office in county_offices(actor)}
    if not places:
        return []
    today = local_date(at)
    rows = read.tasks(actor, read.TaskFilters(None, None, None, "open"), today).filter(
        place__in=places, due_on__lte=today + timedelta(days=30)
    )
    items = tuple(_task_item(task, at) for task in rows[:20])
    return [
        TodoGroup(
            "planning_tasks",
            _("Planning tasks"),
            items,
            rows.count(),
            f"{reverse('reserve:tasks')}?state=open",
        )
    ]


def _task_item(task: PlanningTask, at: datetime) -> TodoItem:
    due = midnight(task.due_on + timedelta(days=1))
    return TodoItem(task.catalogue.title, task.place.name, reverse("reserve:task", args=[task.public_id]),
                    gettext("Link reserve projects"), due, _rank(due, at), "list-check")  # fmt: skip


def _rank(due: datetime | None, at: datetime) -> int:
    if due is None:
        return 3
    if at >= due:
        return 1
    return 2 if due - at < timedelta(days=3) else 3
