"""Pages for the browser tests: small, without a database, each with one behaviour to try."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.template import engines
from django.urls import include, path

from ningde_projects.shell import views
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.shell.styleguide import DemoShell

SHEET = """{% extends "base.html" %}{% load nd %}{% block title %}x{% endblock %}{% block main %}<h1>x</h1>
<form method="post" action="/slow/" id="sheet" data-autosave hx-post="/save/" hx-trigger="change delay:100ms"
 hx-target="#save-state" hx-swap="outerHTML">{% csrf_token %}<input name="a" id="a"><textarea id="b" data-counter="10">
</textarea><div id="b_count"></div>{% include "shell/inc/autosave.html" %}</form>
<form method="post" action="/slow/">{% csrf_token %}<input id="c" name="c"><button id="once">x</button></form>
<form method="get" action="/done/"><input id="q" name="q"><button>x</button></form>
<form data-bulk><table><tbody><tr data-row><td><input type="checkbox" name="pk"><a href="#1">one</a></td></tr>
<tr data-row><td><input type="checkbox" name="pk"><a href="#2">two</a></td></tr></tbody></table>
{% include "shell/inc/bulk_bar.html" %}</form>
<a id="ask" href="/ask/" data-dialog>x</a><a id="accept" data-key="a" href="#accepted">x</a>

<button type="button" id="refused" hx-get="/refused/">x</button>
<button type="button" id="gone" hx-get="/gone/">x</button>
<form><input type="file" id="photo" data-shrink="800"></form>{% endblock %}"""
AGAIN = """<form method="post" action="/again/" hx-post="/again/" hx-target="#nd-again-body">
<input type="hidden" name="csrfmiddlewaretoken" value="TOKEN"><h2 id="nd-again-title">x</h2><p id="said">SAID</p>
<input name="word" id="word" aria-label="x"><button>x</button></form>"""


@dataclass
class Office:
    """What the pages have received."""

    signed_in: bool = True
    saved: list[str] = field(default_factory=list)
    filed: int = 0


office = Office()


class Why(forms.Form):
    why = forms.CharField(label="修改要求")


@login_not_required
def sheet(request: HttpRequest) -> HttpResponse:
    shell = DemoShell(request, links={"sign_in_again": "/again/"})
    return HttpResponse(engines["django"].from_string(SHEET).render({"shell": shell}, request))


@login_not_required
def save(request: HttpRequest) -> HttpResponse:
    if not office.signed_in:
        return HttpResponse(status=401, headers={"X-Session-Expired": "1"})
    if request.POST["a"] == "broken":
        return HttpResponse(status=500)
    office.saved.append(request.POST["a"])
    return HttpResponse('<span id="save-state" class="nd-save" role="status" data-save-state>saved</span>')


@login_not_required
def again(request: HttpRequest) -> HttpResponse:
    def fragment(said: str, status: int) -> HttpResponse:
        return HttpResponse(AGAIN.replace("TOKEN", get_token(request)).replace("SAID", said), status=status)

    if request.method != "POST":
        return fragment("", 200)
    if request.POST["word"] != "right":
        return fragment("wrong", 422)
    office.signed_in = True
    rotate_token(request)
    return HttpResponse(status=204, headers={"X-CSRFToken-New": get_token(request)})


@login_not_required
def other_tab(request: HttpRequest) -> HttpResponse:
    """Signing in again elsewhere changes the token under an open page."""
    rotate_token(request)
    return HttpResponse("x")


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    office.filed += 1
    time.sleep(0.4)
    return HttpResponse("<p id=filed>x</p>")


@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    form = Why(request.POST or None)
    if request.POST.get("why") == "refuse me":
        raise PermissionDenied("本表已锁定。")
    if request.method == "POST" and form.is_valid():
        return leave(request, "/done/")
    context: dict[str, Any] = {"title": "退回报告", "form": form, "button": "退回业主"}
    return render_dialog(request, "shell/confirm.html", context, status=422 if form.is_bound else 200)


@login_not_required
def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("只有县发改局可以签收。")


@login_not_required
def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p id=done>x</p>")


urlpatterns = [
    path("", include("ningde_projects.shell.urls")),
    path("guide/", views.styleguide),
    path("sheet/", sheet),
    path("save/", save),
    path("again/", again),
    path("other-tab/", other_tab),
    path("slow/", slow),
    path("ask/", ask),
    path("done/", done),
    path("refused/", refused),
]
handler403 = "ningde_projects.shell.errors.permission_denied"
handler404 = "ningde_projects.shell.errors.not_found"
