"""What a filing leaves in the database, learnt from one real filing, and written again by bare SQL for other reports."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import connection
from psycopg2.extras import Json

# Tables in which a filing leaves rows, in the order in which they name each other. The row history writes itself: the
# same triggers fire.
_TABLES = (
    "reports_submission", "reports_problem", "reports_problemstatement", "reports_holding", "reports_receipt",
    "workflow_act", "notices_notice", "notices_delivery",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Trace:
    """The rows of one filing: what it changed of the report, and what it added."""

    report: int
    changed: Row
    added: list[tuple[str, int, Row]]

    @property
    def rows(self) -> int:
        return 1 + len(self.added)


def _rows(statement: str, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _last_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in _TABLES:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found


def trace(report: int, file: Callable[[], object]) -> Trace:
    """File one report for real and keep what came of it."""
    asked = "SELECT * FROM reports_report WHERE id = %s"
    (before,), last = _rows(asked, [report]), _last_ids()
    file()
    (after,) = _rows(asked, [report])
    added = [
        (table, row.pop("id"), row)
        for table in _TABLES
        for row in _rows(f"SELECT * FROM {table} WHERE id > %s ORDER BY id", [last[table]])  # noqa: S608
    ]
    return Trace(report, {name: value for name, value in after.items() if value != before[name]}, added)


class Writer:
    """Writes the rows of the trace for another report: one transaction, one statement for each row."""

    def __init__(self, url: str, kept: Trace) -> None:
        self._connection = psycopg2.connect(url)
        self._trace = kept

    def close(self) -> None:
        self._connection.close()

    def write(self, report: int) -> None:
        known: dict[tuple[str, int], int] = {}
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("SELECT version FROM reports_report WHERE id = %s FOR UPDATE", [report])
            names = ", ".join(f"{name} = %s" for name in self._trace.changed)
            values = [_adapted(value) for value in self._trace.changed.values()]
            cursor.execute(f"UPDATE reports_report SET {names} WHERE id = %s", [*values, report])  # noqa: S608
            for table, old, row in self._trace.added:
                fresh = {name: self._fresh(name, value, report, known) for name, value in row.items()}
                columns, marks = ", ".join(fresh), ", ".join(["%s"] * len(fresh))
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id",  # noqa: S608
                    list(fresh.values()),
                )
                ((known[table, old],),) = cursor.fetchall()

    def _fresh(self, name: str, value: Any, report: int, known: dict[tuple[str, int], int]) -> Any:
        """What has to be another one for another report; everything else is as it was."""
        if name in ("report_id", "first_report_id"):
            return report
        if name == "problem_id":
            return known["reports_problem", value]
        if name == "notice_id":
            return known["notices_notice", value]
        if name == "public_id":
            return str(uuid.uuid4())
        if name in ("number", "dedupe") and isinstance(value, str):
            return f"R{report}" if name == "number" else f"bench:{report}:{value}"[:120]
        return _adapted(value)


def _adapted(value: Any) -> Any:
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
        return Json(value)
    return str(value) if isinstance(value, uuid.UUID) else value
