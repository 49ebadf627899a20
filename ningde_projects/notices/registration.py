"""What this app adds to the frame around the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import Duty
from ningde_projects.shell import navigation as nav

from . import digests as _digests  # registers the daily digest
from .models import Notice


def unread(actor: Any, at: datetime) -> int:
    return Notice.objects.filter(recipient=actor.user, read_at__isnull=True).count()


def load() -> None:
    """Called once when the app is ready."""
    nav.register_link(nav.Link.NOTICES, "notices:inbox")
    nav.register_unread(unread)
    nav.register(
        nav.NavEntry(
            "undelivered", _("Undelivered messages"), "mail-off", "notices:undelivered",
            nav.has_duty(Duty.ADMIN_SYSTEM), nav.SYSTEM, 60,
        )
    )  # fmt: skip


__all__ = ["_digests", "load", "unread"]
