"""Rows of many lists in one statement: a page that looks at ten tables asks once, however many rooms have registered.

What `counting` does for numbers. The rows come as JSON, which for thousands of them is also quicker than a converter
for every value.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

#: Each a list: numbers, sums as Decimal, texts and None as they are; dates, ids and months as their text.
Rows = list[Any]
Key = TypeVar("Key", bound=Hashable)


def rows_together(wanted: Mapping[Key, QuerySet[Any, Any]]) -> dict[Key, Rows]:
    """The rows of each `values_list`, in its order."""
    parts: dict[Key, tuple[str, tuple[Any, ...]]] = {}
    for key, queryset in wanted.items():
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # it cannot match anything, and Django has no statement for it
            continue
        names = ", ".join(f"c{number}" for number in range(len(compiler.select)))
        # The text is Django's own for this queryset; every value goes in as a parameter.
        rows = (
            f"SELECT coalesce(json_agg(json_build_array({names})), '[]')::text FROM ({sql}) AS found({names})"  # noqa: S608
        )
        parts[key] = rows, tuple(params)
    found: dict[Key, Rows] = {key: [] for key in wanted}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(f'({sql})' for sql, _params in parts.values())}",
                [value for _sql, params in parts.values() for value in params],
            )
            for key, text in zip(parts, cursor.fetchone(), strict=True):
                found[key] = json.loads(text, parse_float=Decimal)
    return found
