"""How a page makes an act: by a plain button, or by a dialog that asks first. A refusal says its reason in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.workflow.refusals import Refusal


def posted_version(request: OfficeRequest) -> int | None:
    """The version the form was shown with; None when the page sends none, 0 when it sends nonsense."""
    text = request.POST.get("version")
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def refuse(request: OfficeRequest, refused: Refusal, *, back: str) -> HttpResponse:
    """The reason on a page of its own, with the way back."""
    return render(
        request, "reports/refused.html", {"reason": str(refused), "back": back}, status=refused.status_code
    )


def button_act(
    request: OfficeRequest, act: Callable[[], Any], *, done: str, success: str, back: str = ""
) -> HttpResponse:
    """Make an act that needs no further question."""
    try:
        act()
    except Refusal as refused:
        return refuse(request, refused, back=back or done)
    messages.success(request, success)
    return redirect(done)


def dialog_act(
    request: OfficeRequest, act: Callable[[Mapping[str, Any]], Any], *, form: forms.Form | None = None, done: str,
    success: str | Callable[[], str], **dialog: Any,
) -> HttpResponse:  # fmt: skip
    """Ask first (title, consequence, the verb on the button), then act; errors keep what was typed."""
    form = form if form is not None else forms.Form(request.POST or None)
    status = 200
    if request.method == "POST":
        form.is_bound = True
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Refusal as refused:
                status = refused.status_code
                _show(form, refused)
            else:
                messages.success(request, success() if callable(success) else success)
                return leave(request, done)
    dialog.setdefault("cancel_url", done)
    return render_dialog(request, "shell/confirm.html", {"form": form, **dialog}, status=status)


def _show(form: forms.Form, refused: Refusal) -> None:
    for name, texts in refused.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    if not refused.errors:
        form.add_error(None, str(refused))
