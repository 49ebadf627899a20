"""How every key project stood at a month's end, judged in one go by the rule in force then (M8.2, point 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import translation

from ningde_projects.organizations.models import Place
from ningde_projects.periods.consequences import on_every_tick
from ningde_projects.periods.month import Month, local_date, reporting_month
from ningde_projects.projects.lights import Judgement, Node, Progress, judge
from ningde_projects.projects.models import Level, NodeKind, PlanNode, Project, ProjectPart, Stage
from ningde_projects.projects.rules import Light
from ningde_projects.projects.selectors import Thresholds
from reports.models import Report
from reports.models.reports import ReportKind
from reports.selectors.project_figures import figures_until

from ..models import Standing, TierList
from ..workflow.items import ListStatus
from . import totals

#: A list that is approved keeps the standings, and with them the rule, that it was made with.
_KEPT = (ListStatus.APPROVED, ListStatus.ISSUED)
_KEY = (Level.PROVINCIAL, Level.MUNICIPAL)
_WRITTEN = (
    "place", "light", "lags", "reasons", "annual_plan", "year_cumulative", "percent", "schedule", "ahead",
    "red_months", "rule", "judged_at",
)  # fmt: skip
#: A filing that was on its way while the month was judged is read by the next one.
_UNDERWAY = timedelta(minutes=2)
#: Serialises two assessments of one month; the number is ours alone.
_LOCK = 8_202


@dataclass(frozen=True)
class Subject:
    """A project, or a county's part of it, with what it is judged by."""

    project: int
    part: int | None
    place: int
    stage: str
    progress: Progress | None
    nodes: tuple[Node, ...]


def is_kept(month: Month) -> bool:
    """Whether the month's list is approved, so that its standings do not change any more."""
    return TierList.objects.filter(month=month, status__in=_KEPT).exists()


@transaction.atomic
def assess(month: Month, at: datetime) -> int:
    """Judge the key projects of a month anew; how many rows there are, 0 when they are kept. A fixed number of queries.

    Idempotent. What has left the lists since is taken out of the month again, as long as it is not kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, month.year * 100 + month.number])
    if is_kept(month):
        return 0
    amber = Thresholds(month)["amber_points"]
    rule = {"amber_points": str(amber), "schedule": "months / 12"}
    before = _red_before(month)
    with translation.override(settings.LANGUAGE_CODE):
        rows = [
            _standing(month, subject, judge(subject.stage, subject.progress, subject.nodes, month.last_day, amber),
                      before, rule, at)
            for subject in _subjects(month)
        ]  # fmt: skip
    Standing.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["project", "part", "month"],
        update_fields=_WRITTEN,
    )  # fmt: skip
    Standing.objects.filter(month=month).exclude(judged_at=at).delete()
    totals.count(month, list(Place.objects.values_list("pk", flat=True)), at)
    return len(rows)


def _standing(
    month: Month,
    subject: Subject,
    judged: Judgement,
    before: dict[tuple[int, int | None], int],
    rule: dict[str, str],
    at: datetime,
) -> Standing:
    progress = subject.progress
    rated = progress if progress and progress.planned else None
    red = judged.light == Light.RED
    return Standing(
        month=month, project_id=subject.project, part_id=subject.part, place_id=subject.place,
        light=judged.light.value, lags=",".join(lag.value for lag in judged.lags), reasons=list(judged.reasons),
        annual_plan=rated.planned if rated else None, year_cumulative=progress.done if progress else None,
        percent=rated.percent if rated else None, schedule=rated.schedule if rated else None,
        ahead=rated.ahead if rated else None,
        red_months=before.get((subject.project, subject.part), 0) + 1 if red else 0, rule=rule, judged_at=at,
    )  # fmt: skip


def _red_before(month: Month) -> dict[tuple[int, int | None], int]:
    rows = Standing.objects.filter(month=month.previous, red_months__gt=0).order_by()
    return {
        (project, part): n for project, part, n in rows.values_list("project_id", "part_id", "red_months")
    }


def _subjects(month: Month) -> Iterator[Subject]:
    """Key projects in preparation or under way, and those that reported in the month; then the parts of counties."""
    reported = Report.objects.filter(month=month, kind=ReportKind.MONTHLY).order_by().values("project")
    projects = Project.objects.filter(level__in=_KEY).filter(
        Q(stage__in=[Stage.PRELIMINARY, Stage.UNDER_WAY]) | Q(pk__in=reported)
    )
    stages = {
        pk: (place, stage) for pk, place, stage in projects.order_by().values_list("pk", "place_id", "stage")
    }
    whole, of_parts = figures_until(month)
    nodes = _open_nodes(month)
    for pk, (place, stage) in stages.items():
        yield Subject(pk, None, place, stage, whole.get(pk), tuple(nodes.get(pk, ())))
    for part, project, place in _parts(stages):
        yield Subject(project, part, place, stages[project][1], of_parts.get((project, part)), ())


def _parts(projects: Iterable[int]) -> Iterable[tuple[int, int, int]]:
    rows = ProjectPart.objects.filter(project__in=list(projects)).order_by()
    return rows.values_list("pk", "project_id", "place_id")


def _open_nodes(month: Month) -> dict[int, list[Node]]:
    """Start and completion nodes that were not reached at the month's end."""
    found: dict[int, list[Node]] = defaultdict(list)
    rows = PlanNode.objects.filter(
        Q(reached_on__isnull=True) | Q(reached_on__gt=month.last_day),
        kind__in=[NodeKind.START, NodeKind.COMPLETION],
        planned_on__lte=month.last_day,
    )
    for project, kind, planned_on in rows.values_list("project_id", "kind", "planned_on"):
        found[project].append(Node(kind, planned_on, None))
    return found


@on_every_tick("standing")
def keep_fresh(at: datetime) -> int:
    """Judge the running month anew when something was filed since, and once a day for what else has changed.

    Costs three short queries when there is nothing to do.
    """
    month = reporting_month(at)
    if is_kept(month):
        return 0
    judged = Standing.objects.filter(month=month).aggregate(latest=Max("judged_at"))["latest"]
    filed = Report.objects.filter(month=month, kind=ReportKind.MONTHLY)
    if judged is not None and local_date(judged) == local_date(at):
        since = judged - _UNDERWAY
        filed = filed.filter(Q(submitted_at__gt=since) | Q(accepted_at__gt=since) | Q(returned_at__gt=since))
    return assess(month, at) if filed.exists() else 0
