"""The rows of this app; each noun has its module."""

from __future__ import annotations

from .annual import AnnualBatch, AnnualItem, BatchKind
from .catalogue import Catalogue, CatalogueEntry, Half, PlanningTask, TaskLink
from .pushes import Push, PushBatch, PushLine, PushRequirement
from .targets import TargetCell, TargetEdition

__all__ = [
    "AnnualBatch",
    "AnnualItem",
    "BatchKind",
    "Catalogue",
    "CatalogueEntry",
    "Half",
    "PlanningTask",
    "Push",
    "PushBatch",
    "PushLine",
    "PushRequirement",
    "TargetCell",
    "TargetEdition",
    "TaskLink",
]
