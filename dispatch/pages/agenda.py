"""Navigation, words and sources of meeting mode."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hookups import cards
from hookups.policies.meetings import desks
from hookups.rules.meetings import MUNICIPAL
from ningde_projects.organizations.actor import Actor
from ningde_projects.shell import navigation as nav
from ningde_projects.workflow import acts

from ..selectors import agenda_sources


def _runs_meetings(actor: Any) -> bool:
    return isinstance(actor, Actor) and any(desk.kind in MUNICIPAL for desk in desks(actor))


def register() -> None:
    """Called once when the app is ready."""
    agenda_sources.register(agenda_sources.PROBLEMS)
    cards.register_matters(agenda_sources.projects_with_problems)
    nav.register(
        nav.NavEntry("meeting_mode", _("Meeting mode"), "presentation", "dispatch:meeting_mode", _runs_meetings,
                     nav.WORK, 46)
    )  # fmt: skip
    acts.register("meeting", pgettext_lazy("acts", "Meeting"), {
        "draw_agenda": pgettext_lazy("act", "Agenda drawn"), "order_agenda": pgettext_lazy("act", "Agenda ordered"),
        "note_agenda": pgettext_lazy("act", "What was said noted"),
        "decide_agenda": pgettext_lazy("act", "Decision noted during the meeting"),
        "print_minutes": pgettext_lazy("act", "Minutes taken out as a document"),
    })  # fmt: skip
