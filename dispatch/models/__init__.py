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

__all__ = [
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
