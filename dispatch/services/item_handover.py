"""Items on which a person is named as responsible leader, as the hand-over of an account sees them (point 15)."""

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

from ..models import Item
from ..workflow.items import ITEM_UNSETTLED


def items(user: User, at: datetime) -> list[handover.OpenItem]:
    return [
        handover.OpenItem(
            f"{row.number} {row.project.name}"[:60],
            _("due {day}").format(day=full_date(row.due_on)) if row.due_on else "",
            reverse("dispatch:item", args=[row.public_id]),
        )
        for row in _open(user).select_related("project").order_by("due_on", "pk")
    ]


def move(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    """The unit stays responsible; the successor is the leader named from now on."""
    for row in _open(leaver).select_for_update(of=("self",)):
        row.leader, row.leader_text = successor, ""
        row.version += 1
        row.save()
        record("dispatch_item", "hand_over", by=by, at=at, obj=row, project_id=row.project_id,
               place_id=row.place_id, data={"before": leaver.name, "after": successor.name})  # fmt: skip


def _open(user: User) -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(status__in=ITEM_UNSETTLED, leader=user)
    return rows


def register() -> None:
    handover.register(handover.HandoverSource("dispatch_item", gettext_lazy("Three-tier list"), items, move))
