"""What this app ties together when it is ready."""

from __future__ import annotations

from ningde_projects.organizations.business import register_business


def load() -> None:
    """Import the modules that register themselves with the ground floor, one line for each noun."""
    from .pages import leading, lists, meetings, quarter_meeting
    from .services import deadlines, filing, telling  # noqa: F401
    from .simulation import lists as _lists_played  # noqa: F401  (their players)
    from .simulation import meetings as _meetings_played  # noqa: F401

    lists.register()
    meetings.register()
    quarter_meeting.register()
    leading.register()
    register_business("hookups")
