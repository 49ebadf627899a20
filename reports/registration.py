"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor."""
    from .pages import city
    from .services import deadlines, filing, opinions, problems, receipts, reviewing, summaries, telling  # noqa: F401

    city.register()
