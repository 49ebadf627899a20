"""What was given to a person by name, as the hand-over of an account sees it (point 15)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations import handover
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.shell.formats import full_date
from ningde_projects.workflow.door import record

from ..models import Decision


def items(user: User, at: datetime) -> list[handover.OpenItem]:
    return [
        handover.OpenItem(
            row.text[:60],
            _("due {day}").format(day=full_date(row.due_on)) if row.due_on else "",
            reverse("hookups:decision", args=[row.public_id]),
        )
        for row in _open(user).order_by("due_on", "pk")
    ]


def move(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    """The unit stays responsible; the successor is the person named from now on."""
    for row in _open(leaver).select_for_update(of=("self",)).select_related("session"):
        row.person, row.person_text = successor, successor.name
        row.version += 1
        row.save()
        record("decision", "hand_over", by=by, at=at, obj=row, project_id=row.project_id,
               place_id=row.session.place_id, data={"before": leaver.name, "after": successor.name})  # fmt: skip


def _open(user: User) -> QuerySet[Decision]:
    rows: QuerySet[Decision] = Decision.objects.unsettled().filter(person=user)
    return rows


def register() -> None:
    handover.register(handover.HandoverSource("decision", gettext_lazy("Decisions of meetings"), items, move))
