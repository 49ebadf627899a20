"""Who may see which hookup list: the one rule for page, list and export (E4).

A list is the office's alone until it is first filed; then the commission sees it, and the county's government its
county's. The city's government sees what is on file. No county sees another's.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind

from ..workflow.lists import EDITABLE, ListStatus

_FILING_DUTIES = {
    OrgKind.COUNTY_BUREAU: (Duty.REVIEW, Duty.VIEW),
    OrgKind.MUNICIPAL_DEPARTMENT: (Duty.HANDLE, Duty.SIGN, Duty.VIEW),
    OrgKind.COMMISSION: (Duty.HANDLE, Duty.SIGN),
    OrgKind.OWNER: (Duty.REPORT, Duty.VIEW),
}


class HookupListQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> HookupListQuerySet:
        rule = Q(pk__in=[])
        for held in actor.held:
            if held.duty in BUSINESS_DUTIES:
                rule |= _seen_by(held)
        return self.filter(rule)

    def owed(self) -> HookupListQuerySet:
        """Begun, and still with the office."""
        return self.filter(status__in=EDITABLE)


def _seen_by(held: Held) -> Q:
    office = held.organisation
    rule = Q(pk__in=[])
    if held.duty in _FILING_DUTIES.get(OrgKind(office.kind), ()):
        rule |= Q(office=office.pk)
    if office.kind == OrgKind.COMMISSION and held.duty in (Duty.DISPATCH, Duty.VIEW):
        rule |= Q(first_filed_at__isnull=False)
    elif office.kind == OrgKind.MUNICIPAL_GOVERNMENT:
        rule |= Q(status=ListStatus.RECEIVED)
    elif office.kind == OrgKind.COUNTY_GOVERNMENT:
        rule |= Q(office__place=office.place_id, side="county", first_filed_at__isnull=False)
    return rule
