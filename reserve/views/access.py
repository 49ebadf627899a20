"""The answers at the door of this app's pages: hidden is 404, seen but not allowed is 403 with the reason."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.projects.policies import reading_refusal
from ningde_projects.workflow.refusals import NotAllowed

from ..querysets.targets import chain_kinds

ROWS = 50


def reader(actor: Actor) -> None:
    """Administrators have no business page; who has no duty at all is told why there is nothing."""
    reason = reading_refusal(actor)
    if reason and actor.is_administrator:
        raise Http404
    if reason:
        raise PermissionDenied(reason)


def granted(right: Held | NotAllowed) -> Held:
    if isinstance(right, NotAllowed):
        raise PermissionDenied(str(right))
    return right


def dispatcher(actor: Actor, reason: str) -> Held:
    """The commission's; to others the page says whose it is, to administrators it is not there."""
    reader(actor)
    held = actor.as_holder(Duty.DISPATCH)
    if held is None:
        raise PermissionDenied(reason)
    return held


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


def is_quick(request: HttpRequest) -> bool:
    """Asked for by htmx."""
    return request.headers.get("HX-Request") == "true"
