"""Who may see which list, item and standing: the one rule for page, list, export and figure (E4).

The commission drafts; the municipal government reads a list from the moment it is submitted. Once issued, an item is
read by its units, by the offices of its county, by the industry's department, by the persons who answer for the
project, by its owner and by oversight; no county reads another county's items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.organizations.offices import holds

from ..workflow.items import ITEM_UNSETTLED, ItemStatus, ListStatus

NOTHING = Q(pk__in=[])
_COUNTY = (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)
_DRAFTS = (ItemStatus.PROPOSED, ItemStatus.REMOVED)
#: A list that the municipal government has before it.
_BEFORE_THE_CITY = (ListStatus.APPROVING, ListStatus.APPROVED, ListStatus.ISSUED)


#: Who draws up the lists, and the commission's own leaders.
watches_city = holds((OrgKind.COMMISSION,), Duty.DISPATCH, Duty.SIGN, Duty.VIEW)


def _union(actor: Actor, rule: Callable[[Held], Q]) -> Q:
    found = NOTHING
    for held in actor.held:
        if held.duty in BUSINESS_DUTIES:
            found |= rule(held)
    return found


def _of_project(held: Held, prefix: str) -> Q:
    """Projects that concern this office; `prefix` leads to the project ("project__")."""
    office = held.organisation
    if office.kind == OrgKind.MUNICIPAL_DEPARTMENT:
        return Q(**{f"{prefix}municipal_department": office.pk})
    if office.kind == OrgKind.COUNTY_DEPARTMENT:
        return Q(**{f"{prefix}county_department": office.pk}) | Q(
            **{f"{prefix}parts__county_department": office.pk}
        )
    if office.kind == OrgKind.OWNER:
        return Q(**{f"{prefix}owner": office.pk}) | Q(**{f"{prefix}parts__owner": office.pk})
    return NOTHING


class TierListQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TierListQuerySet:
        """The lists themselves; whoever sees an item only reads the item."""
        if watches_city(actor):
            return self
        if any(h.organisation.kind == OrgKind.MUNICIPAL_GOVERNMENT for h in actor.held):
            return self.filter(status__in=_BEFORE_THE_CITY)
        if actor.held and any(h.duty in BUSINESS_DUTIES for h in actor.held):
            return self.filter(status=ListStatus.ISSUED)
        return self.none()


class ItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ItemQuerySet:
        if watches_city(actor):
            return self

        def rule(held: Held) -> Q:
            office = held.organisation
            if office.kind == OrgKind.MUNICIPAL_GOVERNMENT:
                return ~Q(status__in=_DRAFTS) | Q(listings__list__status__in=_BEFORE_THE_CITY)
            found = Q(unit=office.pk) | Q(co_units=office.pk)
            if office.kind in _COUNTY:
                found |= Q(place=office.place_id)
            if held.duty == Duty.SUPERVISE:
                found |= Q(pk__isnull=False)
            person = (held.principal or actor.user).pk
            found |= Q(leader=person) | Q(project__responsibles__user=person)
            return (found | _of_project(held, "project__")) & ~Q(status__in=_DRAFTS)

        return self.filter(
            pk__in=self.model._default_manager.filter(_union(actor, rule)).order_by().values("pk")
        )

    def unsettled(self) -> ItemQuerySet:
        return self.filter(status__in=ITEM_UNSETTLED)


class StandingQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> StandingQuerySet:
        """How projects stand, month by month: as far as the project itself is seen, and a county its own parts."""
        projects = apps.get_model("projects", "Project")._default_manager
        rows = self.filter(project__in=projects.visible_to(actor).order_by().values("pk"))
        if any(h.organisation.kind in (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.MUNICIPAL_DEPARTMENT,
                                       OrgKind.OVERSIGHT, OrgKind.OWNER) for h in actor.held):  # fmt: skip
            return rows
        places = {h.organisation.place_id for h in actor.held if h.duty in BUSINESS_DUTIES}
        return rows.filter(Q(part__isnull=True) | Q(part__place__in=places))
