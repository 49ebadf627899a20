"""What this app keeps; one module per noun."""

from .lists import HookupLine, HookupList, MainLeader, MajorPick

__all__ = ["HookupLine", "HookupList", "MainLeader", "MajorPick"]
