"""Many reports at once, for pages whose cost must not follow them. Rows are made in bulk, not walked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from ningde_projects.projects.models import Level, Project, Stage
from reports.models import Receipt, Report
from reports.workflow import ReportStatus
from tests.cast import Cast
from tests.reports.story import OCTOBER, november

_STATES = (ReportStatus.SUBMITTED, ReportStatus.RETURNED, ReportStatus.TODO, ReportStatus.ACCEPTED)


def many_reports(cast: Cast, number: int) -> list[Report]:
    """So many projects of 霞浦 with this month's and last month's reports, in all states in turn."""
    owner, bureau = cast.owner_xp.organisation, cast.bureau_xp.organisation
    department = cast.department_xp.organisation
    begun = Project.objects.count()
    projects = Project.objects.bulk_create(
        Project(
            name=f"批量项目{n:05d}", place=owner.place, owner=owner, county_department=department,
            level=Level.MUNICIPAL, stage=Stage.UNDER_WAY, total_investment=9000,
        )
        for n in range(begun, begun + number)
    )  # fmt: skip
    common: dict[str, Any] = {
        "place": owner.place, "owner": owner, "receiver": bureau, "department": department,
        "annual_plan": Decimal(1000), "due_at": november(8, 0),
    }  # fmt: skip
    before = Report.objects.bulk_create(
        Report(project=p, month=OCTOBER.previous, status=ReportStatus.ACCEPTED, **common, **_filed(n, 700))
        for n, p in enumerate(projects)
    )
    now = Report.objects.bulk_create(
        Report(
            project=p, month=OCTOBER, status=_STATES[n % 4], **common,
            **({} if _STATES[n % 4] == ReportStatus.TODO else _filed(n, 760)),
        )
        for n, p in enumerate(projects)
    )  # fmt: skip
    Receipt.objects.bulk_create(
        Receipt(report=r, organisation=office, decides=office == bureau, delivered_at=timezone.now())
        for r in now
        if r.submitted_at
        for office in (bureau, department)
    )
    assert len(before) == len(now)
    # As the database's own upkeep does it: without figures about the new rows its plans are guesses.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_project, reports_report, reports_receipt")
    return now


def _filed(n: int, year: int) -> dict[str, Any]:
    moment = november(3) + timedelta(minutes=n % 2000)
    return {
        "submission_count": 1, "first_submitted_at": moment, "submitted_at": moment, "month_investment": Decimal(60),
        "year_cumulative": Decimal(year), "total_cumulative": Decimal(year + 3000), "progress": "基础完成 40%",
        "problem_count": n % 3, "is_nil": n % 3 == 0,
    }  # fmt: skip
