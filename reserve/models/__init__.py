"""The rows of this app; each noun has its module."""

from __future__ import annotations

from .annual import AnnualBatch, AnnualItem, BatchKind
from .applications import Application, ApplicationFiling, ApplicationReview, Side, Verdict
from .catalogue import Catalogue, CatalogueEntry, Half, PlanningTask, TaskLink
from .duplicates import KeptApart
from .items import ItemKind, ItemState, ProjectItem
from .pushes import Push, PushBatch, PushLine, PushRequirement
from .records import (
    CatalogueFit,
    Direction,
    ExitCategory,
    FundingLine,
    FundingSource,
    Maturity,
    Nature,
    PushTarget,
    ReserveRecord,
)
from .targets import TargetCell, TargetEdition

__all__ = [
    "AnnualBatch",
    "AnnualItem",
    "Application",
    "ApplicationFiling",
    "ApplicationReview",
    "BatchKind",
    "Catalogue",
    "CatalogueEntry",
    "CatalogueFit",
    "Direction",
    "ExitCategory",
    "FundingLine",
    "FundingSource",
    "Half",
    "ItemKind",
    "ItemState",
    "KeptApart",
    "Maturity",
    "Nature",
    "PlanningTask",
    "ProjectItem",
    "Push",
    "PushBatch",
    "PushLine",
    "PushRequirement",
    "PushTarget",
    "ReserveRecord",
    "Side",
    "TargetCell",
    "TargetEdition",
    "TaskLink",
    "Verdict",
]
