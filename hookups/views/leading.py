"""The page on which a leader or direct responsible person starts his day (M4.3)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest

from ..selectors.leading import leading
from .access import at_work


@require_safe
def page(request: OfficeRequest) -> HttpResponse:
    at_work(request.actor)
    if not request.actor.duties & {Duty.LEAD, Duty.DIRECT}:
        raise PermissionDenied(_("This page is for responsible leaders and direct responsible persons."))
    return render(request, "hookups/leading/page.html", {"view": leading(request.actor, request.now)})
