"""What time does to the pool: approvals lapse, projects grow stale. Announced once; what is true is computed (M1.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.services import notify_each
from ningde_projects.organizations.actor import in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Delegation, Organisation, User
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.models import JobRun
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Management, Project
from ningde_projects.projects.selectors import Thresholds

from ..models import ProjectItem, ReserveRecord
from ..querysets.records import POOL_STAGES
from ..rules.stale import stale_before
from ..workflow.records import PoolStatus
from .maturity import recompute


@on_every_tick("reserve_items")
@transaction.atomic
def warn_of_lapsing(at: datetime) -> int:
    """Each end of validity is told twice to those who keep the project: 90 and 30 days before (settings)."""
    today, limits = local_date(at), Thresholds(Month.at(at))
    told = 0
    for column, key in (
        ("warned_last_for", "item_warn_last_days"),
        ("warned_first_for", "item_warn_first_days"),
    ):
        days = int(limits[key])
        due = ProjectItem.objects.lapsing(today, days).filter(valid_until__gte=today)
        due = due.filter(Q(**{f"{column}__isnull": True}) | ~Q(**{column: F("valid_until")}))
        rows = list(due.select_related("project", "kind").order_by("valid_until", "pk"))
        if not rows:
            continue
        lines = [(row.project, f"{row.project.name} {row.kind.name}") for row in rows]
        told += _digest(
            "reserve_lapsing", lines, at, f"lapsing:{days}:{today}", {"days": days}, "?lapsing=yes"
        )
        # The last warning stands for the first as well: nobody is told twice on one day.
        columns = [column, "warned_first_for"] if column == "warned_last_for" else [column]
        ProjectItem.objects.filter(pk__in=[row.pk for row in rows]).update(
            **{name: F("valid_until") for name in columns}
        )
    return told


@on_every_tick("reserve_stale")
@transaction.atomic
def remind_of_stale(at: datetime) -> int:
    """Once for each time that a record grows stale."""
    months = int(Thresholds(Month.at(at))["stale_months"])
    due = ReserveRecord.objects.filter(
        status=PoolStatus.POOLED, project__stage__in=POOL_STAGES, stale_warned_at=None,
        last_updated_at__lt=stale_before(at, months),
    )  # fmt: skip
    rows = list(due.select_related("project").order_by("last_updated_at", "pk"))
    if not rows:
        return 0
    lines = [(row.project, row.project.name) for row in rows]
    told = _digest("reserve_stale", lines, at, f"stale:{local_date(at)}", {"months": months}, "?stale=yes")
    ReserveRecord.objects.filter(pk__in=[row.pk for row in rows]).update(stale_warned_at=at)
    return told


@on_every_tick("reserve_maturity", _("Readiness of reserve projects, once a day"))
def ripen(at: datetime) -> int:
    """Approvals that lapsed overnight and thresholds of a new month, once a day; the first tick of the day does it."""
    with transaction.atomic():
        _run, first = JobRun.objects.get_or_create(
            job="reserve_maturity", period=str(local_date(at)), defaults={"due_at": at, "done_at": at}
        )
        return recompute(None, at) if first else 0


def _digest(
    kind: str,
    lines: Iterable[tuple[Project, str]],
    at: datetime,
    dedupe: str,
    more: Mapping[str, Any],
    query: str,
) -> int:
    """One message for each person, about everything of his; the offices' people are read in three statements."""
    lines = list(lines)
    people = _people_of([project for project, _text in lines], at)
    mine: dict[int, list[str]] = defaultdict(list)
    users: dict[int, User] = {}
    for project, text in lines:
        for user in people[project.pk].values():
            users[user.pk] = user
            mine[user.pk].append(text)
    url = reverse("reserve:pool") + query
    messages = [
        (users[pk], {"count": len(texts), "first": texts[0], **more}, url) for pk, texts in mine.items()
    ]
    return notify_each(kind, messages, at=at, dedupe=dedupe)


def _people_of(projects: Iterable[Project], at: datetime) -> dict[int, dict[int, User]]:
    """By project: who reports for its owner, reviews for its bureau, handles for its departments."""
    projects = list(projects)
    bureaus = dict(Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU).values_list("place_id", "pk"))
    wanted: dict[int, list[tuple[int, str]]] = {}
    for project in projects:
        offices = [(project.owner_id, Duty.REPORT)]
        offices += [
            (pk, Duty.HANDLE) for pk in (project.county_department_id, project.municipal_department_id) if pk
        ]
        if project.management == Management.COUNTY and project.place_id in bureaus:
            offices.append((bureaus[project.place_id], Duty.REVIEW))
        wanted[project.pk] = [(pk, str(duty)) for pk, duty in offices]
    held: dict[tuple[int, str], dict[int, User]] = defaultdict(dict)
    every = {pk for offices in wanted.values() for pk, _duty in offices}
    rule = in_force(at) & Q(organisation__in=every)
    for row in Assignment.objects.filter(rule, user__is_active=True).select_related("user"):
        held[row.organisation_id, row.duty][row.user_id] = row.user
    for acting in Delegation.objects.filter(rule, delegate__is_active=True).select_related("delegate"):
        held[acting.organisation_id, acting.duty][acting.delegate_id] = acting.delegate
    return {
        pk: {uid: user for office in offices for uid, user in held[office].items()}
        for pk, offices in wanted.items()
    }
