"""One's own account: who the system takes me for, how it tells me, where I am signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.notices.models import Channel
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import User
from ningde_projects.shell import preferences as browser_choices
from ningde_projects.workflow.refusals import StaleVersion

from .. import factors, selectors
from ..forms import PreferencesForm
from ..rules import limits, needs_second_factor
from ..services import sessions
from ..services.preferences import save_preferences
from . import language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: OfficeRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return _kept(request, form)
    context = _context(request) | {"form": form}
    return render(request, "signin/account.html", context, status=422 if form.is_bound else 200)


def _initial(request: OfficeRequest) -> dict[str, Any]:
    user = User.objects.get(pk=request.actor.user.pk)
    return {
        "email": user.email,
        "by_email": Channel.EMAIL in user.channels,
        "language": user.language or request.LANGUAGE_CODE,
        "keys": browser_choices.single_keys(request),
        "version": user.version,
    }


def _saved(request: OfficeRequest, form: PreferencesForm) -> bool:
    data = form.cleaned_data
    try:
        save_preferences(
            request.actor,
            email=data["email"],
            channels=form.channels(request.actor.user),
            language=data["language"],
            version=data["version"],
            at=request.now,
        )
    except StaleVersion as refusal:
        form.add_error(None, str(refusal))
        # Read, the next one counts: what was typed stays and can be saved over what is there now.
        form.data = {**request.POST.dict(), "version": User.objects.get(pk=request.actor.user.pk).version}
        return False
    return True


def _kept(request: OfficeRequest, form: PreferencesForm) -> HttpResponse:
    """Language and keys belong to the browser too; the answer speaks the language just chosen."""
    response = HttpResponseRedirect(reverse("signin:account"))
    chosen = form.cleaned_data["language"]
    language.keep(request, response, chosen)
    keys = "on" if form.cleaned_data["keys"] else "off"
    browser_choices.keep(request, response, browser_choices.KEYS_COOKIE, keys)
    with override(chosen):
        messages.success(request, _("Saved."))
    return response


def _context(request: OfficeRequest) -> dict[str, Any]:
    actor, at = request.actor, request.now
    given, held = selectors.delegations_of(actor.user, at)
    has_factor = factors.has_factor(actor.user)
    return {
        "person": actor.user,
        "sessions": selectors.sessions_of(actor.user, at, request.session.session_key),
        "allowed": limits(actor),
        "given": given,
        "held": held,
        "own": [holding for holding in actor.held if holding.principal is None],
        "has_factor": has_factor,
        "factor_needed": needs_second_factor(actor),
        "codes_left": factors.recovery_codes_left(actor.user) if has_factor else 0,
    }


@require_POST
def end_session(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """End one of one's own; another's does not exist."""
    if not sessions.end_own(request.actor, public_id, request.now, request.session.session_key):
        raise Http404
    messages.success(request, _("The session has been ended."))
    return HttpResponseRedirect(reverse("signin:account"))


@require_POST
def end_others(request: OfficeRequest) -> HttpResponse:
    ended = sessions.end_others(request.actor, request.now, request.session.session_key)
    messages.success(request, _("%(n)d other sessions have been ended.") % {"n": ended})
    return HttpResponseRedirect(reverse("signin:account"))
