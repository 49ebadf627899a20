"""Maturity of many records at once: a fixed number of statements, whatever their number (M1.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.selectors import Thresholds

from ..models import FundingLine, ItemKind, ItemState, ProjectItem, ReserveRecord
from ..rules.maturity import Standing, maturity_of


def recompute(records: Iterable[int] | None, at: datetime) -> int:
    """Set the maturity of these records (None: of all) as the rule of today has it; answers how many changed."""
    month, rows = Month.at(at), ReserveRecord.objects.all()
    if records is not None:
        rows = rows.filter(pk__in=list(records))
    thresholds, standings = Thresholds(month), standings_of(rows.values_list("project_id", flat=True), at)
    changed: dict[str, list[int]] = defaultdict(list)
    for pk, project_id, before in rows.values_list("pk", "project_id", "maturity"):
        after = maturity_of(standings[project_id], thresholds)  # type: ignore[arg-type]
        if after != before:
            changed[after].append(pk)
    for maturity, pks in changed.items():
        ReserveRecord.objects.filter(pk__in=pks).update(maturity=maturity)
    return sum(len(pks) for pks in changed.values())


def standings_of(project_ids: Iterable[int], at: datetime) -> dict[int, Standing]:
    """What the rule judges by, for each of these projects that has a reserve record; three statements."""
    wanted = list(project_ids)
    required = _required(Month.at(at))
    states = ProjectItem.objects.filter(project__in=wanted, kind__in=[pk for pk, _kind in required])
    today = local_date(at)
    approved = Counter(
        states.filter(state=ItemState.APPROVED)
        .filter(Q(valid_until=None) | Q(valid_until__gte=today))
        .values_list("project_id", "kind__applies_to")
    )
    spared = Counter(states.filter(state=ItemState.NOT_NEEDED).values_list("project_id", "kind__applies_to"))
    settled = dict(
        FundingLine.objects.filter(record__project__in=wanted, settled=True)
        .values_list("record__project_id")
        .annotate(sum=Sum("amount"))
    )
    rows = ReserveRecord.objects.filter(project__in=wanted).values_list(
        "project_id", "project__investment_kind", "project__total_investment"
    )
    found = {}
    for pk, investment_kind, total in rows:
        kinds = {"", investment_kind}
        needed = sum(1 for _pk, applies in required if applies in kinds)
        needed -= sum(spared[pk, applies] for applies in kinds)
        done = sum(approved[pk, applies] for applies in kinds)
        found[pk] = Standing(max(needed, 0), done, settled.get(pk) or Decimal(0), total)
    return found


def _required(month: Month) -> list[tuple[int, str]]:
    kinds = ItemKind.objects.filter(required=True, valid_from__lte=month).filter(
        Q(valid_to=None) | Q(valid_to__gte=month)
    )
    return list(kinds.values_list("pk", "applies_to"))
