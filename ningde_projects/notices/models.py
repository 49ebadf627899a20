"""Inbox and outbox. A notice is a row of the transaction that caused it; channels are fed from the outbox only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    DINGTALK = "dingtalk", _("DingTalk group")
    WECOM = "wecom", _("WeCom group")
    FEISHU = "feishu", _("Feishu group")


class Notice(models.Model):
    """One message to one person: kind and parameters, worded when it is read, in the reader's language."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    #: The same matter is told to the same person once.
    dedupe = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "dedupe"], name="notice_once_per_matter")
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-at"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread_count"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"


class Digest(models.Model):
    """What an office's group chat is told once a day: the titles of its people's notices, counted, no contents."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, related_name="digests"
    )
    day = models.DateField()
    at = models.DateTimeField()
    #: [{"kind", "params", "people"}]; worded when it is sent.
    lines = models.JSONField(default=list)
    count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "day"], name="digest_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    DEAD = "dead", _("Given up")


class Delivery(models.Model):
    """One sending of one notice or digest over one channel: leased, marked sent after success, tried again after
    failure. `public_id` goes out with it, so that a receiver can drop what comes twice.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="deliveries")
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="deliveries")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    #: Where a person is told. A group chat's address is a secret: it stays with the organisation, and "" here.
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    #: When the first attempt was made; a day later it is given up.
    first_tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "channel", "address"], name="delivery_once_per_address"
            ),
            models.UniqueConstraint(fields=["digest", "channel"], name="delivery_once_per_digest"),
            models.CheckConstraint(
                condition=Q(notice__isnull=True, digest__isnull=False)
                | Q(notice__isnull=False, digest__isnull=True),
                name="delivery_of_notice_or_digest",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["waiting", "failed"]), name="delivery_to_dispatch"
            ),
            models.Index(fields=["-next_at"], condition=Q(state="dead"), name="delivery_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
