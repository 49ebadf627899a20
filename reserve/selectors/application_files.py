"""The files of a reserve application: who reads and who adds follows from the application (M1.2, settled point 16)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.documents.attachments import Files, attachments_of
from ningde_projects.documents.models import Attachment
from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.refusals import NotAllowed

from ..models import Application
from ..policies.applications import filing_right
from ..workflow.applications import EDITABLE

SUBJECT = "reserve_application"


def files_of(actor: Actor, application: Application) -> Files:
    return attachments_of(actor, SUBJECT, application.public_id)


def may_read(actor: Actor, attachment: Attachment) -> bool:
    """Like the text: what is added while the applicant works on it is his alone until he files."""
    found = _seen(actor, attachment.subject_id)
    if found is None:
        return False
    if found.status not in EDITABLE or _is_applicant(actor, found):
        return True
    return found.submitted_at is not None and attachment.uploaded_at <= found.submitted_at


def refuse_change(actor: Actor, subject_id: UUID) -> str | None:
    """The applicant, while the application is with him."""
    found = _seen(actor, subject_id)
    if found is None:
        return None
    if found.status in EDITABLE and _is_applicant(actor, found):
        return ""
    return _("Files are added by the applicant while the application is with him.")


def _is_applicant(actor: Actor, application: Application) -> bool:
    return not isinstance(filing_right(actor, application.applicant_id), NotAllowed)


def _seen(actor: Actor, public_id: UUID) -> Application | None:
    found = Application.objects.visible_to(actor).filter(public_id=public_id).first()
    return found if isinstance(found, Application) else None


def register() -> None:
    """Called once when the app is ready."""
    register_attachment_policy(SUBJECT, may_read, refuse_change)
