"""The tables of workflow/items.py tied to their models: who holds which office, and what an act is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import bind

from ..models import Item, TierList
from ..workflow.items import ITEM, TIER_LIST

_KIND = {"commission": OrgKind.COMMISSION, "municipal_government": OrgKind.MUNICIPAL_GOVERNMENT}


def offices_of_kind(kind: str) -> list[int]:
    return list(Organisation.objects.filter(kind=kind, is_active=True).values_list("pk", flat=True))


def unit_offices(unit: Organisation | None) -> set[int]:
    """The offices that do a unit's work: a county government's is done by its bureau as well."""
    if unit is None:
        return set()
    if unit.kind != OrgKind.COUNTY_GOVERNMENT:
        return {unit.pk}
    bureaus = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=unit.place_id)
    return {unit.pk, *bureaus.values_list("pk", flat=True)}


def _offices_of_list(tier_list: TierList, office: str) -> Iterable[int]:
    return offices_of_kind(_KIND[office])


def _about_list(tier_list: TierList) -> Mapping[str, Any]:
    return {"object_text": str(tier_list)}


def _offices_of_item(item: Item, office: str) -> Iterable[int]:
    return unit_offices(item.unit) if office == "unit" else offices_of_kind(_KIND[office])


def _about_item(item: Item) -> Mapping[str, Any]:
    return {
        "object_text": f"{item.number} {item.project.name}"[:200],
        "project_id": item.project_id,
        "place_id": item.place_id,
    }


list_binding = bind(TIER_LIST, TierList, offices=_offices_of_list, about=_about_list)
item_binding = bind(ITEM, Item, offices=_offices_of_item, about=_about_item)
