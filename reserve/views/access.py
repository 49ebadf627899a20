"""The answers at the door of this app's pages: hidden is 404, seen but not allowed is 403 with the reason."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import Duty
from ningde_projects.projects.policies import reading_refusal
from ningde_projects.workflow.refusals import NotAllowed


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


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def is_quick(request: HttpRequest) -> bool:
    """Asked for by htmx."""
    return request.headers.get("HX-Request") == "true"
