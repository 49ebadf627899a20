"""Acts of the chain as lines of a timeline: verb, who, when; words and marks are given here once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ningde_projects.shell.flow import TimelineItem, Tone
from ningde_projects.workflow.models import Act

from ..workflow import OPINION, PROBLEM, RECEIPT, REPORT, SUMMARY

_MACHINES = {m.name: m for m in (REPORT, RECEIPT, PROBLEM, SUMMARY, OPINION)}

#: Icon and tone by transition; its twins of other duties (`accept_direct`) look the same.
_LOOKS: dict[str, tuple[str, Tone]] = {
    "start": ("pencil", ""),
    "open": ("eye", ""),
    "submit": ("send", "sea"),
    "recall": ("arrow-back", "amber"),
    "accept": ("check", "green"),
    "return": ("arrow-back-up", "red"),
    "revise": ("pencil", "amber"),
    "exempt": ("calendar-off", ""),
    "oblige": ("calendar-event", "amber"),
    "chase": ("bell-ringing", "amber"),
    "confirm": ("checks", "green"),
    "query": ("help-circle", "amber"),
    "take_up": ("progress", "sea"),
    "handle": ("message-2", "sea"),
    "pass_up": ("arrow-up-right", "violet"),
    "settle": ("user-question", "sea"),
    "escalate_by_department": ("arrow-up-right", "violet"),
    "work_by_department": ("message-2", "sea"),
    "confirm_solved": ("circle-check", "green"),
    "deny_solved": ("alert-circle", "amber"),
    "reopen": ("refresh", "amber"),
    "strike_off": ("archive", ""),
    "send": ("message-2", "sea"),
    "pass": ("arrow-forward-up", "sea"),
    "sign": ("writing-sign", "green"),
    "send_for_approval": ("writing-sign", "violet"),
    "approve": ("rubber-stamp", "green"),
    "forward": ("send", "sea"),
    "receive": ("checks", "green"),
    "return_by_government": ("arrow-back-up", "red"),
    "return_by_commission": ("arrow-back-up", "red"),
    "stop_clock": ("player-pause", "amber"),
    "resume_clock": ("player-play", "green"),
}
_TAILS = ("_direct", "_review", "_dispatch", "_lead", "_overdue", "_by_department")


def look_of(name: str) -> tuple[str, Tone]:
    """Icon and tone of an act."""
    if name in _LOOKS:
        return _LOOKS[name]
    stem = next((name.removesuffix(tail) for tail in _TAILS if name.endswith(tail)), name)
    return _LOOKS.get(stem, ("point", ""))


def verb_of(act: Act) -> str:
    """The transition's own word; acts outside of the tables have theirs here."""
    transition = _MACHINES[act.machine].by_name.get(act.name) if act.machine in _MACHINES else None
    if transition is not None:
        return str(transition.label)
    return {
        "chase": _("Chased"),
        "pass": _("Passed to the department"),
        "stop_clock": _("Clock stopped"),
        "resume_clock": _("Clock runs again"),
        "open_month": _("Month opened"),
    }.get(act.name, act.name)


def doer_of(act: Act) -> str:
    """Office and person; both names where someone acted for another."""
    if not act.user_text:
        return _("the system")
    person = act.user_text
    if act.principal_text:
        person = _("%(name)s for %(principal)s") % {"name": person, "principal": act.principal_text}
    office = act.organisation.short_name if act.organisation else act.organisation_text
    return f"{office} {person}".strip()


def items(acts: Iterable[Act], *, own_office: int | None = None) -> list[TimelineItem]:
    """For one object's record; the own office is not named again on every line."""
    found = []
    for act in acts:
        icon, tone = look_of(act.name)
        who = act.user_text if own_office and act.organisation_id == own_office else doer_of(act)
        found.append(TimelineItem(verb_of(act), who, act.at, icon, tone, act.reason))
    return found
