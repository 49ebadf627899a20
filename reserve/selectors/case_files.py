"""The files of a case: who reads and who adds follows from the case (M2.2, settled point 16)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.documents.attachments import Files, attachments_of
from ningde_projects.documents.models import Attachment
from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor

from ..models import Case
from ..services.cases import editing_refusal

SUBJECT = "case"


def files_of(actor: Actor, case: Case) -> Files:
    return attachments_of(actor, SUBJECT, case.public_id)


def may_read(actor: Actor, attachment: Attachment) -> bool:
    return _seen(actor, attachment.subject_id) is not None


def refuse_change(actor: Actor, subject_id: UUID) -> str | None:
    """The filing office, while the case is with it."""
    case = _seen(actor, subject_id)
    if case is None:
        return None
    return (
        _("Files are added by the filing office while the case is with it.")
        if editing_refusal(case, actor)
        else ""
    )


def _seen(actor: Actor, public_id: UUID) -> Case | None:
    found = (
        Case.objects.visible_to(actor).select_related("filer", "project").filter(public_id=public_id).first()
    )
    return found if isinstance(found, Case) else None


def register() -> None:
    """Called once when the app is ready."""
    register_attachment_policy(SUBJECT, may_read, refuse_change)
