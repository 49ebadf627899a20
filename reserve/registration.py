"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from . import handover
    from .pages import annual, catalogue, pool, pushes, targets
    from .services import applications, moving, reviewing, sweeping, telling  # noqa: F401
    from .services import pool as deciding  # noqa: F401
    from .simulation import plans  # noqa: F401  (a player of the time machine)
    from .simulation import pool as playing  # noqa: F401

    moving.load()
    targets.register()
    catalogue.register()
    annual.register()
    pushes.register()
    pool.register()
    handover.load()
