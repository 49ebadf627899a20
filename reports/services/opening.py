"""D1: opening a month is a handful of statements whatever the number of projects,
and safe to repeat (M5.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.workflow.door import record

from ..models import Report, ReportingPeriod

# One expected report per key project under way; a project with parts owes one per part (settled point 2),
# where each part's county receives its part. Municipal-managed ones without parts report to the commission.
_EXPECT = """
INSERT INTO reports_report (
    public_id, kind, project_id, part_id, month, status, version, place_id, owner_id, receiver_id,
    department_id,
    annual_plan, due_at, draft, submission_count, is_nil, progress, next_plan, statistics_note, nil_answer,
    filler,
    filler_phone, head, problem_count, return_reason, return_fields, return_count, county_opinion,
    exempt_reason,
    revision_reason)
SELECT gen_random_uuid(), 'monthly', p.id, part.id, %(month)s, 'todo', 1,
       COALESCE(part.place_id, p.place_id),
       COALESCE(part.owner_id, p.owner_id),
       CASE WHEN part.id IS NULL AND p.management = 'municipal' THEN commission.id ELSE bureau.id END,
       CASE WHEN part.id IS NOT NULL THEN part.county_department_id
            WHEN p.management = 'municipal' THEN p.municipal_department_id
            ELSE p.county_department_id END,
       plan.investment, %(due)s, '{}'::jsonb, 0, false, '', '', '', '', '', '', '', 0, '', '{}', 0, '', '', ''
FROM projects_project p
LEFT JOIN projects_projectpart part ON part.project_id = p.id
LEFT JOIN projects_annualplan plan
       ON plan.project_id = p.id AND plan.year = %(year)s AND plan.part_id IS NOT DISTINCT FROM part.id
LEFT JOIN organizations_organisation bureau
       ON bureau.kind = 'county_bureau' AND bureau.place_id = COALESCE(part.place_id, p.place_id)
CROSS JOIN (SELECT id FROM organizations_organisation WHERE kind = %(commission)s) commission
WHERE p.stage = 'under_way' AND p.level IN ('provincial', 'municipal')
  AND (bureau.id IS NOT NULL OR (part.id IS NULL AND p.management = 'municipal'))
ON CONFLICT DO NOTHING
"""

_SUMMARIES = """
INSERT INTO reports_summary (
    public_id, place_id, bureau_id, government_id, month, status, version, due_at, return_reason,
    returned_by_text,
    counts)
SELECT gen_random_uuid(), place.id, bureau.id, government.id, %(month)s, 'building', 1, %(due)s, '', '',
'{}'::jsonb
FROM organizations_place place
JOIN organizations_organisation bureau ON bureau.place_id = place.id AND bureau.kind = 'county_bureau'
JOIN organizations_organisation government ON government.place_id = place.id AND government.kind = 'county_government'
WHERE NOT place.is_municipal
ON CONFLICT DO NOTHING
"""

# A department that still had a problem in hand owes an opinion on it again (M6.2): the answer is monthly.
_CARRY_OPINIONS = """
INSERT INTO reports_opinion (
    public_id, problem_id, department_id, month, source, status, version, due_at, passed_at, passed_from_id,
    passed_note, result, text, section, person, proper_unit, return_reason)
SELECT gen_random_uuid(), o.problem_id, o.department_id, %(month)s, 'carried', 'waiting', 1, %(due)s, %(at)s,
       o.passed_from_id, o.passed_note, '', '', o.section, o.person, '', ''
FROM reports_opinion o
JOIN reports_problem problem ON problem.id = o.problem_id
WHERE o.month = %(previous)s AND o.status <> 'reassigned' AND o.result <> 'not_ours'
  AND problem.status IN ('open', 'working', 'escalated')
ON CONFLICT DO NOTHING
"""

_EXTENSIONS = """
UPDATE {table} t SET due_at = GREATEST(t.due_at, e.until)
FROM periods_extension e JOIN periods_extension_organisations o ON o.extension_id = e.id
WHERE e.code = %(code)s AND e.month = %(month)s AND t.month = %(month)s AND t.{column} = o.organisation_id
"""


def open_month(month: Month, at: datetime) -> int:
    """Create what the month expects; answers the number of new expected reports. Opening again adds only what is new."""
    book = DeadlineBook()
    values: dict[str, Any] = {
        "month": str(month),
        "previous": str(month.previous),
        "at": at,
        "commission": OrgKind.COMMISSION.value,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EXPECT, {**values, "due": book.deadline("D2", month), "year": month.year})
        created: int = cursor.rowcount
        cursor.execute(_SUMMARIES, {**values, "due": book.deadline("D3", month)})
        cursor.execute(_CARRY_OPINIONS, {**values, "due": book.deadline("D5", month)})
        for code, table, column in (
            ("D2", "reports_report", "owner_id"),
            ("D3", "reports_summary", "bureau_id"),
            ("D5", "reports_opinion", "department_id"),
        ):
            if book.extensions(code, month):
                cursor.execute(
                    _EXTENSIONS.format(table=table, column=column), {"code": code, "month": str(month)}
                )
        expected = Report.objects.monthly(month).count()
        period, is_new = ReportingPeriod.objects.update_or_create(
            month=month,
            defaults={"expected": expected},
            create_defaults={"opened_at": at, "expected": expected},
        )
        if is_new or created:
            record("period", "open_month", by=SystemActor(at), at=at, obj=None, text=str(month),
                   data={"month": str(month), "new": created, "expected": expected})  # fmt: skip
        # A fresh month has no statistics; without them single look-ups read the whole month (performance.md).
        cursor.execute("ANALYZE reports_report")
    return created


def is_open(month: Month) -> bool:
    return ReportingPeriod.objects.filter(month=month).exists()
