"""The door of these pages: administrators and strangers get 404."""

from __future__ import annotations

from django.http import Http404

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month

from ..models import TierList
from ..policies.items import is_outside
from ..selectors import tier_lists as read


def at_work(request: OfficeRequest) -> None:
    if is_outside(request.actor):
        raise Http404


def list_asked(request: OfficeRequest, text: str) -> TierList:
    """The list of a month as far as this person may see it."""
    at_work(request)
    found = read.list_of(request.actor, month_in(request, text))
    if found is None:
        raise Http404
    return found


def month_in(request: OfficeRequest, text: str) -> Month:
    return read.month_asked(text, request.now)
