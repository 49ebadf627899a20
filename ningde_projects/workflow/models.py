"""The event log that nobody can alter, and the keys that make a repeated request one act."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Act(models.Model):
    """What was done: who, for whom, when, from where, to what, why. Appended by the one door only (E3).

    The database refuses UPDATE, DELETE and TRUNCATE (trigger and rights). Names are kept as they were.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("time"), help_text="The instant that the act counts for")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    machine = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("act"), max_length=40)
    object_id = models.BigIntegerField(null=True)
    object_public_id = models.UUIDField(null=True)
    object_text = models.CharField(_("object"), max_length=200, blank=True)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="acts"
    )
    user_text = models.CharField(_("person"), max_length=60, blank=True)
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="acts_by_delegate"
    )
    principal_text = models.CharField(_("acting for"), max_length=60, blank=True)
    organisation = models.ForeignKey(
        "organizations.Organisation", on_delete=models.PROTECT, null=True, related_name="acts"
    )
    organisation_text = models.CharField(_("organisation"), max_length=80, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(default=dict, blank=True)
    #: The project that the act is about, and the place; plain numbers, since this room knows no projects.
    project_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    ip = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    #: The same id stands in every history row that the act wrote (`history.py`).
    context_id = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["machine", "object_id", "id"], name="act_history_of_object"),
            models.Index(fields=["project_id", "id"], name="act_history_of_project"),
            models.Index(fields=["user", "id"], name="act_by_person"),
            models.Index(fields=["organisation", "id"], name="act_by_organisation"),
            models.Index(fields=["at"], name="act_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.machine}.{self.name} #{self.object_id}"


class Seal(models.Model):
    """A hash over settled acts, chained: a changed, missing or inserted act is located by `verify_record`.

    `rows` holds (id, hash) of each act, so that the very act is named and not only its minute.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    #: Which columns were hashed, and how: `seals.LAYOUTS`. Columns added later do not unsettle old seals.
    layout = models.PositiveSmallIntegerField()
    rows = models.BinaryField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"


class IdempotencyKey(models.Model):
    """A form's key and what came of it: a double click or a repeated request is one act (`idempotency.py`)."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    location = models.TextField(blank=True)
    #: What a program was answered, for the API.
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    status = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "user"], name="idempotency_key_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_key_expiry")]

    def __str__(self) -> str:
        return str(self.key)
