"""Many counts in one statement: the menu and the bell cost one query, however many rooms register a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_together(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of them has; the same queryset under two keys is counted once."""
    parts: dict[int, tuple[str, tuple[Any, ...]]] = {}
    for queryset in rows.values():
        try:
            parts.setdefault(id(queryset), queryset.order_by().values("pk").query.sql_with_params())
        except EmptyResultSet:  # it cannot match anything, and Django has no statement for it
            continue
    counted: dict[int, int] = {}
    if parts:
        # The text is Django's own for these querysets; every value goes in as a parameter.
        counts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS found)" for sql, _params in parts.values())  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}", [p for _sql, params in parts.values() for p in params])
            counted = dict(zip(parts, cursor.fetchone(), strict=True))
    return {key: counted.get(id(queryset), 0) for key, queryset in rows.items()}
