"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import cockpit, items, lag
    from .services import item_sweep, item_telling, standing, totals  # noqa: F401
    from .services import items as _items_bound  # noqa: F401
    from .simulation import items as _items_played  # noqa: F401  (their players)

    cockpit.register()
    lag.register()
    items.register()
