"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from . import handover
    from .pages import pool
    from .services import applications, reviewing, sweeping, telling  # noqa: F401
    from .services import pool as deciding  # noqa: F401
    from .simulation import pool as playing  # noqa: F401

    pool.register()
    handover.load()
