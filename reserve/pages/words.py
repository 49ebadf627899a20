"""What the record calls the acts of the pool, and how the page of a project tells them (E3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.projects import panels
from ningde_projects.shell.flow import TimelineItem, Tone
from ningde_projects.workflow import acts
from ningde_projects.workflow.models import Act

from ..forms.record import RECORD_FIELDS
from ..models import (
    CatalogueFit,
    Direction,
    FundingSource,
    ItemState,
    Nature,
    ProjectItem,
    PushTarget,
    ReserveRecord,
)

#: Beginning of the act's name -> icon, tone.
_LOOKS: tuple[tuple[str, str, Tone], ...] = (
    ("submit", "send", "sea"), ("recall", "arrow-back-up", ""), ("withdraw", "x", ""), ("pass", "check", "green"),
    ("return", "arrow-back-up", "red"), ("complete", "database", "green"), ("enter", "database", "green"),
    ("confirm", "check", "green"), ("propose_exit", "logout", "amber"), ("exit", "logout", "red"),
    ("keep_apart", "arrows-split", ""), ("keep", "check", "green"), ("restore", "database", "green"),
    ("merge", "arrows-join", "violet"), ("took_in", "arrows-join", "violet"), ("set", "rubber-stamp", "sea"),
)  # fmt: skip
_CHOICES: dict[str, dict[str, Any]] = {
    "nature": dict(Nature.choices), "catalogue_fit": dict(CatalogueFit.choices), "state": dict(ItemState.choices),
    "directions": dict(Direction.choices), "push_targets": dict(PushTarget.choices),
}  # fmt: skip


def register() -> None:
    acts.register("reserve_application", gettext_lazy("Reserve application"), {
        "start": pgettext_lazy("act", "Application begun"),
        "handed_over": pgettext_lazy("act", "Handed over"),
    })  # fmt: skip
    acts.register("reserve_record", gettext_lazy("Reserve project"), {
        "update": pgettext_lazy("act", "Reserve facts changed"),
        "took_in": pgettext_lazy("act", "Another record merged in"),
        "keep_apart": pgettext_lazy("act", "Kept apart as two projects"),
    })  # fmt: skip
    acts.register(
        "reserve_item", gettext_lazy("Preliminary item"), {"set": pgettext_lazy("act", "Item changed")}
    )
    acts.register(
        "reserve_item_kind", gettext_lazy("Catalogue of preliminary items"),
        {"save": pgettext_lazy("act", "Catalogue changed")}, is_administrative=True,
    )  # fmt: skip
    panels.register_acts(
        panels.ActSource(
            "reserve_application",
            visible=lambda actor: ~Q(name__in=["start", "handed_over"]),
            describe=describe,
        ),
        panels.ActSource("reserve_record", visible=lambda actor: Q(), describe=describe),
        panels.ActSource("reserve_item", visible=lambda actor: Q(), describe=describe),
    )


def describe(act: Act) -> TimelineItem:
    icon, tone = next(((i, t) for start, i, t in _LOOKS if act.name.startswith(start)), ("point", ""))
    who = act.user_text or _("The system")
    if act.organisation_text:
        who = f"{who} {act.organisation_text}"
    if act.principal_text:
        who = _("{who} (for {principal})").format(who=who, principal=act.principal_text)
    return TimelineItem(
        verb=acts.act_title(act.machine, act.name), who=who, at=act.at, icon=icon, tone=tone, note=_note(act)
    )


def _note(act: Act) -> str:
    data = act.data
    lines = [str(data["item"])] if data.get("item") else []
    if data.get("side"):
        lines.append(str(data["side"]))
    changes = data.get("changes")
    if isinstance(changes, dict):
        lines += [
            _("{field}: {before} → {after}").format(
                field=title_of(name), before=shown(name, before), after=shown(name, after)
            )
            for name, (before, after) in changes.items()
        ]
    if data.get("category"):
        lines.append(str(data["category"]))
    if data.get("name"):
        lines.append(str(data["name"]))
    if act.reason:
        lines.append(_("Reason: {reason}").format(reason=act.reason))
    return "；".join(lines)


def title_of(name: str) -> str:
    if name.startswith("fund_"):
        return str(FundingSource(name.removeprefix("fund_")).label)
    model = ReserveRecord if name in RECORD_FIELDS else ProjectItem
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    words = _CHOICES.get(name)
    if words is None:
        return str(value)
    return "、".join(str(words.get(code, code)) for code in str(value).split("、"))
