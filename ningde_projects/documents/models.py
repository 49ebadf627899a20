"""Layouts of the official forms, imports, attachments, exports."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .paper.layout import Layout, LayoutError, bundled, bundled_versions
from .storage import attachment_path, export_path, import_path, private_storage


class LayoutVersion(models.Model):
    """A form layout that replaces the bundled one from a day on (measures.md, settled points 10 and 12)."""

    key = models.CharField(_("form"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True, help_text="Exclusive")
    layout = models.JSONField(_("layout"))

    class Meta:
        ordering: ClassVar = ["key", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="layout_version_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="layout_span_not_reversed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def clean(self) -> None:
        """The JSON must be a layout, of this key and version; every fault is named."""
        try:
            layout = Layout.from_json(self.layout)
        except LayoutError as wrong:
            raise ValidationError({"layout": wrong.problems}) from wrong
        if (layout.key, layout.version) != (self.key, self.version):
            raise ValidationError({"layout": _("Key and version inside the layout differ from this row.")})

    @classmethod
    def current(cls, key: str, on: date) -> Layout:
        """The layout in force on a day: a row of this table, else the newest that ships with the program."""
        row = (
            cls.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), key=key, valid_from__lte=on)
            .order_by("-valid_from", "-version")
            .first()
        )
        return Layout.from_json(row.layout) if row else bundled(key, bundled_versions(key)[-1])

    @classmethod
    def numbered(cls, key: str, version: int) -> Layout:
        """A certain version, also a past one; KeyError when there never was one."""
        row = cls.objects.filter(key=key, version=version).first()
        return Layout.from_json(row.layout) if row else bundled(key, version)


class ImportBatch(models.Model):
    """An uploaded table with the plan made of it; confirmed once, in one transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        PREVIEWED = "previewed", _("Awaiting confirmation")
        REFUSED = "refused", _("To be corrected")
        COMMITTED = "committed", _("Imported")
        EXPIRED = "expired", _("Expired")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports"
    )
    original_name = models.CharField(_("file"), max_length=255)
    file_kind = models.CharField(max_length=4)
    file = models.FileField(storage=private_storage, upload_to=import_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    plan = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    fingerprint = models.CharField(max_length=64, blank=True)
    errors = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="committed", committed_at__isnull=False)
                | (~Q(state="committed") & Q(committed_at__isnull=True)),
                name="import_committed_has_its_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "sha256"], name="import_same_file_again"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["waiting", "previewed", "refused"]),
                name="import_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.original_name}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be confirmed."""
        return self.state == self.State.PREVIEWED and at < self.expires_at


class Attachment(models.Model):
    """An uploaded file that belongs to a record of some app; handed out by that app's policy alone."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being scanned")
        CLEAN = "clean", _("Checked")
        BLOCKED = "blocked", _("Blocked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    original_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(storage=private_storage, upload_to=attachment_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    content_type = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices)
    blocked_reason = models.CharField(max_length=200, blank=True)
    declared_not_secret = models.BooleanField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments"
    )
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["uploaded_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(declared_not_secret=True), name="attachment_declared_not_secret"
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_per_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject"),
            models.Index(fields=["state"], condition=Q(state="pending"), name="attachment_to_scan"),
        ]

    def __str__(self) -> str:
        return self.original_name


class ExportJob(models.Model):
    """A long list written by a worker for one person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Queued")
        RUNNING = "running", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        REFUSED = "refused", _("No longer permitted")
        EXPIRED = "expired", _("Expired")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    params_digest = models.CharField(max_length=64)
    form = models.CharField(max_length=4)
    language = models.CharField(max_length=10)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    state = models.CharField(max_length=8, choices=State.choices)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to=export_path, max_length=120, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & Q(finished_at__isnull=False)),
                name="export_ready_has_its_file",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "kind", "params_digest", "form"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_not_twice_at_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["requested_by", "-created_at"], name="export_of_person"),
            models.Index(fields=["expires_at"], condition=~Q(state="expired"), name="export_to_expire"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
