"""What this app ties together when it is ready."""

from __future__ import annotations

from ningde_projects.organizations.business import register_business


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from . import handover
    from .pages import annual, cases, catalogue, funding, pool, pushes, targets
    from .services import applications, moving, reviewing, sweeping, telling  # noqa: F401
    from .services import pool as deciding  # noqa: F401
    from .simulation import cases as _cases_played  # noqa: F401  (their players)
    from .simulation import plans as _plans_played  # noqa: F401
    from .simulation import pool as _pool_played  # noqa: F401

    moving.load()
    targets.register()
    catalogue.register()
    annual.register()
    pushes.register()
    pool.register()
    cases.register()
    funding.register()
    handover.load()
    register_business("reserve")
