"""Query strings of lists: the filter lives in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict


def changed_query(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """``?a=1&b=2`` with ``changes`` applied. ``None`` and "" remove; a list gives several values.

    Any change but one of the page itself leads back to the first page.
    """
    result = query.copy()
    if "page" not in changes:
        result.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            result.pop(key, None)
        elif isinstance(value, list | tuple | set):
            result.setlist(key, [str(item) for item in value])
        else:
            result[key] = str(value)
    return f"?{result.urlencode()}"
