"""The data: published projects and one month played through the real services, copied until there are enough.

Only the month that pages show is filed in bulk, since walking thousands of reports through the door is what figure 4
measures; its rows are those that a filing leaves.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from benchmarks import databases
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, User
from ningde_projects.periods.month import Month, reporting_month
from reports.models import Category, Problem, ProblemStatement, Report
from reports.services.opening import open_month
from reports.simulation.multiply import multiply

_FILED = """
UPDATE reports_report SET status = (ARRAY['submitted', 'returned', 'accepted', 'submitted'])[1 + id %% 4],
    submission_count = 1, first_submitted_at = %(at)s, submitted_at = %(at)s, month_investment = 60,
    year_cumulative = 760, total_cumulative = 3760, progress = '基础完成 40%%', problem_count = (id %% 3)::int,
    is_nil = (id %% 3 = 0)
WHERE month = %(month)s AND kind = 'monthly' AND id %% 5 > 0
"""
_RECEIVED = """
INSERT INTO reports_receipt (public_id, report_id, organisation_id, decides, status, version, delivered_at, note)
SELECT gen_random_uuid(), r.id, o.id, o.id = r.receiver_id, 'waiting', 1, r.submitted_at, ''
FROM reports_report r JOIN organizations_organisation o ON o.id IN (r.receiver_id, r.department_id)
WHERE r.month = %(month)s AND r.submitted_at IS NOT NULL
"""


def month_played() -> Month:
    return reporting_month(timezone.now()).previous


def month_shown() -> Month:
    return reporting_month(timezone.now())


def build_base(name: str, template: str, published: int) -> None:
    """Offices, people, the first `published` of the published projects, and one month played."""
    databases.make(name, template)
    databases.manage(name, "apply_roles")
    databases.manage(name, "load_basics")
    source = settings.BASE_DIR / "sample_data"
    rows = (source / "real_projects.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "projects.csv"
        file.write_text("".join(rows[: published + 1]), encoding="utf-8")
        townships = str(source / "ningde_townships.csv")
        databases.manage(name, "load_projects", str(file), "--assume-key", "--townships", townships)
    databases.manage(name, "seed_people")
    month = str(month_played())
    databases.manage(name, "simulate", "--from", month, "--to", month)
    databases.tidy(name)


def build_copy(name: str, base: str, projects: int) -> None:
    """The same with so many projects; the month shown is not open yet."""
    databases.make(name, base)
    databases.use(name)
    multiply(projects)
    databases.tidy(name)


def open_shown(name: str) -> None:
    databases.use(name)
    open_month(month_shown(), month_shown().next.start)
    databases.tidy(name)


def report_shown(name: str) -> None:
    """Four of five reports of the month filed, in all states, a third of them with a problem."""
    databases.use(name)
    at = month_shown().next.start + timedelta(days=3)
    values: dict[str, Any] = {"month": str(month_shown()), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_FILED, values)
        cursor.execute(_RECEIVED, values)
    filed = list(
        Report.objects.filter(month=month_shown(), problem_count=1)
        .select_related("place", "owner")
        .order_by("pk")
    )
    categories = list(Category.objects.all())
    reporter = User.objects.order_by("pk")[0]
    problems = Problem.objects.bulk_create(
        (
            Problem(
                number=f"B{report.pk}", project_id=report.project_id, part_id=report.part_id, place=report.place,
                owner=report.owner, category=categories[number % len(categories)], description="管线迁改方案未定",
                occurred_on=at.date(), level="county", request="确定迁改方案", impact_amount=Decimal(100),
                reported_at=at, reported_by=reporter, first_report=report, first_month=report.month,
            )
            for number, report in enumerate(filed)
        ),
        batch_size=1000,
    )  # fmt: skip
    ProblemStatement.objects.bulk_create(
        (
            ProblemStatement(problem=problem, report=report, month=report.month, answer="new", at=at)
            for problem, report in zip(problems, filed, strict=True)
        ),
        batch_size=1000,
    )
    databases.tidy(name)


def fullest_place(month: Month) -> tuple[str, int]:
    """The county with the most reports, and how many: small and large then both fill a page."""
    rows = Report.objects.filter(month=month, receiver__kind=OrgKind.COUNTY_BUREAU).order_by()
    found = rows.values_list("place__code").annotate(n=Count("pk")).order_by("-n", "place__code")[0]
    return found[0], found[1]


def holder(duty: Duty, kind: OrgKind, place: str = "") -> User:
    """Whoever really holds the duty there."""
    held = Assignment.objects.filter(duty=duty, organisation__kind=kind, user__is_active=True)
    if place:
        held = held.filter(organisation__place__code=place)
    return held.select_related("user").order_by("pk")[0].user
