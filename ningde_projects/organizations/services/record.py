"""How this room changes a row: locked, compared with what the form was shown with, told with before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from ningde_projects.workflow import door
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import StaleVersion

from ..actor import AnyActor, Held

M = TypeVar("M", bound=models.Model)


def locked(obj: M, version: int | None = None) -> M:
    """The row as it is now, held until the transaction ends. Raises StaleVersion."""
    row = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    if version is not None and version != getattr(row, "version", version):
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    return row


def shown(value: Any) -> Any:
    """As it is kept in the log: names, not ids, so that later renaming changes nothing."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def change(row: models.Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the facts and answer field -> [before, after] of what really changed. Does not save."""
    changes: dict[str, list[Any]] = {}
    for name, after in facts.items():
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            changes[name] = [shown(before), shown(after)]
    return changes


def log(
    machine: str,
    name: str,
    obj: models.Model,
    *,
    by: AnyActor,
    at: datetime,
    holder: Held | None = None,
    reason: str = "",
    place_id: int | None = None,
    text: str = "",
    **data: Any,
) -> Act:
    return door.record(
        machine, name, by=by, at=at, obj=obj, holder=holder, reason=reason, place_id=place_id, text=text, data=data
    )  # fmt: skip


def names(rows: Iterable[Any]) -> list[str]:
    return sorted(str(row) for row in rows)
