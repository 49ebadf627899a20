"""Drafts and returned applications that a leaver has in hand go to the successor (point 15)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations import handover
from ningde_projects.organizations.actor import Actor, load_actor
from ningde_projects.organizations.models import User
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .models import Application
from .policies.applications import filing_right
from .workflow.applications import EDITABLE


def items(user: User, at: datetime) -> list[handover.OpenItem]:
    """Reviews wait for an office, not for a person; what a person has begun waits for him."""
    return [
        handover.OpenItem(
            str(row), row.get_status_display(), reverse("reserve:application", args=[row.public_id])
        )
        for row in _open(user)
    ]


def move(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    rows = list(_open(leaver).select_for_update(of=("self",)))
    taker = load_actor(successor, at)
    for row in rows:
        if isinstance(filing_right(taker, row.applicant_id), NotAllowed):
            raise RuleBroken(
                _("{name} does not file for {office}; choose another person, or have the security administrator "
                  "grant the duty first.").format(name=successor.name, office=row.applicant.short_name),
                field="successor",
            )  # fmt: skip
    for row in rows:
        row.created_by = successor
        row.version += 1
        row.save(update_fields=["created_by", "version"])
        record(
            "reserve_application", "handed_over", by=by, at=at, obj=row,
            project_id=row.project_id, place_id=row.applicant.place_id,
            data={"before": leaver.name, "after": successor.name},
        )  # fmt: skip


def _open(user: User) -> QuerySet[Application]:
    rows = Application.objects.filter(created_by=user, status__in=EDITABLE)
    return rows.select_related("applicant")


def load() -> None:
    handover.register(
        handover.HandoverSource(
            "reserve_application", gettext_lazy("Reserve applications in hand"), items, move
        )
    )
