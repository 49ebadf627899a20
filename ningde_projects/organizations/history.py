"""The room's own acts in words, for the record on its pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.shell.flow import TimelineItem, Tone
from ningde_projects.workflow.acts import act_title
from ningde_projects.workflow.models import Act

from .models import Organisation, Rank, User

_LOOKS: dict[str, tuple[str, Tone]] = {
    "created": ("plus", "green"), "opened": ("user-plus", "green"), "granted": ("key", "violet"),
    "delegated": ("arrows-exchange", "violet"), "handed_over": ("arrow-right", "violet"), "renamed": ("pencil", "sea"),
    "changed": ("pencil", "sea"), "revoked": ("key-off", "amber"), "ended": ("x", "amber"),
    "moved": ("arrows-exchange", "sea"), "suspended": ("clock-hour-4", "amber"),
    "closed": ("lock", "amber"), "reopened": ("lock-open", "green"), "unlocked": ("lock-open", "green"),
}  # fmt: skip


def described(act: Act) -> TimelineItem:
    icon, tone = _LOOKS.get(act.name, ("point", ""))
    who = act.user_text or _("The system")
    if act.organisation_text:
        who = f"{who} {act.organisation_text}"
    if act.principal_text:
        who = _("{who} (for {principal})").format(who=who, principal=act.principal_text)
    return TimelineItem(
        verb=act_title(act.machine, act.name), who=who, at=act.at, icon=icon, tone=tone, note=_note(act)
    )


def _note(act: Act) -> str:
    lines = [
        _("{field}: {before} → {after}").format(
            field=_title(act, name), before=_words(name, b), after=_words(name, a)
        )
        for name, (b, a) in act.data.get("changes", {}).items()
    ]
    if act.machine == "duty":
        lines.append(act.object_text)
    if act.reason:
        lines.append(_("Reason: {reason}").format(reason=act.reason))
    return "；".join(lines)


def _title(act: Act, name: str) -> str:
    model = Organisation if act.machine == "organisation" else User
    try:
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except LookupError:
        return name


def _words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(map(str, value))
    if name == "rank":
        return str(dict(Rank.choices).get(value, value))
    return str(value)
