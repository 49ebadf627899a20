"""An extension moves the due dates of what is already open (measures.md §0 Time)."""

from __future__ import annotations

from ningde_projects.periods.extensions import on_extension
from ningde_projects.periods.models import Extension

from ..models import Opinion, Report, Summary

_HELD = {"D2": (Report, "owner"), "D3": (Summary, "bureau"), "D5": (Opinion, "department")}


@on_extension
def move_due_dates(extension: Extension) -> int:
    """Only forward, and only for the named organisations."""
    if extension.code not in _HELD:
        return 0
    model, column = _HELD[extension.code]
    rows = model._default_manager.filter(
        **{
            "month": extension.month,
            f"{column}__in": extension.organisations.all(),
            "due_at__lt": extension.until,
        }
    )
    return int(rows.update(due_at=extension.until))
