"""What all views here share: who asks, and how a refusal becomes a page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors
from ningde_projects.workflow.refusals import NotAllowed

from ..services.exports import Hidden

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def refusing(view: View) -> View:
    """Hidden is 404, seen but not allowed 403 with its reason, a file that is gone from the disk 410."""

    @wraps(view)
    def wrapped(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (Hidden, ObjectDoesNotExist) as hidden:
            raise Http404 from hidden
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except FileNotFoundError:
            logger.exception("a stored file is missing")
            return errors.page(request, "404.html", 410)

    return wrapped


def actor_of(request: OfficeRequest) -> Actor:
    """Everyone here is signed in; without an actor nothing is shown."""
    if not isinstance(request.actor, Actor):
        raise PermissionDenied
    return request.actor


def with_params(url: str, params: dict[str, Any]) -> str:
    return f"{url}?{urlencode(params, doseq=True)}" if params else url


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where to go on to: only inside this house."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if inside else fallback


def here(request: HttpRequest) -> str:
    """The page that a fragment is fetched for, as a path; of another house: nothing."""
    url = urlsplit(request.headers.get("HX-Current-URL", ""))
    if url.netloc != request.get_host():
        return ""
    return url.path + (f"?{url.query}" if url.query else "")
