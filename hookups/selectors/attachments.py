"""Files of a meeting and of a decision: who reads them, who adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor

from ..models import Decision, Session
from ..querysets.meetings import kept_by, whole
from ..workflow.meetings import UNSETTLED, WORKER_DUTIES, SessionStatus

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ningde_projects.documents.models import Attachment

MEETING_FILES, DECISION_FILES = "meeting", "decision"


def _reads_meeting(actor: Actor, attachment: Attachment) -> bool:
    return bool(Session.objects.filter(whole(actor), public_id=attachment.subject_id).exists())


def _meeting_change(actor: Actor, subject_id: UUID) -> StrOrPromise | None:
    """The signed minutes are often scanned after the record was made, so the record's side adds them then too."""
    session = Session.objects.filter(whole(actor), public_id=subject_id).first()
    if session is None:
        return None
    if not Session.objects.filter(kept_by(actor), pk=session.pk).exists():
        return _("Files are added by the office that keeps the record of the meeting.")
    return _("This meeting has been withdrawn.") if session.status == SessionStatus.WITHDRAWN else ""


def _reads_decision(actor: Actor, attachment: Attachment) -> bool:
    return bool(Decision.objects.visible_to(actor).filter(public_id=attachment.subject_id).exists())


def _decision_change(actor: Actor, subject_id: UUID) -> StrOrPromise | None:
    decision = Decision.objects.visible_to(actor).filter(public_id=subject_id).first()
    if decision is None:
        return None
    if decision.unit_id not in actor.offices(*WORKER_DUTIES):
        return _("Evidence is added by the responsible unit.")
    return "" if decision.status in UNSETTLED else _("This is settled; nothing is added any more.")


def register() -> None:
    """Called once when the app is ready."""
    register_attachment_policy(MEETING_FILES, _reads_meeting, _meeting_change)
    register_attachment_policy(DECISION_FILES, _reads_decision, _decision_change)
