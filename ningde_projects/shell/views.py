"""Home, language, browser choices, style guide."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from . import preferences as choices
from . import styleguide as guide
from .actor import actor_of
from .home import home_url


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Each role's own first page; a page that says what to do where no duty has been given yet."""
    actor = actor_of(request)
    target = home_url(actor) if actor else None
    if target and target != request.path:
        return HttpResponseRedirect(target)
    return render(request, "shell/no_duty.html")


def _back(request: HttpRequest) -> str:
    """Where the form said it came from, if that is inside."""
    target = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if inside else "/"


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language; Django's own view keeps it in the cookie and refuses other hosts in ``next``."""
    return set_language(request)


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_back(request))
    for name in choices.CHOICES:
        choices.keep(request, response, name, request.POST.get(name, ""))
    return response


@login_not_required
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with made-up data; in development only."""
    return HttpResponse(guide.page(request))
