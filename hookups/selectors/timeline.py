"""Acts as the timeline draws them."""

from __future__ import annotations

from collections.abc import Iterable

from ningde_projects.shell.flow import TimelineItem, Tone
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
        items.append(TimelineItem(act_title(act.machine, act.name), who, act.at, icon, tone, act.reason))
    return items
