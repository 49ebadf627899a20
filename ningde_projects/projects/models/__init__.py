"""The register's tables: one record per project for life, and what people keep of its list."""

from .personal import Follow, ListColumns, SavedView
from .register import (
    AnnualPlan,
    InvestmentKind,
    Level,
    Management,
    NodeKind,
    ParticipantRole,
    ParticipatingUnit,
    PlanNode,
    Project,
    ProjectPart,
    Stage,
    Threshold,
    wan,
)
from .responsible import Post, Responsible

__all__ = [
    "AnnualPlan",
    "Follow",
    "InvestmentKind",
    "Level",
    "ListColumns",
    "Management",
    "NodeKind",
    "ParticipantRole",
    "ParticipatingUnit",
    "PlanNode",
    "Post",
    "Project",
    "ProjectPart",
    "Responsible",
    "SavedView",
    "Stage",
    "Threshold",
    "wan",
]
