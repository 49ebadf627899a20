"""Posts of responsible persons, as the hand-over of an account sees them (point 15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations import handover
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken

from . import grants
from .models import Post, Project, Responsible, Stage
from .rules import rank_error
from .selectors import candidates


def items(user: User, at: datetime) -> list[handover.OpenItem]:
    rows = (
        _open(user)
        .select_related("project__place", "place")
        .order_by("project__place__order", "project", "post")
    )
    return [
        handover.OpenItem(
            row.project.name,
            f"{(row.place or row.project.place).name} · {Post(row.post).label}",
            reverse("projects:detail", args=[row.project.public_id]),
        )
        for row in rows
    ]


def move(leaver: User, successor: User, by: Actor, at: datetime) -> None:
    """The successor answers from today on; whoever cannot (duty, rank) is refused with the posts named."""
    today = local_date(at)
    rows = list(_open(leaver).select_for_update(of=("self",)).select_related("project__place", "place"))
    wrong = [reason for row in rows if (reason := _refusal(row, successor, at))]
    if wrong:
        raise RuleBroken("；".join(dict.fromkeys(wrong)), field="successor")
    for row in rows:
        row.valid_to = max(today - timedelta(days=1), row.valid_from)
        row.version += 1
        row.save()
        Responsible.objects.create(
            project=row.project, post=row.post, place=row.place, user=successor, valid_from=today
        )
        record(
            "project", "assign", by=by, at=at, obj=row.project, project_id=row.project_id,
            place_id=row.project.place_id,
            data={"post": row.post, "place": row.place.name if row.place else "", "before": leaver.name,
                  "after": successor.name, "since": today.isoformat()},
        )  # fmt: skip
    grants.follow((row.project_id, user.pk) for row in rows for user in (leaver, successor))


def _refusal(row: Responsible, successor: User, at: datetime) -> str:
    if not candidates(row.project, row.post, row.place, at).filter(pk=successor.pk).exists():
        return _(
            "{name} lacks the duty for the post “{post}”; choose another person, or have the security administrator "
            "grant it first."
        ).format(name=successor.name, post=Post(row.post).label)
    return str(rank_error(row.post, successor.rank))


def _open(user: User) -> QuerySet[Responsible]:
    return Responsible.objects.filter(user=user, valid_to__isnull=True)


def obstacles(organisation: Organisation) -> list[str]:
    """An owner or department with projects under way cannot be closed."""
    over = (Stage.COMPLETED, Stage.EXITED)
    found = 0
    if organisation.kind == OrgKind.OWNER:
        found = Project.objects.filter(owner=organisation).exclude(stage__in=over).count()
        found += Project.objects.filter(parts__owner=organisation).exclude(stage__in=over).distinct().count()
    elif organisation.kind in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COUNTY_DEPARTMENT):
        found = (
            Project.objects.filter(municipal_department=organisation).exclude(stage__in=over).count()
            + Project.objects.filter(county_department=organisation).exclude(stage__in=over).count()
        )
    if not found:
        return []
    return [
        _("{n} projects that are not over name it; give them another owner or department first.").format(
            n=found
        )
    ]


def load() -> None:
    handover.register(
        handover.HandoverSource("responsible", gettext_lazy("Posts of responsible persons"), items, move)
    )
    handover.register_obstacle(obstacles)
