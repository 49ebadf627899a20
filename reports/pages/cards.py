"""What this app tells the rooms below it: figures, problems and clocks of the projects on the leader's page (M4.3)."""

from __future__ import annotations

from hookups import cards

from ..selectors import leading


def register() -> None:
    """Called once when the app is ready."""
    cards.register_progress(leading.progress_of)
    cards.register_problems(leading.problems_of)
    cards.register_clocks(leading.clocks_of)
    cards.register_concerns(leading.concerns_of)
