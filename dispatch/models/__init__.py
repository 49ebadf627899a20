"""Models of this app, one module for each noun."""

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
from .list_editions import ListEdition
from .totals import Counted, ProblemSums, ReportSums

__all__ = [
    "Counted",
    "ProblemSums",
    "ReportSums",
    "FollowUp",
    "FollowUpKind",
    "Item",
    "ListEdition",
    "Listing",
    "Origin",
    "Pace",
    "Standing",
    "Tier",
    "TierList",
]
