"""The door of these pages: administrators and strangers get 404, years out of reach too."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date

from ..models import HookupList
from ..policies.lists import side_of
from ..policies.meetings import is_outside
from ..selectors.coverage import FIRST_YEAR, scope_of, year_of


def year_asked(request: OfficeRequest) -> int:
    """The year of the address; nonsense means this one. The notice is of November 2023."""
    return year_of(request.GET.get("year", ""), local_date(request.now).year)


def years_of(request: OfficeRequest) -> list[int]:
    return list(range(local_date(request.now).year, FIRST_YEAR - 1, -1))


def at_work(actor: Actor) -> None:
    """404 for administrators, who know nothing of these pages; who has no duty at all is told so by the page."""
    if is_outside(actor):
        raise Http404


def concerned(actor: Actor) -> tuple[bool, list[Organisation]]:
    """Whose lists this person has to do with; 404 for those who have none."""
    everything, offices = scope_of(actor)
    if not everything and not offices:
        raise Http404
    return everything, offices


def office_asked(actor: Actor, public_id: UUID) -> Organisation:
    """An office that owes lists and is in this person's reach; hidden ones are not found."""
    everything, offices = concerned(actor)
    found = get_object_or_404(
        Organisation.objects.select_related("place"), public_id=public_id, is_active=True
    )
    if not side_of(found) or (not everything and found.pk not in {o.pk for o in offices}):
        raise Http404
    return found


def list_asked(request: OfficeRequest, public_id: UUID) -> HookupList:
    rows = HookupList.objects.visible_to(request.actor).select_related("office__place", "filed_by")
    found: HookupList = get_object_or_404(rows, public_id=public_id)
    return found
