"""What was done to one thing, newest first, in the words of the record."""

from __future__ import annotations

from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow import acts
from ningde_projects.workflow.models import Act

MOST = 50


def history_of(machine: str, object_id: int) -> list[TimelineItem]:
    """The acts of one object; who acted for whom is told with both names (settled point 14)."""
    rows = Act.objects.filter(machine=machine, object_id=object_id).order_by("-id")[:MOST]
    return [
        TimelineItem(
            verb=acts.act_title(act.machine, act.name), who=_who(act), at=act.at, icon="point", tone="",
            note="；".join(str(text) for text in (act.data.get("project"), act.data.get("number"), act.reason) if text),
        )
        for act in rows
    ]  # fmt: skip


def _who(act: Act) -> str:
    name = f"{act.organisation_text} {act.user_text}".strip()
    return f"{name}（{act.principal_text}）" if act.principal_text else name
