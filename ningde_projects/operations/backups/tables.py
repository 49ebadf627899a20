"""The tables of the database as text: out, in, and as checksums. PostgreSQL's own COPY does the work.

Rows are read in the order of their primary key and columns by name, so that two databases with the same content
have the same checksums, whatever their history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

_TABLES = """
SELECT c.relname,
       ARRAY(SELECT a.attname FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY a.attname)::text[],
       ARRAY(SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attname)::text[]
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
_SEQUENCES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname
"""


class Writes(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Reads(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Table:
    """A table with the columns that are stored (generated ones compute themselves) and what orders its rows."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def copied(self) -> str:
        """The part of COPY that names the rows."""
        rows = ", ".join(map(_quoted, self.columns))
        order = ", ".join(map(_quoted, self.key or self.columns))
        return f"(SELECT {rows} FROM {_quoted(self.name)} ORDER BY {order})"  # noqa: S608  (names of the catalogue)


@dataclass
class Sum:
    """Checksum and number of rows of a table on its way somewhere (COPY writes one line per row)."""

    onward: Writes | None = None
    rows: int = 0

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.rows += data.count(b"\n")
        if self.onward is not None:
            self.onward.write(data)
        return len(data)

    def facts(self, table: Table) -> dict[str, Any]:
        return {"columns": list(table.columns), "rows": self.rows, "sha256": self._hash.hexdigest()}


def found_tables() -> list[Table]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [Table(name, tuple(columns), tuple(key)) for name, columns, key in cursor.fetchall()]


def same_words() -> None:
    """Values are written alike whatever the server's settings; for the length of the transaction."""
    with connection.cursor() as cursor:
        for setting in (
            "TimeZone = 'UTC'",
            "DateStyle = 'ISO'",
            "IntervalStyle = 'postgres'",
            "bytea_output = 'hex'",
        ):
            cursor.execute(f"SET LOCAL {setting}")


def write_out(table: Table, target: Writes | None = None) -> dict[str, Any]:
    """Rows to `target` (nowhere: only the checksum); answers columns, rows, sha256."""
    measured = Sum(target)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.copied()} TO STDOUT", measured)
    return measured.facts(table)


def sequences() -> dict[str, list[Any]]:
    """Each sequence's last number and whether it has been given out."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT last_value, is_called FROM {_quoted(name)}")  # noqa: S608
            found[name] = list(cursor.fetchone())
    return found


def replace_all(tables: list[Table], source: Callable[[Table], Reads], numbers: dict[str, list[Any]]) -> None:
    """Put the rows in place of all that is there; in the caller's transaction, as the owner of the tables.

    The triggers of the record refuse and those of the row history would write everything a second time, so they
    sleep meanwhile. Foreign keys do not: they are checked at the end.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {_quoted(table.name)} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(_quoted(t.name) for t in tables)}")
        for table in tables:
            columns = ", ".join(map(_quoted, table.columns))
            cursor.copy_expert(f"COPY {_quoted(table.name)} ({columns}) FROM STDIN", source(table))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {_quoted(table.name)} ENABLE TRIGGER USER")
        for name, (last, called) in numbers.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f"public.{_quoted(name)}", last, called])


def filled(besides: frozenset[str]) -> list[str]:
    """Tables that hold rows, apart from `besides`."""
    with connection.cursor() as cursor:
        found = []
        for table in found_tables():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {_quoted(table.name)})")  # noqa: S608
            if cursor.fetchone() == (True,) and table.name not in besides:
                found.append(table.name)
        return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
