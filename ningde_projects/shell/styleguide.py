"""Made-up data for the style guide: every component in every state. Nothing here is true."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    return {}
