"""The paper forms' entry in the navigation, their words in the record, and the import of offline sheets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import navigation as nav
from ningde_projects.workflow import acts

from .. import imports
from ..paper.exports import EXPORT


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("offline", _("Offline and blank forms"), "file-spreadsheet", "reports:offline_upload",
                     nav.has_duty(Duty.REPORT), nav.HELP, 20),
    )  # fmt: skip
    acts.register("paper", _("Paper forms"), {
        "annex1": _("Annex 1 exported"),
        "annex1_month": _("Annex 1 of a month exported"),
        "annex1_blank": _("Blank form taken"),
        "offline": _("Workbook for offline work taken"),
        "annex2": _("Annex 2 exported"),
        "annex2_all": _("Annex 2 of all counties exported"),
    })  # fmt: skip
    imports.register()
    register_export(EXPORT)
