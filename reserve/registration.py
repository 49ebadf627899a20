"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import annual, catalogue, pushes, targets
    from .services import moving
    from .simulation import plans  # noqa: F401  (a player of the time machine)

    moving.load()
    targets.register()
    catalogue.register()
    annual.register()
    pushes.register()
