"""More projects than are published, for drills and benchmarks: plain copies, named as such."""

from __future__ import annotations

import uuid

from ningde_projects.projects import grants
from ningde_projects.projects.models import AnnualPlan, Project, Responsible


def multiply(wanted: int) -> int:
    """Copy key projects under way until there are `wanted`; answers how many were added."""
    originals = list(Project.objects.key_under_way().filter(parts__isnull=True).order_by("pk"))
    have = Project.objects.key_under_way().count()
    added = 0
    round_number = 1
    while have + added < wanted and originals:
        round_number += 1
        batch = originals[: wanted - have - added]
        pairs = [(o, _copy(o, round_number)) for o in batch]
        Project.objects.bulk_create([copy for _o, copy in pairs])
        _copy_related(pairs)
        added += len(batch)
    return added


def _copy(original: Project, number: int) -> Project:
    values = {
        f.attname: getattr(original, f.attname) for f in Project._meta.concrete_fields if f.attname != "id"
    }
    values |= {"public_id": uuid.uuid4(), "code": "", "name": f"{original.name[:110]}（演练{number}）"}
    return Project(**values)


def _copy_related(pairs: list[tuple[Project, Project]]) -> None:
    copies = {o.pk: c for o, c in pairs}
    AnnualPlan.objects.bulk_create(
        AnnualPlan(project=copies[p.project_id], year=p.year, investment=p.investment, goal=p.goal)
        for p in AnnualPlan.objects.filter(project__in=copies, part__isnull=True)
    )
    rows = Responsible.objects.bulk_create(
        Responsible(
            project=copies[r.project_id], place=r.place, post=r.post, user=r.user, valid_from=r.valid_from
        )
        for r in Responsible.objects.filter(project__in=copies, valid_to__isnull=True)
    )
    grants.follow((row.project_id, row.user_id) for row in rows)
