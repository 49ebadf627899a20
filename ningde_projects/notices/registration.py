"""What this app adds to the frame around the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import navigation as nav
from ningde_projects.workflow import acts

from . import digests as _digests  # registers the daily digest
from .models import Notice


def unread(actor: Any, at: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=actor.user, read_at__isnull=True)


def load() -> None:
    """Called once when the app is ready."""
    nav.register_link(nav.Link.NOTICES, "notices:inbox")
    nav.register_unread(unread)
    acts.register(
        "delivery", pgettext_lazy("acts", "Message"), {"resend": pgettext_lazy("act", "Sent again")},
        is_administrative=True,
    )  # fmt: skip
    nav.register(
        nav.NavEntry(
            "undelivered", _("Undelivered messages"), "mail-off", "notices:undelivered",
            nav.has_duty(Duty.ADMIN_SYSTEM), nav.SYSTEM, 60,
        )
    )  # fmt: skip


__all__ = ["_digests", "load", "unread"]
