"""Navigation, home and files of the cockpit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import register_export
from ningde_projects.shell import navigation as nav

from ..exports.cockpit import EXPORTS
from ..policies.cockpit import may_read


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("cockpit", _("Dispatch cockpit"), "gauge", "dispatch:cockpit", may_read, nav.WORK, 5, mobile=True,
                     mobile_label=pgettext_lazy("tab", "Cockpit")),
    )  # fmt: skip
    for export in EXPORTS:
        register_export(export)
