"""Take a file in, remove it, scan it; each with its line in the record."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from .. import conf, gate
from ..models import Attachment
from ..refusals import FileRefused
from ..scanner import ScannerDown, scan
from ..storage import scratch
from ..uploads import CONTENT_TYPES, accept, policy_of

_RECORD = "attachment"


def receive(
    upload: UploadedFile[Any],
    subject_type: str,
    subject_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    declared: bool,
) -> Attachment:
    """Keep a file that passed every look; the same bytes for the same record are kept once.

    Raises FileRefused about the file, RuleBroken for a missing declaration, NotAllowed by the record's policy.
    """
    require_change(actor, subject_type, subject_id)
    if not declared:
        raise RuleBroken(
            _("Confirm that the file holds no state secrets: secret files must not be put on this network."),
            field="declared",
        )
    gate.check_size(upload.size or 0, conf.max_upload_bytes())
    with scratch() as folder:
        path = folder / "received"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        accepted = accept(path, upload.name or "", folder)
        with accepted.path.open("rb") as kept:
            attachment = Attachment(
                subject_type=subject_type,
                subject_id=subject_id,
                original_name=accepted.name,
                sha256=hashlib.file_digest(kept, "sha256").hexdigest(),
                size=accepted.path.stat().st_size,
                content_type=CONTENT_TYPES[accepted.kind],
                state=Attachment.State.PENDING if conf.scanner_address() else Attachment.State.CLEAN,
                declared_not_secret=True,
                uploaded_by=actor.user,
                uploaded_at=at,
            )
            kept.seek(0)
            return _keep(attachment, File(kept), actor, at)


def _keep(attachment: Attachment, kept: File[Any], actor: Actor, at: datetime) -> Attachment:
    """File first, row second: a row never lacks its file; a file without a row is swept away."""
    same = _same(attachment)
    if same is not None:
        return same
    attachment.file.save(attachment.original_name, kept, save=False)
    try:
        with transaction.atomic():
            _check_room(attachment)
            attachment.save()
            record(_RECORD, "upload", by=actor, at=at, obj=attachment, data=_facts(attachment))
    except BaseException as wrong:
        attachment.file.storage.delete(attachment.file.name or "")
        same = _same(attachment) if isinstance(wrong, IntegrityError) else None
        if same is not None:
            return same
        raise
    return attachment


def _same(attachment: Attachment) -> Attachment | None:
    return Attachment.objects.filter(
        subject_type=attachment.subject_type,
        subject_id=attachment.subject_id,
        sha256=attachment.sha256,
        removed_at=None,
    ).first()


def _check_room(attachment: Attachment) -> None:
    """Two uploads at once cannot both take the last place: the record's number is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(attachment.subject_id)])
    used = Attachment.objects.filter(
        subject_type=attachment.subject_type, subject_id=attachment.subject_id, removed_at=None
    ).aggregate(files=Count("pk"), size=Sum("size"))
    if used["files"] >= conf.max_subject_files():
        raise FileRefused(
            "count",
            _("There are {number} files already, no more are allowed").format(number=used["files"]),
            _("Remove files that are no longer needed."),
        )
    if (used["size"] or 0) + attachment.size > conf.max_subject_bytes():
        raise FileRefused(
            "room",
            _("All files together may have {limit} MB").format(
                limit=conf.max_subject_bytes() // conf.MEGABYTE
            ),
            _("Remove files that are no longer needed."),
        )


def _facts(attachment: Attachment) -> dict[str, object]:
    return {
        "subject_type": attachment.subject_type,
        "subject": str(attachment.subject_id),
        "sha256": attachment.sha256,
        "size": attachment.size,
    }


def require_change(actor: Actor, subject_type: str, subject_id: UUID) -> None:
    """NotAllowed with the policy's reason; Attachment.DoesNotExist when the record is hidden from this person."""
    policy = policy_of(subject_type)
    reason = policy.refuse_change(actor, subject_id) if policy else None
    if reason is None:
        raise Attachment.DoesNotExist
    if reason:
        raise NotAllowed(reason)


def readable(actor: Actor, public_id: UUID) -> Attachment:
    """The attachment, when this person may read it; DoesNotExist otherwise.

    While it is being scanned only the person who uploaded it sees it.
    """
    attachment = Attachment.objects.select_related("uploaded_by").get(public_id=public_id, removed_at=None)
    policy = policy_of(attachment.subject_type)
    if policy is None or not policy.may_read(actor, attachment):
        raise Attachment.DoesNotExist
    if attachment.state == Attachment.State.PENDING and attachment.uploaded_by_id != actor.user.pk:
        raise Attachment.DoesNotExist
    return attachment


def hand_out(actor: Actor, public_id: UUID, at: datetime) -> Attachment:
    """For a download: readable, not blocked, and noted in the record."""
    attachment = readable(actor, public_id)
    if attachment.state == Attachment.State.BLOCKED:
        raise WrongState(_("This file is blocked: {reason}").format(reason=attachment.blocked_reason))
    record(_RECORD, "download", by=actor, at=at, obj=attachment, data=_facts(attachment))
    return attachment


def remove(actor: Actor, public_id: UUID, at: datetime) -> Attachment:
    """Takes a file off the record; row and bytes stay for the retention time, nobody sees them any more."""
    attachment = readable(actor, public_id)
    require_change(actor, attachment.subject_type, attachment.subject_id)
    with transaction.atomic():
        moved = Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(
            removed_at=at, removed_by=actor.user
        )
        if moved:
            record(_RECORD, "remove", by=actor, at=at, obj=attachment, data=_facts(attachment))
    return attachment


def scan_pending(at: datetime) -> int:
    """Ask the scanner about what waits; while it is down everything stays pending."""
    address = conf.scanner_address()
    count = 0
    if not address:
        return count
    for attachment in Attachment.objects.filter(state=Attachment.State.PENDING, removed_at=None)[:200]:
        try:
            with attachment.file.open("rb") as file:
                found = scan(address, file)
        except ScannerDown:
            break
        state = Attachment.State.BLOCKED if found else Attachment.State.CLEAN
        with transaction.atomic():
            Attachment.objects.filter(pk=attachment.pk, state=Attachment.State.PENDING).update(
                state=state, blocked_reason=(found or "")[:200]
            )
            data = _facts(attachment) | {"found": found or ""}
            record(_RECORD, f"scan_{state}", by=SystemActor(at), at=at, obj=attachment, data=data)
        count += 1
    return count
