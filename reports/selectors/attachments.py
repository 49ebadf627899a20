"""The evidence of a report: who reads it and who adds to it follows from the report (M5.1, settled point 16)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.documents.attachments import Files, attachments_of
from ningde_projects.documents.models import Attachment
from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty

from ..models import Report
from ..workflow import EDITABLE

SUBJECT = "report"


def files_of(actor: Actor, report: Report) -> Files:
    """The files of a report that this person may see."""
    return attachments_of(actor, SUBJECT, report.public_id)


def may_read(actor: Actor, attachment: Attachment) -> bool:
    """Whoever sees the report; what is still being drafted is its owner's alone."""
    return readable_reports(actor).filter(public_id=attachment.subject_id).exists()


def readable_reports(actor: Actor) -> QuerySet[Report]:
    """The reports whose files this person reads: one rule for the download and for the project's page."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return rows.filter(Q(submission_count__gt=0) | Q(owner__in=actor.offices(Duty.REPORT)))


def refuse_change(actor: Actor, subject_id: UUID) -> str | None:
    """Its owner, while the form is open."""
    report = _seen(actor, subject_id)
    if report is None:
        return None
    if not actor.has(Duty.REPORT, [report.owner_id]):
        return _("Only the owner adds files to a report.")
    if report.status not in EDITABLE:
        return _("The report has been filed; its files can be changed when it is returned or corrected.")
    return ""


def _seen(actor: Actor, public_id: UUID) -> Report | None:
    found = Report.objects.visible_to(actor).filter(public_id=public_id).first()
    return found if isinstance(found, Report) else None


def register() -> None:
    """Called once when the app is ready."""
    register_attachment_policy(SUBJECT, may_read, refuse_change)
