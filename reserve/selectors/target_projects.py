"""The list behind a figure of completion: the same rows as page and file (M1.1, E2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.projects.querysets import ProjectQuerySet

from .entries import came_into_pool


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; what does not exist is left out."""

    year: int
    place: Place | None
    department: Organisation | None


def read_query(query: Mapping[str, str], year: int) -> Wanted:
    text = query.get("year", "")
    if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2099:
        year = int(text)
    place = Place.objects.filter(code=query.get("place", "")[:4]).first() if query.get("place") else None
    return Wanted(year, place, _department(query.get("department", "")))


def _department(text: str) -> Organisation | None:
    try:
        return Organisation.objects.filter(public_id=UUID(text)).first()
    except ValueError:
        return None


def listed(actor: Actor, wanted: Wanted) -> ProjectQuerySet:
    rows = came_into_pool(wanted.year).visible_to(actor)
    if wanted.place:
        rows = rows.filter(place=wanted.place)
    if wanted.department:
        rows = rows.filter(municipal_department=wanted.department)
    found: ProjectQuerySet = rows.select_related(
        "place", "owner", "municipal_department", "reserve_record"
    ).order_by("reserve_record__in_pool_since", "pk")  # fmt: skip
    return found


def in_words(wanted: Wanted) -> str:
    parts = [_("came into the reserve pool in {year}").format(year=wanted.year)]
    parts += [wanted.place.name] if wanted.place else []
    parts += [wanted.department.name] if wanted.department else []
    return "；".join(parts)
