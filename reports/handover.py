"""Problems that lie with a person, as the hand-over of an account sees them (M4.1, point 15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations import handover
from ningde_projects.organizations.actor import Actor, in_force
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, User
from ningde_projects.shell.formats import full_date
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken

from .models import Holding
from .models.problems import HolderKind

_DUTY = {HolderKind.DIRECT: Duty.DIRECT, HolderKind.LEADER: Duty.LEAD}


def items(user: User, at: datetime) -> list[handover.OpenItem]:
    return _lines(_open(user))


def items_about(user: User, projects: Collection[int], at: datetime) -> list[handover.OpenItem]:
    return _lines(_open(user).filter(problem__project__in=projects))


def _lines(holdings: QuerySet[Holding]) -> list[handover.OpenItem]:
    rows = holdings.select_related("problem__project").order_by("due_at", "pk")
    return [
        handover.OpenItem(
            f"{row.problem.number} {row.problem.project.name}",
            _("with the person since {day}").format(day=full_date(row.since))
            + (_(", due {day}").format(day=full_date(row.due_at)) if row.due_at else ""),
            reverse("reports:problem", args=[row.problem.public_id]),
        )
        for row in rows
    ]


def move(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    """The same holding goes on with the successor, its clock too: the office's days are the office's."""
    rows = list(_open(leaver).select_for_update(of=("self",)).select_related("problem"))
    held = set(Assignment.objects.filter(in_force(at), user=successor).values_list("duty", flat=True))
    for row in rows:
        duty = _DUTY.get(HolderKind(row.kind))
        if duty is not None and duty not in held:
            raise RuleBroken(
                _(
                    "{name} lacks the duty “{duty}” for the problems; choose another person, or have the security "
                    "administrator grant it first."
                ).format(name=successor.name, duty=duty.label),
                field="successor",
            )
    _give(rows, leaver, successor, by, at)


def move_about(leaver: User, successor: User, projects: Collection[int], by: Actor, at: datetime) -> None:
    """What the successor's duty covers; the rest stays, for the leaver may answer in another post still."""
    duties = set(Assignment.objects.filter(in_force(at), user=successor).values_list("duty", flat=True))
    kinds = [kind for kind, duty in _DUTY.items() if duty in duties]
    rows = _open(leaver).filter(problem__project__in=projects, kind__in=kinds)
    _give(list(rows.select_for_update(of=("self",)).select_related("problem")), leaver, successor, by, at)


def _give(rows: list[Holding], leaver: User, successor: User, by: Actor, at: datetime) -> None:
    for row in rows:
        row.user = successor
        row.organisation = successor.organisation
        row.save()
        record(
            "holding", "handed_over", by=by, at=at, obj=row, text=row.problem.number,
            project_id=row.problem.project_id, place_id=row.problem.place_id,
            data={"before": leaver.name, "after": successor.name},
        )  # fmt: skip


def _open(user: User) -> QuerySet[Holding]:
    return Holding.objects.filter(user=user, until__isnull=True)


def register() -> None:
    handover.register(
        handover.HandoverSource(
            "holding", gettext_lazy("Problems in hand"), items, move, items_about, move_about
        )
    )
