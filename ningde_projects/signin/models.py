"""Sessions with their owner, and the single-use links with which a person sets a new password."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Because(models.TextChoices):
    """Why a session is over; the person is told at the next request."""

    IDLE = "idle", _("Nothing was done for too long")
    LIMIT = "limit", _("The longest time for one sign-in is over")
    ELSEWHERE = "elsewhere", _("The account signed in elsewhere")
    PASSWORD = "password", _("The password was changed")  # noqa: S105 - a reason, no secret
    FACTOR = "factor", _("The second factor was changed")
    DUTY = "duty", _("The duties were changed")
    ENDED = "ended", _("The session was ended from another one")
    GONE = "gone", _("The sign-in is no longer valid")


class Session(AbstractBaseSession):
    """One sign-in of one browser. Ended in the table, it is over at the very next request (B9, B12)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField(help_text="How long nothing may be done, in seconds")
    duties_mark = models.CharField(max_length=32, blank=True, help_text="The duties held at sign-in, hashed")
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=Because.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-last_seen_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "last_seen_at"],
                condition=Q(ended_at__isnull=True),
                name="session_of_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def lapse(self, at: datetime) -> str:
        """Why it no longer holds at an instant; "" while it does."""
        if self.ended_at is not None:
            return self.ended_because or Because.GONE
        if self.expire_date <= at:
            return Because.LIMIT
        if self.user_id and at - self.last_seen_at >= timedelta(seconds=self.idle_seconds):
            return Because.IDLE
        return ""


class ResetLink(models.Model):
    """Lets its holder set a new password once, within a day. Only the token's hash is kept (B4)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="password_links"
    )
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="reset_link_span_not_reversed"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="reset_link_one_open_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.issued_at:%Y-%m-%d %H:%M}"

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    def holds(self, at: datetime) -> bool:
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at
