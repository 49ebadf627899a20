"""What the event log says of accounts: machine "account", and the names of its acts in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.actor import AnyActor, Held, SystemActor
from ningde_projects.organizations.models import User
from ningde_projects.security.addresses import client_address
from ningde_projects.workflow.door import record

MACHINE = "account"

#: For the pages that show the record.
ACTS: Mapping[str, str | Promise] = {
    "signed_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "locked_out": _("Locked after failed sign-ins"),
    "unlocked": _("Unlocked"),
    "signed_out": _("Signed out"),
    "session_ended": _("Session ended"),
    "password_changed": _("Password changed"),
    "reset_link_issued": _("Link for a new password issued"),
    "password_reset": _("Password set by link"),
    "factor_enrolled": _("Second factor set up"),
    "factor_removed": _("Second factor removed"),
    "recovery_codes_issued": _("Recovery codes issued"),
    "settings_changed": _("Own settings changed"),
}


def note(
    name: str,
    *,
    by: AnyActor,
    at: datetime,
    user: User | None = None,
    data: Mapping[str, Any] | None = None,
    holder: Held | None = None,
) -> None:
    """Append an act about an account."""
    if name not in ACTS:
        raise ValueError(f"unknown act {name!r}")
    record(MACHINE, name, by=by, at=at, obj=user, data=data, holder=holder)


def nobody(request: HttpRequest, at: datetime) -> SystemActor:
    """Who acts while nobody is signed in: the system notes where the attempt came from."""
    return SystemActor(at, ip=client_address(request), request_id=getattr(request, "request_id", ""))
