"""The rows of this app; each noun has its module."""

from __future__ import annotations

from .applications import Application, ApplicationFiling, ApplicationReview, Side, Verdict
from .duplicates import KeptApart
from .items import ItemKind, ItemState, ProjectItem
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

__all__ = [
    "Application",
    "ApplicationFiling",
    "ApplicationReview",
    "CatalogueFit",
    "Direction",
    "ExitCategory",
    "FundingLine",
    "FundingSource",
    "ItemKind",
    "ItemState",
    "KeptApart",
    "Maturity",
    "Nature",
    "ProjectItem",
    "PushTarget",
    "ReserveRecord",
    "Side",
    "Verdict",
]
