"""Look-ups by a name that the template only has in a variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[str, Any], name: str) -> Any:
    """values[name], or nothing."""
    return values.get(name, "")
