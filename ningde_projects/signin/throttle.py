"""Failed attempts, counted by django-axes in the database, so that no restart forgives any (A22, B6, B7).

Ten failures lock a name at an address for a quarter of an hour. So that neither many addresses nor many names get
round that, a name has a limit over all addresses, and an address one over all names; both are higher, because the
name's must not let a stranger lock a person out by the way, nor the address's a whole county behind one address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

Credentials = Mapping[str, Any] | None


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Weighs the three counts against the one limit that axes knows."""

    def get_failures(self, request: HttpRequest, credentials: Credentials = None) -> int:
        limit = settings.AXES_FAILURE_LIMIT
        name = (credentials or {}).get("username") or ""
        address = request.axes_ip_address  # type: ignore[attr-defined]
        fresh = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        everywhere = _sum(fresh.filter(username=name)) if name else 0
        from_here = _sum(fresh.filter(ip_address=address)) if address else 0
        return max(
            int(super().get_failures(request, credentials)),
            everywhere * limit // settings.NAME_FAILURE_LIMIT,
            from_here * limit // settings.ADDRESS_FAILURE_LIMIT,
        )


def _sum(attempts: Any) -> int:
    return int(attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0)


def tries_left(request: HttpRequest) -> int:
    """After a failure in this request: how many remain; the same for names that do not exist."""
    return max(0, settings.AXES_FAILURE_LIMIT - (getattr(request, "axes_failures_since_start", None) or 0))


def seconds_left(request: HttpRequest, at: datetime) -> int:
    """How long the lock that refused this request still lasts."""
    whole: timedelta = settings.AXES_COOLOFF_TIME
    name = (getattr(request, "axes_credentials", None) or {}).get("username") or ""
    address = getattr(request, "axes_ip_address", None)
    last = AccessAttempt.objects.filter(username=name, ip_address=address).aggregate(at=Max("attempt_time"))[
        "at"
    ]
    left = (last + whole - at if last else whole).total_seconds()
    return int(left) if 0 < left <= whole.total_seconds() else int(whole.total_seconds())


def newly_locked(request: HttpRequest) -> bool:
    """This very failure made the lock; axes counts no more of them while one lasts."""
    return is_locked(request) and getattr(request, "axes_failures_since_start", None) is not None


def is_locked(request: HttpRequest) -> bool:
    return bool(getattr(request, "axes_locked_out", False))


def forgive(username: str) -> int:
    """Forget a name's failures everywhere; answers how many rows of them there were."""
    return int(AxesProxyHandler.reset_attempts(username=username))


def failures_of(username: str, at: datetime) -> int:
    """Failed attempts under a name that still count, for the page on which it is unlocked."""
    return _sum(
        AccessAttempt.objects.filter(username=username, attempt_time__gte=at - settings.AXES_COOLOFF_TIME)
    )
