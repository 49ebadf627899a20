"""Acts as the timeline draws them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from ningde_projects.shell.flow import TimelineItem, Tone
from ningde_projects.shell.formats import full_date
from ningde_projects.workflow.acts import act_title
from ningde_projects.workflow.models import Act

_LOOKS: dict[str, tuple[str, Tone]] = {
    "record": ("check", "green"), "revise": ("pencil", "amber"), "withdraw": ("arrow-back-up", "red"),
    "issue": ("gavel", "sea"), "progress": ("progress", "sea"), "finish": ("check", "green"),
    "verify": ("checks", "green"), "send": ("arrow-back-up", "red"), "cancel": ("circle-x", ""),
    "amend": ("pencil", "amber"),
}  # fmt: skip


def shown(acts: Iterable[Act]) -> list[TimelineItem]:
    """Verb, who for whom, and what was said, newest first."""
    items = []
    for act in acts:
        icon, tone = _LOOKS.get(act.name.partition("_")[0], ("point", ""))
        who = " ".join(part for part in (act.organisation_text, act.user_text) if part)
        if act.principal_text:
            who = f"{who}（{act.principal_text}）"
        items.append(TimelineItem(act_title(act.machine, act.name), who, act.at, icon, tone, _said(act)))
    return items


def _said(act: Act) -> str:
    """What was said; where a meeting gave something out, to whom and for when."""
    if act.name != "issue" or not act.data.get("unit"):
        return str(act.reason)
    to_whom = " ".join(part for part in (act.data["unit"], act.data.get("person")) if part)
    due = act.data.get("due_on")
    if not due:
        return to_whom
    return _("{whom}, due {day}").format(whom=to_whom, day=full_date(date.fromisoformat(due)))
