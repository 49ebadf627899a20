"""Models of this app, one module for each noun."""

from .editions import Edition, EditionKind, EditionLabel, EditionLine
from .items import (
    FollowUp,
    FollowUpKind,
    Item,
    Listing,
    Origin,
    Pace,
    Standing,
    Tier,
    TierList,
)
from .totals import Counted, ProblemSums, ReportSums

__all__ = [
    "Counted",
    "ProblemSums",
    "ReportSums",
    "Edition",
    "EditionKind",
    "EditionLabel",
    "EditionLine",
    "FollowUp",
    "FollowUpKind",
    "Item",
    "Light",
    "Listing",
    "Origin",
    "Pace",
    "Standing",
    "Tier",
    "TierList",
]
