"""Navigation of the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

from .acts import register


def load() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("records", _("Record of acts"), "history", "workflow:records", nav.has_duty(Duty.ADMIN_AUDIT),
                     nav.SYSTEM, 10, mobile=True)
    )  # fmt: skip
    home.register_home(nav.has_duty(Duty.ADMIN_AUDIT), "workflow:records")
    register("record", _("Record of acts"), {"export": _("Export")})
