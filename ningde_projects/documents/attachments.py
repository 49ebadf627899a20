"""What pages show of the files of a record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ningde_projects.organizations.actor import Actor

from .models import Attachment
from .uploads import policy_of


@dataclass(frozen=True)
class Files:
    """The files of one record for one person: put it into the context as `files` and include
    "documents/inc/attachments.html". `reason` is why he may not add or remove, '' when he may."""

    subject_type: str
    subject_id: UUID
    attachments: tuple[Attachment, ...]
    can_change: bool
    reason: str


def attachments_of(actor: Actor, subject_type: str, subject_id: UUID) -> Files:
    """One query; Attachment.DoesNotExist when the record is hidden from this person and no file is readable."""
    policy = policy_of(subject_type)
    if policy is None:
        raise Attachment.DoesNotExist
    rows = Attachment.objects.filter(
        ~Q(state=Attachment.State.PENDING) | Q(uploaded_by=actor.user),
        subject_type=subject_type,
        subject_id=subject_id,
        removed_at=None,
    ).select_related("uploaded_by__organisation")
    readable = tuple(row for row in rows if policy.may_read(actor, row))
    reason = policy.refuse_change(actor, subject_id)
    if reason is None and not readable:
        raise Attachment.DoesNotExist
    return Files(subject_type, subject_id, readable, reason == "", str(reason or ""))
