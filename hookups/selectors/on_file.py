"""Which posts the lists of the year cover, so that only a filed change moves them (M3.4), and which came after filing."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.posts_on_file import Key, OnFile

from ..models import HookupLine, HookupList
from ..policies.lists import filing_offices
from ..workflow.lists import ListStatus
from .slots import Slot, slots_of, slots_of_project


def on_file(project: Project, actor: Actor) -> Mapping[Key, OnFile]:
    """Posts whose office has sent its list of the year; those that the list came too early for included."""
    slots = slots_of_project(project)
    year = local_date(actor.at).year
    lists = {
        row.office_id: row
        for row in HookupList.objects.filter(
            year=year, number=0, office__in={slot.office_id for slot in slots},
            status__in=[ListStatus.FILED, ListStatus.RECEIVED],
        ).select_related("office")
    }  # fmt: skip
    if not lists:
        return {}
    lines = {
        (line.post, line.place_id): line
        for line in HookupLine.objects.filter(list__in=lists.values(), project=project)
    }
    own = {office.pk for office in filing_offices(actor)}
    found: dict[Key, OnFile] = {}
    for slot in slots:
        annual = lists.get(slot.office_id)
        if annual is not None:
            key = (str(slot.post), slot.place.pk if slot.place else None)
            url = _door(annual, lines.get(key), slot) if annual.office_id in own else ""
            found[key] = OnFile(_reason(annual), url)
    return found


def _reason(annual: HookupList) -> str:
    if annual.status == ListStatus.FILED:
        words = _(
            "The list of {office} for {year} is with the commission; persons change once it is on file."
        )
    else:
        words = _("{office} has its list of {year} on file; persons change by a change that it files (M3.4).")
    return words.format(office=annual.office.short_name, year=annual.year)


def _door(annual: HookupList, line: HookupLine | None, slot: Slot) -> str:
    if annual.status == ListStatus.FILED:
        return reverse("hookups:list", args=[annual.public_id])
    if line is not None:
        return reverse("hookups:list_change", args=[annual.public_id, line.public_id])
    return name_url(annual, slot)


def name_url(annual: HookupList, slot: Slot) -> str:
    """Where a post that came after filing is named."""
    url = reverse("hookups:list_name", args=[annual.public_id, slot.project.public_id, str(slot.post)])
    return f"{url}?place={slot.place.code}" if slot.place else url


def since_filing(annual: HookupList) -> list[Slot]:
    """Posts of the office that neither the list of the year nor a change of it has a line for."""
    known = set(
        HookupLine.objects.filter(list__office=annual.office_id, list__year=annual.year).values_list(
            "project_id", "place_id", "post"
        )
    )
    return [s for s in slots_of([annual.office]).get(annual.office_id, []) if s.key not in known]
