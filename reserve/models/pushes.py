"""Pushes of pool projects to the national library and the provincial platform (M1.3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.storage import export_path, private_storage

from ..querysets.pushes import PushQuerySet
from ..workflow.pushes import PushStatus, PushTo


@pghistory.track()
class PushRequirement(models.Model):
    """Which facts a target asks for, from a day on (settled point 10). Without a row the bundled list holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.CharField(_("platform"), max_length=12, choices=PushTo.choices)
    number = models.PositiveSmallIntegerField(_("edition"))
    valid_from = models.DateField(_("valid from"))
    fields = models.JSONField(_("required fields"))
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["target", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "number"], name="push_requirement_edition_once"),
            models.UniqueConstraint(fields=["target", "valid_from"], name="push_requirement_one_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.number}"


class PushBatch(models.Model):
    """A file as it was handed over; the bytes are kept and never written again."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.CharField(_("platform"), max_length=12, choices=PushTo.choices)
    number = models.CharField(_("batch"), max_length=20, unique=True)
    adapter = models.CharField(max_length=30)
    requirement = models.PositiveSmallIntegerField(
        help_text="Edition of the required fields; 0 = the bundled one"
    )
    count = models.PositiveIntegerField(_("projects"))
    file = models.FileField(storage=private_storage, upload_to=export_path, max_length=120)
    file_name = models.CharField(_("file"), max_length=200)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by_text = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class Push(models.Model):
    """One project and one target, for life; each batch that carried it is in `lines`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="pushes")
    target = models.CharField(_("platform"), max_length=12, choices=PushTo.choices)
    status = models.CharField(
        _("state"), max_length=10, choices=PushStatus.choices, default=PushStatus.WAITING
    )
    queued_at = models.DateTimeField()
    batch = models.ForeignKey(
        PushBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="pushes"
    )
    pushed_at = models.DateTimeField(_("pushed on"), null=True, blank=True)
    outside_number = models.CharField(_("number there"), max_length=60, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    return_reason = models.TextField(_("reason of the return"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PushQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["project__place__order", "project", "target"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "target"], name="push_once_per_target"),
            models.UniqueConstraint(
                fields=["target", "outside_number"], condition=~Q(outside_number=""), name="push_outside_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="registered") | (~Q(outside_number="") & Q(registered_on__isnull=False)),
                name="push_registered_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | (~Q(return_reason="") & Q(returned_on__isnull=False)),
                name="push_returned_has_reason_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["pushed", "registered", "returned"]) | Q(batch__isnull=False),
                name="push_sent_in_a_batch",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["target", "status"], name="push_by_state")]

    def __str__(self) -> str:
        return f"{self.project} → {self.get_target_display()}"

    @property
    def status_chip(self) -> str:
        """Code of the state's word in the vocabulary of states."""
        return f"push_{self.status}"


class PushLine(models.Model):
    """That a project went with a batch, with the values that went."""

    append_only = True

    batch = models.ForeignKey(PushBatch, on_delete=models.PROTECT, related_name="lines")
    push = models.ForeignKey(Push, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        ordering: ClassVar = ["batch", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "push"], name="push_line_once_per_batch")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.order}"
