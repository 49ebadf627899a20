"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import cases, funding
    from .simulation import cases as _cases_player  # noqa: F401

    cases.register()
    funding.register()
