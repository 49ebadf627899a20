"""How acts of this app read on a project's page."""

from __future__ import annotations

from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow import acts
from ningde_projects.workflow.models import Act

_ICONS = {"link": "link", "unlink": "unlink", "list": "star", "remove": "star-off", "send": "send",
          "register": "database", "return": "arrow-back-up"}  # fmt: skip


def described(act: Act) -> TimelineItem:
    who = f"{act.user_text} {act.organisation_text}".strip()
    words = [str(act.data[key]) for key in ("batch", "number") if act.data.get(key)]
    return TimelineItem(
        verb=acts.act_title(act.machine, act.name), who=who, at=act.at, icon=_ICONS.get(act.name, "point"),
        note="；".join([*words, *([act.reason] if act.reason else [])]),
    )  # fmt: skip
