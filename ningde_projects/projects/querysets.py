"""The one visibility rule for projects: list, page, export and API ask it (E4)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """What follows from organisation and duty; administrators see no project by their office."""
        return self.filter(visibility(actor))

    def key_under_way(self) -> ProjectQuerySet:
        """Key projects that owe a report every month (M5.1)."""
        return self.filter(level__in=["provincial", "municipal"], stage="under_way")

    def search(self, text: str) -> ProjectQuerySet:
        """Every word somewhere in name, code, owner or township; two Chinese characters are enough."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__icontains=word)
                | Q(owner__name__icontains=word)
                | Q(township__icontains=word)
            )
        return found

    def with_year_plan(self, year: int) -> ProjectQuerySet:
        """`year_plan`: the plan of the whole project, else the sum over its parts (figures add up once)."""
        plans = apps.get_model("projects", "AnnualPlan")._default_manager.filter(
            project=OuterRef("pk"), year=year
        )
        parts = plans.filter(part__isnull=False).order_by().values("project").annotate(sum=Sum("investment"))
        found: ProjectQuerySet = self.annotate(
            year_plan=Coalesce(
                Subquery(plans.filter(part__isnull=True).values("investment")[:1]),
                Subquery(parts.values("sum")),
            )
        )
        return found


def visibility(actor: Actor, prefix: str = "") -> Q:
    """The rule as a condition; `prefix` is the path from another model to its project ("project__")."""
    rule = Q(pk__in=[])
    for held in actor.held:
        if held.duty == Duty.STATISTICS:
            rule |= Q(**{f"{prefix}pk__isnull": False})
        elif held.duty in BUSINESS_DUTIES:
            rule |= _of_office(
                held.organisation.kind, held.organisation.pk, held.organisation.place_id, prefix
            )
        if held.duty in (Duty.LEAD, Duty.DIRECT):
            rule |= _of_person((held.principal or actor.user).pk, prefix)
    return rule


def _of_office(kind: str, organisation_id: int, place_id: int, prefix: str) -> Q:
    if kind in (OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT):
        return Q(**{f"{prefix}pk__isnull": False})
    if kind == OrgKind.MUNICIPAL_DEPARTMENT:
        return Q(**{f"{prefix}municipal_department": organisation_id})
    if kind in (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT):
        return Q(**{f"{prefix}place": place_id}) | _through_part(prefix, place=place_id)
    if kind == OrgKind.COUNTY_DEPARTMENT:
        return Q(**{f"{prefix}county_department": organisation_id}) | _through_part(
            prefix, county_department=organisation_id
        )
    if kind == OrgKind.OWNER:
        return Q(**{f"{prefix}owner": organisation_id}) | _through_part(prefix, owner=organisation_id)
    return Q(pk__in=[])


def _through_part(prefix: str, **part: int) -> Q:
    """Some other county's part leads here; the part model is asked for late, since it imports this module."""
    parts = apps.get_model("projects", "ProjectPart")._default_manager
    return Q(Exists(parts.filter(project=OuterRef(f"{prefix}pk"), **part)))


def _of_person(user_id: int, prefix: str) -> Q:
    people = apps.get_model("projects", "Responsible")._default_manager
    return Q(Exists(people.filter(project=OuterRef(f"{prefix}pk"), user=user_id, valid_to__isnull=True)))
