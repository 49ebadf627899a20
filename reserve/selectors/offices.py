"""The two sides of every matrix of this app: the reporting places, and the departments that lead an industry."""

from __future__ import annotations

from django.db.models import QuerySet

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place


def commission_ids() -> frozenset[int]:
    return frozenset(Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True))


def government_ids() -> frozenset[int]:
    return frozenset(
        Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT).values_list("pk", flat=True)
    )


def reporting_places() -> list[Place]:
    """The nine counties and 东侨 (settled point 1)."""
    return list(Place.objects.filter(is_municipal=False))


def industry_departments() -> QuerySet[Organisation]:
    """Municipal offices that lead an industry; the commission leads energy itself."""
    return Organisation.objects.filter(
        kind__in=[OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION], is_active=True,
        pk__in=Organisation.industries.through.objects.values("organisation_id"),
    ).order_by("order", "pk")  # fmt: skip


def county_offices(actor: Actor) -> list[Organisation]:
    """The county bureaus and county departments that this person acts for: own first."""
    wanted = {OrgKind.COUNTY_BUREAU: Duty.REVIEW, OrgKind.COUNTY_DEPARTMENT: Duty.HANDLE}
    held = [h for h in actor.held if wanted.get(OrgKind(h.organisation.kind)) == h.duty]
    found = {h.organisation.pk: h.organisation for h in sorted(held, key=lambda h: h.principal is not None)}
    return list(found.values())
