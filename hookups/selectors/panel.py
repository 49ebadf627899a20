"""The project page's panel: under which list each post is on file, and who was filed before (M3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post, Project

from ..models import HookupLine, HookupList, MajorPick
from ..workflow.lists import ListStatus

MOST = 4


@dataclass(frozen=True)
class Filed:
    line: HookupLine
    #: Empty where this person may not open the list.
    url: str


@dataclass(frozen=True)
class PostRow:
    post: str
    place: Place | None
    filed: list[Filed]


def panel_of(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """Three queries; nothing for projects that are no key projects."""
    if not project.is_key:
        return None
    year = local_date(at).year
    lines = list(
        HookupLine.objects.filter(project=project, list__status=ListStatus.RECEIVED)
        .select_related("list__office", "place")
        .order_by("-list__year", "-list__number")
    )
    pick = MajorPick.objects.filter(project=project, year=year, withdrawn_at__isnull=True).first()
    if not lines and pick is None:
        return None
    seen = set(
        HookupList.objects.visible_to(actor)
        .filter(pk__in={line.list_id for line in lines})
        .values_list("pk", flat=True)
    )
    return {
        "year": year,
        "is_major": pick is not None,
        "pick": pick,
        "rows": [_row(key, group, seen) for key, group in _grouped(lines).items()],
    }


def _grouped(lines: list[HookupLine]) -> dict[tuple[str, int | None], list[HookupLine]]:
    order = list(Post.values)
    found: dict[tuple[str, int | None], list[HookupLine]] = {}
    for line in lines:
        found.setdefault((line.post, line.place_id), []).append(line)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or 0)))


def _row(key: tuple[str, int | None], lines: list[HookupLine], seen: set[int]) -> PostRow:
    filed = [
        Filed(line, reverse("hookups:list", args=[line.list.public_id]) if line.list_id in seen else "")
        for line in lines[:MOST]
    ]
    return PostRow(str(Post(key[0]).label), lines[0].place, filed)
