"""Navigation entries of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import navigation as nav


def load() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("deadlines", _("Deadlines and calendar"), "calendar-time", "periods:deadlines",
                     nav.has_duty(Duty.DISPATCH, Duty.REVIEW, Duty.APPROVE, Duty.HANDLE, Duty.SIGN, Duty.REPORT),
                     nav.HELP, 20),
        nav.NavEntry("jobs", _("Runs of the deadlines"), "activity", "periods:jobs", nav.has_duty(Duty.ADMIN_SYSTEM),
                     nav.SYSTEM, 50),
    )  # fmt: skip
