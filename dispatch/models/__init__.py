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

__all__ = [
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
