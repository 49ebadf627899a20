"""What this app ties together when it is ready."""

from __future__ import annotations


def load() -> None:
    """Import the modules that register themselves with the ground floor."""
    from . import merging
    from .pages import city, owner, paper, records, review, settings, summary
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

    city.register()
    merging.register()
    owner.register()
    paper.register()
    records.register()
    review.register()
    settings.register()
    summary.register()
