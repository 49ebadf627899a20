"""Figure 1: opening a month beside the bare INSERT of its rows, the sweep of a deadline beside one statement."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from benchmarks import databases, limits, measuring, world
from benchmarks.limits import Scale
from benchmarks.measuring import Figure, Measured
from benchmarks.turns import Taken, in_turn
from ningde_projects.notices.models import Notice
from ningde_projects.periods.consequences import Firing
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from reports.services.deadlines import mark_missing_reports
from reports.services.opening import open_month
from reports.workflow import OWED

# The rows that opening makes, ready-made: no look-ups, no joins. Triggers and foreign keys are the same.
_READY = "CREATE TEMPORARY TABLE bench_ready AS SELECT {columns} FROM reports_report WITH NO DATA"
_MADE = "COPY (SELECT {columns} FROM reports_report WHERE kind = 'monthly' AND month = '{month}') TO STDOUT"
_BARE = "INSERT INTO reports_report ({columns}) SELECT {columns} FROM bench_ready"

# What the sweep of D2 does, as one statement: whoever owes, whoever receives and whoever answers directly is told
# once, by e-mail too where he wants it, and one act is written.
_SWEEP = """
WITH owed AS MATERIALIZED (
    SELECT r.public_id, r.owner_id, r.receiver_id, r.project_id, p.name
    FROM reports_report r JOIN projects_project p ON p.id = r.project_id
    WHERE r.kind = 'monthly' AND r.month = %(month)s AND r.status = ANY (%(owed)s)
      AND r.first_submitted_at IS NULL
), held AS (
    SELECT a.organisation_id, a.duty, a.user_id FROM organizations_assignment a
    JOIN organizations_user u ON u.id = a.user_id AND u.is_active
    WHERE a.valid_from <= %(at)s AND (a.valid_to IS NULL OR a.valid_to > %(at)s)
), digest AS (
    SELECT h.user_id, 'owner' AS matter, '/reports/' AS url, count(*) AS n, min(o.name) AS first
    FROM owed o JOIN held h ON h.organisation_id = o.owner_id AND h.duty = 'report' GROUP BY h.user_id
    UNION ALL
    SELECT h.user_id, 'receiver', '/review/', count(*), min(o.name)
    FROM owed o JOIN held h ON h.organisation_id = o.receiver_id AND h.duty IN ('review', 'dispatch')
    GROUP BY h.user_id
    UNION ALL
    SELECT r.user_id, 'direct', '/problems/', count(*), min(o.name)
    FROM owed o JOIN projects_responsible r ON r.project_id = o.project_id AND r.valid_to IS NULL
     AND r.post IN ('county_direct', 'industry_direct')
    GROUP BY r.user_id
), told AS (
    INSERT INTO notices_notice (public_id, recipient_id, kind, params, url, at, dedupe)
    SELECT gen_random_uuid(), user_id, 'd2_overdue',
           jsonb_build_object('count', n, 'first', first, 'month', %(month)s, 'days', NULL), url, %(at)s,
           'D2:deadline:' || %(month)s || ':' || matter
    FROM digest ON CONFLICT DO NOTHING RETURNING id, recipient_id
), sent AS (
    INSERT INTO notices_delivery (public_id, notice_id, channel, address, state, attempts, next_at, error)
    SELECT gen_random_uuid(), t.id, 'email', u.email, 'waiting', 0, %(at)s, ''
    FROM told t JOIN organizations_user u ON u.id = t.recipient_id
    WHERE u.channels ? 'email' AND u.email <> '' RETURNING 1
), noted AS (
    INSERT INTO workflow_act (public_id, at, machine, name, object_text, from_status, to_status, user_text,
        principal_text, organisation_text, reason, data, ip, request_id)
    SELECT gen_random_uuid(), %(at)s, 'deadline', 'd2_deadline', '', '', '', '', '', '', '',
           jsonb_build_object('month', %(month)s, 'missing', count(*),
                              'reports', (SELECT jsonb_agg(public_id) FROM (SELECT public_id FROM owed LIMIT 500) f)),
           '', ''
    FROM owed RETURNING 1
)
SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM owed)
"""


def undone(work: Callable[[], object]) -> Measured:
    """Seconds of the work with its foreign keys checked as a commit would; then it is as if it had not been."""

    def checked() -> None:
        work()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def measured() -> float:
        with transaction.atomic():
            seconds = measuring.timed(checked)
            transaction.set_rollback(True)
        return seconds

    return measured


def _columns() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_name = 'reports_report' AND column_name <> 'id'"
        )
        return str(cursor.fetchone()[0])


def _ready_rows(month: Month) -> bytes:
    """The rows of an opened month, in which nothing stays open."""
    kept = io.BytesIO()
    with transaction.atomic(), connection.cursor() as cursor:
        open_month(month, month.next.start)
        cursor.copy_expert(_MADE.format(columns=_columns(), month=month), kept)
        transaction.set_rollback(True)
    return kept.getvalue()


def _bare_insert(ready: bytes) -> Callable[[], None]:
    """Lay the rows into a table of this session; answers the bare INSERT of them."""
    columns = _columns()
    with connection.cursor() as cursor:
        cursor.execute(_READY.format(columns=columns))
        cursor.copy_expert("COPY bench_ready FROM STDIN", io.BytesIO(ready))
        cursor.execute("ANALYZE bench_ready")

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE.format(columns=columns))

    return bare


def opening(names: dict[str, str], scale: Scale) -> list[Figure]:
    """The databases have the projects; the month shown is not open."""
    month = world.month_shown()
    ready: dict[str, bytes] = {}
    for size, name in names.items():
        databases.use(name)
        ready[size] = _ready_rows(month)
    rows = {size: found.count(b"\n") for size, found in ready.items()}

    def ways(size: str) -> list[Measured]:
        return [undone(lambda: open_month(month, month.next.start)), undone(_bare_insert(ready[size]))]

    taken = in_turn(names, scale.rounds, ways)
    return _figures(
        "1a", "1b", "open a month", "bare INSERT … SELECT of the same rows", limits.OPEN_MONTH, taken, rows
    )


def sweeping(names: dict[str, str], scale: Scale) -> list[Figure]:
    """The month shown is open and nobody has filed."""
    month = world.month_shown()
    due = DeadlineBook().deadline("D2", month)
    firing = Firing("D2", "deadline", month, due)
    values: dict[str, Any] = {"month": str(month), "at": due, "owed": [status.value for status in OWED]}
    rows: dict[str, int] = {}
    told: dict[str, int] = {}

    def ways(size: str) -> list[Measured]:
        def one() -> None:
            with connection.cursor() as cursor:
                cursor.execute(_SWEEP, values)
                told[size], rows[size] = cursor.fetchone()

        _refuse_different(lambda: mark_missing_reports(firing, due), one, told, size)
        return [undone(lambda: mark_missing_reports(firing, due)), undone(one)]

    taken = in_turn(names, scale.rounds, ways)
    return _figures("1c", "1d", "sweep of D2 with its notices", "one statement", limits.SWEEP, taken, rows)


def _refuse_different(
    ours: Callable[[], object], one: Callable[[], None], told: dict[str, int], size: str
) -> None:
    """Both ways have to tell equally many people, or the comparison says nothing."""
    with transaction.atomic():
        before = Notice.objects.count()
        ours()
        found = Notice.objects.count() - before
        transaction.set_rollback(True)
    with transaction.atomic():
        one()
        transaction.set_rollback(True)
    if found != told[size]:
        raise AssertionError(f"the sweep told {found} people, the one statement {told[size]}")


def _figures(
    first: str, second: str, what: str, beside: str, limit: float, taken: Taken, rows: dict[str, int]
) -> list[Figure]:
    large, small = taken["large"], taken["small"]
    return [
        measuring.compare(first, f"{what} / {beside}", limit, *large, note=f"{rows['large']} reports"),
        measuring.compare(
            second, f"{what}: cost of one row, large / small", limits.PER_ROW, large[0], small[0],
            scale=rows["large"] / rows["small"], note=f"{rows['large']} and {rows['small']} reports",
        ),
    ]  # fmt: skip
