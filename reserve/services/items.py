"""Preliminary items: the catalogue as the commission sets it, and where each project stands (M1.4, facts.md §5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.services.changes import kept
from ningde_projects.workflow.door import record as write_act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import ItemKind, ProjectItem, ReserveRecord
from ..policies.records import keeping_right
from ..rules.items import item_errors, valid_until
from . import records
from .maturity import recompute

FIELDS = ("state", "document_no", "approved_on", "valid_until", "planned_on", "note")
KIND_FIELDS = ("name", "authority", "validity_months", "applies_to", "required", "order", "valid_to")


def set_item(
    project: Project,
    kind: ItemKind,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None,
) -> bool:
    """Say where the project stands with one item; False when nothing differs. `version` 0: there was no row yet."""
    with transaction.atomic():
        holder = _keeper(by, project)
        _open(project)
        item = ProjectItem.objects.select_for_update().filter(project=project, kind=kind).first()
        if version is not None and version != (item.version if item else 0):
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        item = item or ProjectItem(project=project, kind=kind, version=0)
        said = _completed(values, kind)
        if errors := item_errors(said, local_date(at)):
            raise RuleBroken(next(iter(errors.values()))[0], errors=errors)
        changes = _apply(item, said, FIELDS)
        if not changes:
            return False
        item.version += 1
        item.save()
        _touch(project, at)
        write_act(
            "reserve_item", "set", by=by, at=at, obj=item, holder=holder, text=f"{project.name} {kind.name}",
            data={"item": kind.name, "changes": changes}, project_id=project.pk, place_id=project.place_id,
        )  # fmt: skip
    return True


def save_kind(
    kind: ItemKind | None,
    values: Mapping[str, Any],
    reason: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None,
) -> ItemKind:
    """A new item of the catalogue, or another wording; items that projects have keep their rows."""
    holder = by.as_holder(Duty.DISPATCH)
    if holder is None:
        raise NotAllowed(_("Only the commission keeps the catalogue of preliminary items."))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        if kind is None:
            if ItemKind.objects.filter(code=values["code"]).exists():
                raise RuleBroken(_("This code is taken; choose another."), field="code")
            kind = ItemKind(code=values["code"], valid_from=Month.at(at), version=0)
        else:
            kind.refresh_from_db(from_queryset=ItemKind.objects.select_for_update())
            if version is not None and version != kind.version:
                raise StaleVersion(
                    _("Someone else changed this while you had it open. Compare, then try again.")
                )
        changes = _apply(kind, values, KIND_FIELDS)
        if kind.pk and not changes:
            raise RuleBroken(_("Nothing was different; nothing was changed."))
        kind.version += 1
        kind.save()
        write_act(
            "reserve_item_kind", "save", by=by, at=at, obj=kind, holder=holder, reason=reason.strip(),
            data={"changes": changes},
        )  # fmt: skip
        recompute(None, at)
    return kind


def _completed(values: Mapping[str, Any], kind: ItemKind) -> dict[str, Any]:
    """With the end of validity that the catalogue gives, where none was typed."""
    said = {name: values.get(name) for name in FIELDS}
    if said["state"] == "approved" and said["valid_until"] is None:
        said["valid_until"] = valid_until(said["approved_on"], kind.validity_months)
    for name in ("document_no", "note"):
        said[name] = said[name] or ""
    return said


def _apply(row: Any, values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, list[Any]]:
    changes = {}
    for name in names:
        if name not in values:
            continue
        before, after = kept(getattr(row, name)), kept(values[name])
        if before != after:
            changes[name] = [before, after]
            setattr(row, name, values[name])
    return changes


def _keeper(by: Actor, project: Project) -> Held:
    right = keeping_right(by, project)
    if isinstance(right, NotAllowed):
        raise right
    return right


def _open(project: Project) -> None:
    record = ReserveRecord.objects.filter(project=project).first()
    if record and record.status in ("exited", "merged"):
        raise WrongState(_("This project is not in the pool; its record is closed."))
    if project.stage in ("completed", "exited"):
        raise WrongState(_("The project is over; its preliminary items stay as they are."))


def _touch(project: Project, at: datetime) -> None:
    """An item that moves is news of the project, and may ripen it."""
    record = ReserveRecord.objects.select_for_update().filter(project=project).first()
    if record is None:
        return
    records.touch(record, at)
    record.save(update_fields=["last_updated_at", "stale_warned_at"])
    recompute([record.pk], at)
