"""Small pages that act, for the tests of idempotency and of refusals. Each act is one row of the record."""

from __future__ import annotations

import threading
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.urls import urlpatterns as real
from ningde_projects.workflow.acting import button_act, dialog_act
from ningde_projects.workflow.door import record
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

#: Set by a test that wants the first request to last.
inside, go_on = threading.Event(), threading.Event()
slow = threading.Event()
REFUSALS: dict[str, Any] = {
    "person": NotAllowed("只有霞浦县发改局可以签收。"),
    "state": WrongState("已经签收。"),
    "stale": StaleVersion("别人已经修改。"),
    "rule": RuleBroken("请写明原因。", field="reason"),
}


def _act(request: OfficeRequest) -> None:
    record("test", "made", by=request.actor, at=request.now, data={"word": request.POST.get("word", "")})


@csrf_exempt
@once
def make(request: OfficeRequest) -> HttpResponse:
    _act(request)
    if slow.is_set():
        inside.set()
        go_on.wait(10)
    return HttpResponseRedirect(f"/made/?word={request.POST.get('word', '')}")


@csrf_exempt
@once
def half(request: OfficeRequest) -> HttpResponse:
    """Saves the draft, then says what is missing."""
    _act(request)
    return HttpResponse("还缺一项", status=422)


@csrf_exempt
@once
def breaks(request: OfficeRequest) -> HttpResponse:
    _act(request)
    raise PermissionDenied("不行")


@csrf_exempt
@once
def part(request: OfficeRequest) -> HttpResponse:
    """A part of a page, as htmx gets it."""
    _act(request)
    return HttpResponse("<p>已签收</p>")


@csrf_exempt
@once
def program(request: OfficeRequest) -> HttpResponse:
    _act(request)
    return JsonResponse({"id": 7}, status=201)


def refuse(request: OfficeRequest, why: str) -> HttpResponse:
    def act(*_: Any) -> None:
        raise REFUSALS[why]

    return button_act(request, act, done="/signin/", success="好")


def ask(request: OfficeRequest, why: str) -> HttpResponse:
    from ningde_projects.workflow.acting import ReasonForm

    def act(*_: Any) -> None:
        if why in REFUSALS:
            raise REFUSALS[why]
        _act(request)

    form = ReasonForm(request.POST or None)
    return dialog_act(
        request, act, form=form, done="/account/", success="已退回。", title="退回", button="退回业主"
    )


def unguarded(request: OfficeRequest, why: str) -> HttpResponse:
    raise REFUSALS[why]


urlpatterns = [
    *real,
    path("t/make/", make),
    path("t/half/", half),
    path("t/breaks/", breaks),
    path("t/part/", part),
    path("t/program/", program),
    path("t/refuse/<str:why>/", refuse),
    path("t/ask/<str:why>/", ask),
    path("t/unguarded/<str:why>/", unguarded),
]
handler403 = "ningde_projects.shell.errors.permission_denied"
handler404 = "ningde_projects.shell.errors.not_found"
handler400 = "ningde_projects.shell.errors.bad_request"
