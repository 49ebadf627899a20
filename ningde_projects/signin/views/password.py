"""Changing one's own password, setting one by link, and whom to ask when it is forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.actor import now_of

from ..forms import ChangePasswordForm, NewPasswordForm
from ..rules import password_must_change
from ..services import passwords as services
from ..services.signing import proves


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficeRequest) -> HttpResponse:
    forced = password_must_change(request.actor.user, request.now)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(
            request, _("Your new password holds from now on; your other sessions have been ended.")
        )
        return HttpResponseRedirect("/" if forced else reverse("signin:account"))
    context = {
        "form": form,
        "forced": forced,
        "first": request.actor.user.must_change_password,
        "rules": form.rules(),
        "base": "base_plain.html" if forced else "base.html",
    }
    return render(request, "signin/password.html", context, status=422 if form.is_bound else 200)


def _changed(request: OfficeRequest, form: ChangePasswordForm) -> bool:
    if not proves(request, form.cleaned_data["password"]):
        form.add_error("password", _("This is not your present password."))
        return False
    try:
        services.change_password(request, form.cleaned_data["new_password"], request.now)
    except ValidationError as broken:
        form.add_error("new_password", broken)
        return False
    return True


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link does not use it up, or a mail scanner would; setting the password does."""
    at = now_of(request)
    form = NewPasswordForm(request.POST or None)
    link = services.link_of(token, at)
    if link is None:
        return render(request, "signin/reset_over.html", status=410)
    if request.method == "POST" and form.is_valid():
        try:
            if not services.use_reset_link(request, token, form.cleaned_data["new_password"], at):
                return render(request, "signin/reset_over.html", status=410)
        except ValidationError as broken:
            form.add_error("new_password", broken)
        else:
            return HttpResponseRedirect(f"{reverse('signin:sign_in')}?done=password")
    context = {"form": form, "rules": form.rules(), "account": link.user.username}
    return render(request, "signin/reset.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same page for everyone: it asks for no name, so it can tell none."""
    return render(request, "signin/forgotten.html")
