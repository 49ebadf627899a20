"""What this app ties together when it is ready."""

from __future__ import annotations

from ningde_projects.organizations.business import register_business


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import agenda, cockpit, hard_cases, items, lag, problem_list
    from .services import item_sweep, item_telling, list_deadline, list_telling, standing, totals  # noqa: F401
    from .services import items as _items_bound  # noqa: F401
    from .simulation import hard_cases as _hard_cases_played  # noqa: F401  (their players)
    from .simulation import items as _items_played  # noqa: F401
    from .simulation import problem_list as _problem_list_played  # noqa: F401

    register_business("dispatch")
    agenda.register()
    cockpit.register()
    hard_cases.register()
    items.register()
    lag.register()
    problem_list.register()
