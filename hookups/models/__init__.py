"""What this app keeps; one module for each noun."""

from .lists import HookupLine, HookupList, MainLeader, MajorPick
from .meetings import Decision, OwedMeeting, Session, SessionEdition, SessionProject

__all__ = [
    "Decision",
    "HookupLine",
    "HookupList",
    "MainLeader",
    "MajorPick",
    "OwedMeeting",
    "Session",
    "SessionEdition",
    "SessionProject",
]
