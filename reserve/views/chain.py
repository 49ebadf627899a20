"""Who comes to these pages: hidden from those without a duty in the chain, refused in words to its other offices."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from ningde_projects.organizations.middleware import OfficeRequest

from ..querysets.targets import chain_kinds
from ..selectors.offices import is_commission

ROWS = 50


def chain_only(request: OfficeRequest) -> None:
    """404 for administrators, owners, media: these pages are not theirs."""
    if not chain_kinds(request.actor):
        raise Http404


def commission_only(request: OfficeRequest) -> None:
    chain_only(request)
    if not is_commission(request.actor):
        raise PermissionDenied(_("Only the commission may do this."))


def paged(request: OfficeRequest, rows: object) -> Page:  # type: ignore[type-arg]
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))  # type: ignore[arg-type]


def year_in(request: OfficeRequest, default: int) -> int:
    """The year in the address; what is none is left out."""
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2099 else default
