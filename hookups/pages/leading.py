"""The leader's page in the navigation, and as a home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

#: Duties whose own desk is the home: those who do the daily work of an office start there.
_OTHER_HOME = (Duty.REPORT, Duty.REVIEW, Duty.APPROVE, Duty.HANDLE, Duty.DISPATCH, Duty.SCORE)
leads = nav.has_duty(Duty.LEAD, Duty.DIRECT)


def starts_here(actor: Any) -> bool:
    """Leaders and direct responsible persons who have no other desk; the commission's leaders start with the month."""
    is_city = any(h.organisation.kind == "commission" and h.duty == Duty.VIEW for h in actor.held)
    return leads(actor) and not is_city and not any(actor.has(duty) for duty in _OTHER_HOME)


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("leading", _("Projects I answer for"), "user-star", "hookups:leading", starts_here, nav.WORK, 4,
                     mobile=True, mobile_label=pgettext_lazy("tab", "Mine")),
        nav.NavEntry("leading_too", _("Projects I answer for"), "user-star", "hookups:leading",
                     lambda actor: leads(actor) and not starts_here(actor), nav.WORK, 50, mobile=True,
                     mobile_label=pgettext_lazy("tab", "Mine")),
    )  # fmt: skip
    home.register_home(starts_here, "hookups:leading", order=90)
