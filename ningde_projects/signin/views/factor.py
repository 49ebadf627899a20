"""Setting up the second factor, its recovery codes, and doing without it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .. import factors
from ..forms import ConfirmForm, FactorForm
from ..services import factors as services
from ..services.signing import FACTOR_MISSING, proves


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: OfficeRequest) -> HttpResponse:
    """Scan, type the first code and one's password; then the recovery codes are shown once."""
    forced = bool(request.session.get(FACTOR_MISSING))
    form = FactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proven(request, form):
        try:
            codes = services.enrol(request, form.cleaned_data["code"], request.now)
        except RuleBroken as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return _codes_page(request, codes, forced=forced)
    context = _enrolment(request) | {"form": form, "forced": forced, "base": _base(forced)}
    return render(request, "signin/factor.html", context, status=422 if form.is_bound else 200)


def _enrolment(request: OfficeRequest) -> dict[str, Any]:
    secret = services.waiting_secret(request)
    side, path = factors.qr_path(factors.address(request.actor.user, secret))
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"side": side, "path": path, "secret": grouped, "renewing": factors.has_factor(request.actor.user)}


def _base(forced: bool) -> str:
    return "base_plain.html" if forced else "base.html"


def _proven(request: OfficeRequest, form: ConfirmForm | FactorForm) -> bool:
    if proves(request, form.cleaned_data["password"]):
        return True
    form.add_error("password", _("This is not your present password."))
    return False


def _codes_page(request: OfficeRequest, codes: list[str], *, forced: bool = False) -> HttpResponse:
    context = {"codes": codes, "base": _base(forced), "onward": "/" if forced else reverse("signin:account")}
    return render(request, "signin/recovery_codes.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: OfficeRequest) -> HttpResponse:
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proven(request, form):
        try:
            return _codes_page(request, services.renew_recovery_codes(request, request.now))
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    return _confirm(
        request,
        form,
        title=_("New recovery codes"),
        consequence=_("The codes issued before stop working. The new ones are shown once."),
        button=_("Issue new codes"),
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OfficeRequest) -> HttpResponse:
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proven(request, form):
        try:
            services.remove(request, request.now)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The second factor has been removed; your other sessions have been ended.")
            )
            return leave(request, reverse("signin:account"))
    return _confirm(
        request,
        form,
        title=_("Remove the second factor"),
        consequence=_("From then on the password alone opens your account."),
        button=_("Remove the second factor"),
        danger=True,
    )


def _confirm(request: OfficeRequest, form: ConfirmForm, **words: Any) -> HttpResponse:
    context = {"form": form, "cancel_url": reverse("signin:account"), **words}
    return render_dialog(request, "shell/confirm.html", context, status=422 if form.is_bound else 200)
