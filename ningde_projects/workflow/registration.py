"""What this app ties together when it is ready: navigation, words of the record, its export."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import home
from ningde_projects.shell import navigation as nav

from . import acts, upkeep  # upkeep registers its notices
from .exports import EXPORT

__all__ = ["load", "upkeep"]


def load() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("records", _("Record of acts"), "history", "workflow:records", nav.has_duty(Duty.ADMIN_AUDIT),
                     nav.SYSTEM, 10, mobile=True)
    )  # fmt: skip
    home.register_home(nav.has_duty(Duty.ADMIN_AUDIT), "workflow:records")
    register_export(EXPORT)
    acts.register_facts(
        {
            "month": _("Month"), "duty": _("Duty"), "organisation": _("Organisation"), "until": _("until"),
            "from": _("from"), "before": _("before"), "after": _("after"), "rows": _("Rows"), "rule": _("Rule"),
            "kind": _("Kind"), "changed": _("Changed fields"), "count": _("Number"), "reports": _("Reports"),
            "missing": _("Missing"), "late": _("late"), "received": _("Received"), "organisations": _("Organisations"),
            "form": _("File form"), "params": _("Filters"), "sessions": _("Sessions ended"), "fields": _("Fields"),
            "principal": _("Acting for"), "delegate": _("Acting person"), "account": _("Account"),
            "note": _("Note"), "is_workday": _("Working day"), "name": _("Name"), "why": _("Reason"),
        }
    )  # fmt: skip
