"""Navigation, counts, to-do, words and files of meetings and decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects import panels
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports import meetings as exports
from ..models import Decision, Session
from ..models.meetings import SessionKind
from ..policies.meetings import desks, reading_refusal
from ..querysets.meetings import kept_by
from ..selectors import attachments, duties, meeting_panel
from ..selectors.duties import Owed, Scope
from ..selectors.gaps import scopes
from ..services import duties as deadlines  # noqa: F401  (registers D7, D8 and the due days)
from ..services import handover
from ..workflow.meetings import WORKER_DUTIES, SessionStatus

_SHOWN = 20
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
_CITY = (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT)


def _belongs(*kinds: str) -> Callable[[Any], bool]:
    def allowed(actor: Any) -> bool:
        return not reading_refusal(actor) and any(
            h.organisation.kind in kinds and h.duty not in (Duty.STATISTICS, Duty.SUPERVISE)
            for h in actor.held
        )

    return allowed


is_county, is_city = _belongs(*_COUNTY), _belongs(*_CITY)
is_department = _belongs(OrgKind.MUNICIPAL_DEPARTMENT)
_concerned = _belongs(OrgKind.COUNTY_DEPARTMENT, OrgKind.OWNER)


def is_concerned(actor: Any) -> bool:
    """Those who keep no record of meetings themselves, but are spoken of in them."""
    return _concerned(actor) and not (is_county(actor) or is_city(actor) or is_department(actor))


works_on_decisions = nav.has_duty(*sorted(WORKER_DUTIES))


def register() -> None:
    """Called once when the app is ready."""
    _words()
    _navigation()
    attachments.register()
    handover.register()
    for export in exports.EXPORTS:
        register_export(export)
    panels.register(
        panels.Panel(
            "meetings",
            _("Meetings about the project"),
            "hookups/meetings/panel.html",
            meeting_panel.panel,
            order=60,
        )
    )
    nav.register_counts(_counts)


def _navigation() -> None:
    nav.register(
        nav.NavEntry("meetings_county", _("Dispatch meetings"), "messages", "hookups:meetings", is_county,
                     nav.PROJECTS, 35),
        nav.NavEntry("meetings_department", _("On-site sessions"), "map-pin", "hookups:meetings",
                     lambda actor: is_department(actor) and not is_county(actor), nav.WORK, 40),
        nav.NavEntry("meetings_city", _("Meetings and on-site sessions"), "messages", "hookups:meetings",
                     lambda actor: is_city(actor) and not is_county(actor) and not is_department(actor), nav.WORK, 45),
        nav.NavEntry("meetings_concerned", _("Meetings about my projects"), "messages", "hookups:meetings",
                     is_concerned, nav.PROJECTS, 44),
        nav.NavEntry("decisions", _("Decisions of meetings"), "gavel", "hookups:decisions",
                     lambda actor: works_on_decisions(actor) or is_county(actor) or is_city(actor), nav.PROJECTS, 45,
                     hot=True),
        nav.NavEntry("meeting_duties", _("Meetings due"), "calendar-event", "hookups:duties",
                     lambda actor: isinstance(actor, Actor) and bool(scopes(actor)), nav.PROJECTS, 46),
    )  # fmt: skip


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """What the person's offices have to do or to verify."""
    if not works_on_decisions(actor):
        return {}
    mine = Decision.objects.owed().given_to(actor)
    return {"decisions": mine | Decision.objects.to_verify_by(actor)}


def _words() -> None:
    for code, tone, icon, word in (
        ("meeting_draft", "slate", "pencil", pgettext_lazy("meeting", "Draft")),
        ("meeting_recorded", "green", "check", pgettext_lazy("meeting", "Recorded")),
        ("meeting_withdrawn", "slate", "arrow-back-up", pgettext_lazy("meeting", "Withdrawn")),
        ("meeting_late", "amber", "clock-exclamation", pgettext_lazy("status", "Recorded late")),
        ("duty_gap", "red", "alert-triangle", pgettext_lazy("duty", "Not held")),
        ("duty_open", "amber", "clock-hour-4", pgettext_lazy("duty", "Not held yet")),
        ("duty_met", "green", "check", pgettext_lazy("duty", "Held")),
        ("decision_draft", "slate", "pencil", pgettext_lazy("decision", "Draft")),
        ("decision_open", "amber", "circle-dot", pgettext_lazy("decision", "To be handled")),
        ("decision_working", "sea", "progress", pgettext_lazy("decision", "In hand")),
        ("decision_done", "violet", "clock-hour-4", pgettext_lazy("decision", "Awaiting verification")),
        ("decision_verified", "green", "checks", pgettext_lazy("decision", "Verified")),
        ("decision_cancelled", "slate", "circle-x", pgettext_lazy("decision", "Cancelled")),
        ("decision_overdue", "solid-red", "alert-triangle", pgettext_lazy("decision", "Overdue")),
    ):
        register_status(code, tone, icon, word)
    acts.register("meeting", pgettext_lazy("acts", "Meeting"), {
        "begin": pgettext_lazy("act", "Draft begun"), "save_draft": pgettext_lazy("act", "Draft saved"),
    })  # fmt: skip
    acts.register("decision", pgettext_lazy("acts", "Decision of a meeting"), {
        "hand_over": pgettext_lazy("act", "Handed over"),
    })  # fmt: skip
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d7_deadline": pgettext_lazy("act", "Projects without a dispatch meeting listed (D7)"),
        "d8_deadline": pgettext_lazy("act", "Departments without an on-site session listed (D8)"),
    })  # fmt: skip


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def decisions_to_do(actor: Actor, at: datetime) -> list[TodoGroup]:
    """What meetings have given to the person's offices."""
    if not works_on_decisions(actor):
        return []
    rows = Decision.objects.owed().given_to(actor).select_related("session__office")
    items = tuple(
        _decision_item(d, at, gettext("Note progress or report as done"))
        for d in rows.order_by("due_on", "pk")[:_SHOWN]
    )
    total = rows.count() if len(items) == _SHOWN else len(items)
    return [TodoGroup("decisions", _("Decisions for my office"), items, total, "/hookups/decisions/?mine=1")]


@todo_source
def decisions_to_verify(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Reported as done, to be verified by the side that keeps the record."""
    if not desks(actor):
        return []
    rows = (
        Decision.objects.to_verify_by(actor)
        .select_related("session__office", "unit")
        .order_by("finished_at", "pk")
    )
    items = tuple(
        TodoItem(d.text[:60], d.unit.short_name if d.unit else "", f"/hookups/decisions/{d.public_id}/",
                 gettext("Verify or send back"), None, 2, "checks")
        for d in rows[:_SHOWN]
    )  # fmt: skip
    total = rows.count() if len(items) == _SHOWN else len(items)
    return [TodoGroup("verify", _("Decisions to verify"), items, total, "/hookups/decisions/?state=done")]


def _decision_item(decision: Decision, at: datetime, action: str) -> TodoItem:
    due = decision.due_at
    soon = due is not None and (due - at).days < 3
    rank = 0 if decision.return_reason else 1 if decision.is_overdue(at) else 2 if soon else 3
    return TodoItem(decision.text[:60], decision.return_reason or str(decision.session.office.short_name),
                    f"/hookups/decisions/{decision.public_id}/", action, due, rank, "gavel")  # fmt: skip


@todo_source
def drafts(actor: Actor, at: datetime) -> list[TodoGroup]:
    """Meetings that somebody of the office began to write."""
    if not desks(actor):
        return []
    rows = Session.objects.filter(kept_by(actor), status=SessionStatus.DRAFT).select_related("office")
    items = tuple(
        TodoItem(str(s), "", f"/hookups/meetings/{s.public_id}/edit/", gettext("Go on writing"), s.period_ends,
                 3, "pencil")
        for s in rows.order_by("-pk")[:_SHOWN]
    )  # fmt: skip
    return [
        TodoGroup(
            "meeting_drafts",
            _("Meetings not recorded yet"),
            items,
            len(items),
            "/hookups/meetings/?state=draft",
        )
    ]


@todo_source
def meetings_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The duty of the month or quarter that is not met yet (D7, D8): the same rows as on the page of gaps."""
    mine = desks(actor)
    if not mine:
        return []
    month = Month.at(at)
    items: list[TodoItem] = []
    if any(d.kind == SessionKind.DISPATCH for d in mine):
        rows = [row for row in duties.dispatch_owed(month, at, _own_scope(actor)) if row.state == "gap"]
        items += _month_items(rows, month, at)
    if offices := frozenset(d.office.pk for d in mine if d.kind == SessionKind.ON_SITE):
        quarter = Month.of(local_date(at)).quarter
        for row in duties.sessions_owed(quarter, at, Scope(offices=offices)):
            if row.state == "gap":
                items.append(_quarter_item(row, at))
    return [TodoGroup("meetings_owed", _("Meetings to hold"), tuple(items), len(items), "/hookups/duties/")]


def _own_scope(actor: Actor) -> Scope:
    """A bureau and a government answer for all leaders of the county, a leader for himself."""
    whole = frozenset(
        d.office.place_id for d in desks(actor) if d.kind == SessionKind.DISPATCH and not d.is_own
    )
    own = frozenset((d.held.principal or actor.user).pk for d in desks(actor) if d.is_own)
    return Scope(places=whole) if whole else Scope(leaders=own)


def _month_items(rows: list[Owed], month: Month, at: datetime) -> list[TodoItem]:
    if not rows or rows[0].project is None:
        return []
    title = gettext("%(n)s projects have no dispatch meeting in %(month)s yet") % {
        "n": len(rows),
        "month": month,
    }
    return [TodoItem(title, rows[0].project.name, f"/hookups/duties/?kind=dispatch&period={month}&state=gap",
                     gettext("Record a dispatch meeting"), month.end, 2 if (month.end - at).days < 4 else 3,
                     "messages")]  # fmt: skip


def _quarter_item(row: Owed, at: datetime) -> TodoItem:
    title = gettext("No on-site session in the quarter yet")
    return TodoItem(title, row.office.short_name, "/hookups/meetings/new/?kind=on_site",
                    gettext("Record an on-site session"), row.month.end, 2 if (row.month.end - at).days < 4 else 3,
                    "map-pin")  # fmt: skip
