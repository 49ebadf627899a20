"""Who answers for the sample projects: fictional people of the offices in charge (measures 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation

from . import grants
from .models import Post, Project, Responsible, Stage

SINCE = date(2025, 1, 1)


def seed_credit_codes() -> int:
    """Made-up codes for the made-up owners, so that what they file can be complete; real ones keep theirs blank."""
    owners = Organisation.objects.filter(kind=OrgKind.OWNER, name__contains="示例", credit_code="")
    rows = list(owners.order_by("place__order", "pk"))
    for number, owner in enumerate(rows, start=1):
        owner.credit_code = f"9135090000EX{number:06}"
    return int(Organisation.objects.bulk_update(rows, ["credit_code"]))


@transaction.atomic
def seed_responsibles() -> int:
    """Leaders and direct persons for projects under way that have none; answers how many it named."""
    people = _people()
    governments = dict(Organisation.objects.filter(kind=OrgKind.COUNTY_GOVERNMENT).values_list("place", "pk"))
    projects = (
        Project.objects.filter(stage=Stage.UNDER_WAY, responsibles__isnull=True)
        .select_related("place")
        .prefetch_related("parts")
    )
    rows = []
    for project in projects:
        for post, place, duty, office in _posts(project, governments):
            person = people.get((duty, office)) if office else None
            if person:
                rows.append(
                    Responsible(project=project, place_id=place, post=post, user_id=person, valid_from=SINCE)
                )
    Responsible.objects.bulk_create(rows)
    grants.follow((row.project_id, row.user_id) for row in rows)
    return len(rows)


def _posts(
    project: Project, governments: dict[int, int]
) -> Iterator[tuple[Post, int | None, Duty, int | None]]:
    """Each post of the project: for which place, which duty is looked for, in which office."""
    parts = [(p.place_id, p.county_department_id) for p in project.parts.all()]
    sides = parts or (
        [] if project.place.is_municipal else [(project.place_id, project.county_department_id)]
    )
    for place, department in sides:
        shown = place if parts else None
        yield Post.COUNTY_LEADER, shown, Duty.LEAD, governments.get(place)
        yield Post.COUNTY_DIRECT, shown, Duty.DIRECT, department
    yield Post.INDUSTRY_LEADER, None, Duty.LEAD, project.municipal_department_id
    yield Post.INDUSTRY_DIRECT, None, Duty.DIRECT, project.municipal_department_id


def _people() -> dict[tuple[str, int], int]:
    """(duty, organisation) -> the first sample person who holds it."""
    found: dict[tuple[str, int], int] = {}
    for duty, office, user in (
        Assignment.objects.filter(
            user__is_sample=True, duty__in=[Duty.LEAD, Duty.DIRECT], revoked_at__isnull=True
        )
        .order_by("pk")
        .values_list("duty", "organisation", "user")
    ):
        found.setdefault((duty, office), user)
    return found
