"""A dialog is the same view with a smaller template: a page of its own without script, a <dialog> with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


def in_dialog(request: HttpRequest) -> bool:
    """Asked for by app.js to be put into the page's <dialog>."""
    return request.headers.get("HX-Target") == "nd-dialog-body"


def render_dialog(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render ``template`` (which extends ``shell/dialog.html``) as fragment or page; 422 for a form with
    errors.
    """
    inside = in_dialog(request)
    base = "shell/dialog_fragment.html" if inside else "shell/dialog_page.html"
    return render(
        request, template, {**(context or {}), "dialog_base": base, "in_dialog": inside}, status=status
    )


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """After success: go to ``url``, from the page or out of the dialog."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)
