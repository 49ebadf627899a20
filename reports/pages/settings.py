"""Navigation and words of the settings; what lies with a person, for the hand-over of accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import ADMIN_DUTIES, Duty
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from .. import handover


def register() -> None:
    """Called once when the app is ready."""
    handover.register()
    acts.register(
        "threshold", _("Threshold"),
        {
            "versioned": pgettext_lazy("act", "New value set"),
            "withdrawn": pgettext_lazy("act", "Coming value withdrawn"),
        },
        is_administrative=True,
    )  # fmt: skip
    acts.register(
        "category", pgettext_lazy("acts", "Category of problems"),
        {
            "added": pgettext_lazy("act", "Category added"),
            "replaced": pgettext_lazy("act", "Category replaced"),
            "ended": pgettext_lazy("act", "Category ended"),
        },
        is_administrative=True,
    )  # fmt: skip
    register_status("rule_now", "green", "check", pgettext_lazy("status", "In force"))
    register_status("rule_later", "sea", "clock-hour-4", pgettext_lazy("status", "Still to come"))
    nav.register(
        nav.NavEntry(
            "thresholds", _("Rules, categories and thresholds"), "adjustments-horizontal", "reports:rules",
            allowed=nav.has_duty(Duty.DISPATCH, *ADMIN_DUTIES), section=nav.SYSTEM, order=40,
        )
    )  # fmt: skip
