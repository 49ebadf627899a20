"""The register's own acts in words, for the record on the project page and wherever acts are read."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.shell.flow import TimelineItem, Tone
from ningde_projects.shell.formats import money
from ningde_projects.workflow.models import Act

from .models import Post, Project
from .panels import ActSource

#: Name of the act -> verb, icon, tone.
VERBS: dict[str, tuple[Any, str, Tone]] = {
    "create": (pgettext_lazy("act", "Entered the project"), "plus", "green"),
    "load": (pgettext_lazy("act", "Taken over from published lists"), "database-import", ""),
    "import": (pgettext_lazy("act", "Imported"), "file-import", "green"),
    "file": (pgettext_lazy("act", "Filed for the reserve pool"), "send", "green"),
    "amend": (pgettext_lazy("act", "Filed anew for the reserve pool"), "refresh", "sea"),
    "update": (pgettext_lazy("act", "Changed the record"), "pencil", "sea"),
    "change_management": (pgettext_lazy("act", "Changed the management"), "switch-horizontal", "violet"),
    "plans": (pgettext_lazy("act", "Changed the annual plans"), "calendar-stats", "sea"),
    "nodes": (pgettext_lazy("act", "Changed the plan nodes"), "flag", "sea"),
    "parts": (pgettext_lazy("act", "Changed the counties' parts"), "map-pins", "sea"),
    "units": (pgettext_lazy("act", "Changed the participating units"), "users-group", "sea"),
    "assign": (pgettext_lazy("act", "Named a responsible person"), "user-check", "violet"),
    "dismiss": (pgettext_lazy("act", "Took a responsible person out"), "user-minus", "amber"),
}
MOST_LINES = 12


def describe(act: Act) -> TimelineItem:
    verb, icon, tone = VERBS.get(act.name, (act.name, "point", ""))
    who = act.user_text or gettext_lazy("The system")
    if act.organisation_text:
        who = f"{who} {act.organisation_text}"
    if act.principal_text:
        who = _("{who} (for {principal})").format(who=who, principal=act.principal_text)
    return TimelineItem(verb=verb, who=who, at=act.at, icon=icon, tone=tone, note=_note(act))


def _note(act: Act) -> str:
    lines = [_("{field}: {before} → {after}").format(
        field=field_title(name), before=shown_value(name, before), after=shown_value(name, after)
    ) for name, (before, after) in act.data.get("changes", {}).items()]  # fmt: skip
    lines += [f"− {text}" for text in act.data.get("removed", [])]
    lines += [f"+ {text}" for text in act.data.get("added", [])]
    if act.name in ("assign", "dismiss"):
        lines.append(_post_line(act.data))
    if act.reason:
        lines.append(_("Reason: {reason}").format(reason=act.reason))
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "……"]
    return "；".join(lines)


def _post_line(data: dict[str, Any]) -> str:
    title = Post(data["post"]).label if data.get("post") in Post.values else data.get("post", "")
    where = f"{data['place']} " if data.get("place") else ""
    return _("{where}{post}: {before} → {after}").format(
        where=where, post=title, before=data.get("before") or "—", after=data.get("after") or "—"
    )


def field_title(name: str) -> str:
    try:
        return str(Project._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except LookupError:
        return name


def shown_value(name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    field = Project._meta.get_field(name) if name in _FIELDS else None
    choices = dict(getattr(field, "flatchoices", None) or [])
    if value in choices:
        return str(choices[value])
    if name == "total_investment":
        return money(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


_FIELDS = {field.name for field in Project._meta.get_fields()}

#: Whoever sees the project sees what was done to its record.
SOURCE = ActSource("project", visible=lambda actor: Q(), describe=describe)
