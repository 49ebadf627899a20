"""Models of this app, one module for each noun."""

from .agenda import AgendaDecision, AgendaItem
from .hard_cases import CaseLine, Ground, HardCase, Instruction, InstructionTask
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
    "AgendaDecision",
    "AgendaItem",
    "CaseLine",
    "FollowUp",
    "FollowUpKind",
    "Ground",
    "HardCase",
    "Instruction",
    "InstructionTask",
    "Item",
    "Listing",
    "Origin",
    "Pace",
    "Standing",
    "Tier",
    "TierList",
]
