"""Which rows an act changed, field by field, before and after (E3): read from the row history by the act's context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Act

#: Rows shown on one page; an act that opens a month writes hundreds.
MOST_ROWS = 60
_UNSAID = frozenset({"id", "version", "public_id"})


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str
    #: Long text, of which the differing words are marked.
    is_text: bool = False
    #: Of business rows only states and other choices are told (security.md: none sees business by virtue of office).
    is_withheld: bool = False


@dataclass(frozen=True)
class RowChange:
    """One row. `is_new`: it was written for the first time, so that there is no before."""

    title: str
    row_id: int
    is_new: bool
    fields: list[FieldChange] = field(default_factory=list)
    #: Referrals and personal matters: that they changed may be known, not what they say.
    is_restricted: bool = False


def event_models() -> list[Any]:
    """The tables of the row history."""
    return [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) is not None]


def changes_of(act: Act) -> tuple[list[RowChange], int]:
    """The rows of the act, its own object first, and how many there are in all."""
    if act.context_id is None:
        return [], 0
    shown: list[RowChange] = []
    total = 0
    for model in event_models():
        rows = model.objects.filter(pgh_context=act.context_id).order_by("pgh_id")
        found = list(rows[: MOST_ROWS + 1])
        total += len(found) if len(found) <= MOST_ROWS else rows.count()
        shown += [_row_change(model, event) for event in found[: MOST_ROWS - len(shown)]]
    shown = [row for row in shown if row.fields or row.is_new]
    return sorted(shown, key=lambda row: (row.row_id != act.object_id, row.title, row.row_id)), total


def _row_change(model: Any, event: Any) -> RowChange:
    tracked = model.pgh_tracked_model
    title = str(tracked._meta.verbose_name)
    previous = (
        model.objects.filter(pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id).order_by("-pgh_id").first()
    )
    is_new = previous is None and event.pgh_label == "insert"
    if getattr(tracked, "record_restricted", False):
        return RowChange(title, event.pgh_obj_id, is_new, [], True)
    is_told = getattr(tracked, "record_administrative", False)
    fields = [
        change
        for column in _columns(model, tracked)
        if (change := _field_change(column, previous, event, is_told)) is not None
    ]
    return RowChange(title, event.pgh_obj_id, is_new, fields)


def _columns(model: Any, tracked: Any) -> list[Any]:
    """Fields of the history that are fields of the row too, named as there."""
    kept = {f.name for f in model._meta.concrete_fields}
    return [f for f in tracked._meta.concrete_fields if f.name in kept and f.name not in _UNSAID]


def _field_change(column: Any, previous: Any, event: Any, is_told: bool) -> FieldChange | None:
    after_raw = getattr(event, column.attname)
    before_raw = getattr(previous, column.attname) if previous is not None else None
    if before_raw == after_raw or (previous is None and after_raw in (None, "", [], {})):
        return None
    if not is_told and not column.choices:
        return FieldChange(str(column.verbose_name), "", "", is_withheld=True)
    before = shown(column, previous, before_raw) if previous is not None else ""
    is_text = isinstance(column, models.TextField) and isinstance(before_raw, str) and bool(before_raw)
    return FieldChange(str(column.verbose_name), before, shown(column, event, after_raw), is_text)


def shown(column: Any, event: Any, value: Any) -> str:
    """A value in words: choices by their label, other rows by their name, times in Ningde's zone."""
    if value is None or value == "":
        return "—"
    if column.is_relation:
        return _related(column, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return plain(value)


def _related(column: Any, value: Any) -> str:
    """The name that the other row has now; its number when it is gone."""
    other = column.related_model._base_manager.filter(**{column.target_field.attname: value}).first()
    return str(other) if other is not None else f"#{value}"


def plain(value: Any) -> str:
    """A value of the record's own facts (JSON) or of a row."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "、".join(plain(part) for part in value) or "—"
    if isinstance(value, Mapping):
        return _("; ").join(f"{key}={plain(part)}" for key, part in value.items()) or "—"
    return str(value)


@dataclass(frozen=True)
class Fact:
    """One line of what an act noted beside the plain facts."""

    label: str
    value: str
    before: str | None = None


def facts_of(data: Mapping[str, Any], labels: Mapping[str, str]) -> list[Fact]:
    """An act's `data` as lines; under "changes" stand fields with what they were and are."""
    lines: list[Fact] = []
    for key, value in data.items():
        if key == "changes" and isinstance(value, Mapping):
            lines += [_changed(name, pair, labels) for name, pair in value.items()]
        else:
            lines.append(Fact(labels.get(key, key), plain(value)))
    return lines


def _changed(name: str, pair: Any, labels: Mapping[str, str]) -> Fact:
    if isinstance(pair, list) and len(pair) == 2:
        return Fact(labels.get(name, name), plain(pair[1]), plain(pair[0]))
    return Fact(labels.get(name, name), plain(pair))
