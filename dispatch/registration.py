"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import cockpit, lag
    from .services import standing, totals  # noqa: F401

    cockpit.register()
    lag.register()
