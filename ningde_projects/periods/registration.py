"""Navigation entries of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import navigation as nav
from ningde_projects.workflow import acts


def load() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("deadlines", _("Deadlines and calendar"), "calendar-time", "periods:deadlines",
                     nav.has_duty(Duty.DISPATCH, Duty.REVIEW, Duty.APPROVE, Duty.HANDLE, Duty.SIGN, Duty.REPORT),
                     nav.HELP, 20),
        nav.NavEntry("deadlines_kept", _("Deadlines and calendar"), "calendar-time", "periods:deadlines",
                     nav.has_duty(Duty.ADMIN_SYSTEM), nav.SYSTEM, 45),
        nav.NavEntry("jobs", _("Runs of the deadlines"), "activity", "periods:jobs", nav.has_duty(Duty.ADMIN_SYSTEM),
                     nav.SYSTEM, 50),
    )  # fmt: skip
    acts.register(
        "period", pgettext_lazy("acts", "Month and deadlines"),
        {
            "open_month": pgettext_lazy("act", "Month opened"),
            "extend_deadline": pgettext_lazy("act", "Deadline extended"),
            "new_rule": pgettext_lazy("act", "Rule of a deadline set"),
            "enter_days": pgettext_lazy("act", "Days entered in the calendar"),
            "remove_day": pgettext_lazy("act", "Day taken out of the calendar"),
        },
        is_administrative=True,
    )  # fmt: skip
