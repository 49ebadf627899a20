"""Navigation and file of the lag analysis."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import register_export
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.shell import navigation as nav

from ..exports.lag import EXPORT
from ..policies.lag import may_read

#: Owners and the persons who answer for single projects have these on their own pages.
_KINDS = (
    OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_BUREAU,
    OrgKind.COUNTY_GOVERNMENT,
)  # fmt: skip


def _watches(actor: Any) -> bool:
    return isinstance(actor, Actor) and may_read(actor) and any(
        held.organisation.kind in _KINDS and held.duty != Duty.STATISTICS for held in actor.held
    )  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavEntry("lag", _("Lag analysis"), "chart-line", "dispatch:lag", _watches, nav.PROJECTS, 45)
    )
    register_export(EXPORT)
