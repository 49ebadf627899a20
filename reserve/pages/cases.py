"""Navigation, to-do, words and panel of the 3+N consultation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import local_date
from ningde_projects.projects import panels
from ningde_projects.projects.services import thresholds
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts
from ningde_projects.workflow.models import Act

from ..exports.cases import CASES_EXPORT, MISSING_EXPORT
from ..models import Case, CaseOpinion
from ..policies.offices import (
    conveners_of,
    files,
    handling_offices,
    is_asked,
    is_convener,
    reads_cases,
    signing_offices,
)
from ..selectors import case_files
from ..selectors.missing import missing_for
from ..selectors.panel import panel_of
from ..services import case_effects as _effects  # binds guards and effects
from ..services import case_limits
from ..services import case_opinions as _opinions  # the same, and the reminders
from ..workflow.cases import CASE_EDITABLE, OPINION_OWED, CaseStatus, OpinionStatus

_SHOWN = 20


def register() -> None:
    """Called once when the app is ready."""
    _thresholds()
    _statuses()
    _record_words()
    case_files.register()
    register_export(CASES_EXPORT)
    register_export(MISSING_EXPORT)
    nav.register(
        nav.NavEntry("cases", _("Preliminary work 3+N"), "route", "reserve:cases", reads_cases, nav.PROJECTS, 30,
                     mobile=True, mobile_label=pgettext_lazy("tab", "3+N")),
        nav.NavEntry("case_opinions", _("3+N opinions"), "messages", "reserve:case_opinions", is_asked,
                     nav.WORK, 24, hot=True),
    )  # fmt: skip
    nav.register_counts(_counts)
    panels.register(panels.Panel("cases", _("Preliminary work (3+N)"), "reserve/panels/case.html", panel_of, order=20,
                                 column="side"))  # fmt: skip
    panels.register_acts(
        panels.ActSource("case", _case_acts, _describe),
        panels.ActSource("case_opinion", _opinion_acts, _describe),
    )


def _thresholds() -> None:
    """Figures of judgement of this room; the commission dates them like the others [ours]."""
    rows = (
        (case_limits.OPINION_DAYS, 10, 1, 90, _("Days for a 3+N opinion")),
        (case_limits.RENEWED_DAYS, 7, 1, 90, _("Days for a 3+N opinion that is asked for again")),
        (case_limits.SLIP, 10, 2, 10000,
         _("Sources of a 3+N case this many times the total investment, or less, are questioned as a slip of unit")),
        (case_limits.FUNDS_SHARE, 5, 0, 100,
         _("Preliminary funds above this share of the total investment are questioned (%)")),
        (case_limits.FUNDS_UNUSUAL, 2000, 1, 99999999,
         _("Preliminary funds above this sum (10,000 yuan) are questioned where no total investment is known")),
    )  # fmt: skip
    for key, default, low, high, title in rows:
        thresholds.register(key, Decimal(default), Decimal(low), Decimal(high), title)


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """One count for a convener, one for an asked office, none for anyone else."""
    found: dict[str, nav.Number] = {}
    if is_convener(actor):
        found["cases"] = Case.objects.filter(
            convener__in=[o.pk for o in conveners_of(actor)], status=CaseStatus.SUBMITTED
        )
    if is_asked(actor):
        found["case_opinions"] = CaseOpinion.objects.owed().filter(_mine_now(actor))
    return found


def _mine_now(actor: Any) -> Q:
    """What this person can do something about: drafting at a handler's desk, signing at a signer's."""
    drafting = Q(
        department__in=handling_offices(actor), status__in=[OpinionStatus.WAITING, OpinionStatus.DRAFTING]
    )
    return drafting | Q(department__in=signing_offices(actor), status=OpinionStatus.REVIEWING)


# ---- words -----------------------------------------------------------------------------------------------------


def _statuses() -> None:
    for code, tone, icon, word in (
        ("case_draft", "slate", "pencil", pgettext_lazy("status", "Draft")),
        ("case_submitted", "sea", "clock-hour-4", pgettext_lazy("status", "Awaiting acceptance")),
        ("case_returned", "red", "arrow-back-up", pgettext_lazy("status", "Returned")),
        ("case_consulting", "sea", "progress", pgettext_lazy("status", "In consultation")),
        ("case_supplement", "amber", "edit", pgettext_lazy("status", "To be supplemented")),
        ("case_passed", "green", "rubber-stamp", pgettext_lazy("status", "Passed")),
        ("case_rejected", "red", "circle-x", pgettext_lazy("status", "Not passed")),
        ("caseop_waiting", "amber", "circle-dot", pgettext_lazy("status", "Awaiting handling")),
        ("caseop_drafting", "slate", "pencil", pgettext_lazy("opinion status", "Drafting")),
        ("caseop_reviewing", "violet", "writing-sign", pgettext_lazy("status", "Awaiting signature")),
        ("caseop_given", "sea", "message-2-check", pgettext_lazy("status", "Opinion given")),
        ("caseop_released", "slate", "x", pgettext_lazy("status", "No longer asked")),
        ("verdict_agree", "green", "circle-check", pgettext_lazy("verdict", "Agreed")),
        ("verdict_supplement", "amber", "edit", pgettext_lazy("verdict", "To be supplemented")),
        ("verdict_oppose", "red", "circle-x", pgettext_lazy("verdict", "Not agreed")),
        ("caseop_overdue", "solid-red", "alert-triangle", pgettext_lazy("status", "Opinion overdue")),
    ):
        register_status(code, tone, icon, word)


def _record_words() -> None:
    acts.register("case", pgettext_lazy("acts", "3+N case"), {
        "start": pgettext_lazy("act", "Case begun"),
        "chase_filing": pgettext_lazy("act", "Case chased"),
    })  # fmt: skip
    acts.register("case_opinion", pgettext_lazy("acts", "3+N opinion"), {
        "chase": pgettext_lazy("act", "Chased"),
        "replace": pgettext_lazy("act", "Another office asked instead"),
    })  # fmt: skip


def _case_acts(actor: Actor) -> Q:
    seen = Exists(Case.objects.visible_to(actor).filter(pk=OuterRef("object_id")))
    return Q(seen) & ~Q(name="chase_filing")


#: What happens inside another office is not told; that an opinion was asked, given or chased is.
_TOLD = (
    "sign",
    "sign_bureau",
    "ask_again",
    "ask_again_county",
    "release",
    "release_county",
    "renew",
    "chase",
    "replace",
)


def _opinion_acts(actor: Actor) -> Q:
    opinions = CaseOpinion.objects.filter(case__in=Case.objects.visible_to(actor), pk=OuterRef("object_id"))
    return Q(name__in=_TOLD) & Q(Exists(opinions))


_ICONS = {"sign": "message-2-check", "chase": "bell-ringing", "pass": "rubber-stamp", "reject": "circle-x",
          "return": "arrow-back-up", "ask_supplement": "edit", "submit": "send", "accept": "users-group"}  # fmt: skip


def _describe(act: Act) -> TimelineItem:
    verb = acts.act_title(act.machine, act.name)
    stem = act.name.removesuffix("_county").removesuffix("_owner").removesuffix("_bureau")
    who = " ".join(part for part in (act.user_text or gettext("The system"), act.organisation_text) if part)
    note = "；".join(
        part
        for part in (act.object_text.rsplit(" ", 1)[-1] if act.machine == "case_opinion" else "", act.reason)
        if part
    )
    return TimelineItem(
        verb=verb, who=who, at=act.at, icon=_ICONS.get(stem, "point"), tone="violet", note=note
    )


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def cases_to_convene(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The convener's: to accept, to conclude, and those that M2.1 misses."""
    mine = conveners_of(actor)
    if not mine:
        return []
    owed = CaseOpinion.objects.filter(case=OuterRef("pk"), status__in=OPINION_OWED)
    rows = (
        Case.objects.filter(convener__in=mine)
        .select_related("project", "filer")
        .annotate(is_owed=Exists(owed))
    )
    waiting = rows.filter(Q(status=CaseStatus.SUBMITTED) | Q(status=CaseStatus.CONSULTING, is_owed=False))
    items = tuple(
        TodoItem(c.project.name, c.filer.short_name, reverse("reserve:case", args=[c.public_id]),
                 gettext("Accept or send back") if c.status == CaseStatus.SUBMITTED else gettext("Conclude"), None, 3,
                 "route")
        for c in waiting.order_by("submitted_at")[:_SHOWN]
    )  # fmt: skip
    groups = [
        TodoGroup(
            "cases", _("3+N cases to handle"), items, waiting.count() if items else 0, "/reserve/cases/"
        )
    ]
    groups.append(_missing_group(actor, at, _("Planned projects without a 3+N case"), gettext("Chase")))
    return groups


def _missing_group(actor: Actor, at: datetime, title: Any, action: str) -> TodoGroup:
    rows = missing_for(actor, local_date(at).year)
    items = tuple(
        TodoItem(p.name, p.owner.name, reverse("reserve:case_start", args=[p.public_id])
                 if files(actor) and not is_convener(actor) else reverse("reserve:cases_missing"), action, None, 3,
                 "file-alert")
        for p in rows[:5]
    )  # fmt: skip
    return TodoGroup(
        "cases_missing", title, items, rows.count() if items else 0, reverse("reserve:cases_missing")
    )


@todo_source
def cases_to_file(actor: Actor, at: datetime) -> list[TodoGroup]:
    """The filing office's: sent back, to be supplemented, begun, and not begun at all."""
    if not files(actor):
        return []
    offices = actor.offices(Duty.HANDLE) | actor.offices(Duty.REPORT)
    rows = Case.objects.filter(filer__in=offices, status__in=CASE_EDITABLE).select_related("project")
    items = tuple(
        TodoItem(c.project.name, c.return_reason, reverse("reserve:case_edit", args=[c.public_id]),
                 gettext("Supplement and file") if c.return_reason else gettext("Go on writing"), None,
                 3 if c.status == CaseStatus.DRAFT else 0, "route")
        for c in rows.order_by("-returned_at", "pk")[:_SHOWN]
    )  # fmt: skip
    groups = [
        TodoGroup("cases_own", _("3+N cases to file"), items, rows.count() if items else 0, "/reserve/cases/")
    ]
    if not is_convener(actor):
        groups.append(_missing_group(actor, at, _("Projects that need a 3+N case"), gettext("File the case")))
    return groups


@todo_source
def case_opinions_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not is_asked(actor):
        return []
    rows = CaseOpinion.objects.owed().filter(_mine_now(actor)).select_related("case__project")
    items = tuple(
        TodoItem(o.case.project.name, o.question, reverse("reserve:case_opinion", args=[o.public_id]),
                 gettext("Sign") if o.status == OpinionStatus.REVIEWING else gettext("Handle"), o.due_at,
                 0 if o.return_reason else 1 if at >= o.due_at else 2 if (o.due_at - at).days < 3 else 3, "message-2")
        for o in rows.order_by("due_at", "pk")[:_SHOWN]
    )  # fmt: skip
    url = reverse("reserve:case_opinions")
    return [TodoGroup("case_opinions", _("3+N opinions owed"), items, rows.count() if items else 0, url)]


__all__ = ["_effects", "_opinions", "register"]
