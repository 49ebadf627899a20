"""Models of this app, one module for each noun."""

from .agenda import AgendaDecision, AgendaItem
from .editions import Edition, EditionKind, EditionLabel, EditionLine
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
from .list_editions import ListEdition
from .totals import Counted, ProblemSums, ReportSums

__all__ = [
    "Counted",
    "ProblemSums",
    "ReportSums",
    "Edition",
    "EditionKind",
    "EditionLabel",
    "EditionLine",
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
    "ListEdition",
    "Listing",
    "Origin",
    "Pace",
    "Standing",
    "Tier",
    "TierList",
]
