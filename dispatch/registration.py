"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import agenda, hard_cases
    from .simulation import hard_cases as _hard_cases_played  # noqa: F401  (its player)

    agenda.register()
    hard_cases.register()
