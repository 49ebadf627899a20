"""What this app ties together when it is ready."""

from __future__ import annotations

from ningde_projects.organizations.business import register_business


def load() -> None:
    """Import the modules that register themselves with the ground floor."""
    from . import merging
    from .pages import cards, city, owner, paper, project, records, review, settings, summary
    from .services import (  # noqa: F401
        asking,
        deadlines,
        extending,
        filing,
        opinions,
        problems,
        receipts,
        reviewing,
        summaries,
        telling,
    )

    cards.register()
    city.register()
    merging.register()
    owner.register()
    paper.register()
    project.register()
    records.register()
    review.register()
    settings.register()
    summary.register()
    register_business("reports")
