"""The rows of this app; each noun has its module."""

from __future__ import annotations

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
    "CatalogueFit",
    "Direction",
    "ExitCategory",
    "FundingLine",
    "FundingSource",
    "Maturity",
    "Nature",
    "PushTarget",
    "ReserveRecord",
]
