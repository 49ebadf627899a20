"""The rows of this app; each noun has its module."""

from __future__ import annotations

from .annual import AnnualBatch, AnnualItem, BatchKind
from .applications import Application, ApplicationFiling, ApplicationReview, Side, Verdict
from .cases import (
    Case,
    CaseOpinion,
    FilingChase,
    LeadRole,
    OpinionChase,
    OpinionEdition,
    OpinionVerdict,
    RunLevel,
)
from .catalogue import Catalogue, CatalogueEntry, Half, PlanningTask, TaskLink
from .duplicates import KeptApart
from .funding import FundingBatch, FundingRequest, Payment
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
    "Case",
    "CaseOpinion",
    "Catalogue",
    "CatalogueEntry",
    "CatalogueFit",
    "Direction",
    "ExitCategory",
    "FilingChase",
    "FundingBatch",
    "FundingLine",
    "FundingRequest",
    "FundingSource",
    "Half",
    "ItemKind",
    "ItemState",
    "KeptApart",
    "LeadRole",
    "Maturity",
    "Nature",
    "OpinionChase",
    "OpinionEdition",
    "OpinionVerdict",
    "Payment",
    "PlanningTask",
    "ProjectItem",
    "Push",
    "PushBatch",
    "PushLine",
    "PushRequirement",
    "PushTarget",
    "ReserveRecord",
    "RunLevel",
    "Side",
    "TargetCell",
    "TargetEdition",
    "TaskLink",
    "Verdict",
]
