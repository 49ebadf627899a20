"""Nothing is open that does not say so."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.cast import Cast
from tests.signin.conftest import Clock, SignIn

#: Views that anyone may open, by name; a new one has to be put here on purpose.
OPEN = {
    "shell:language", "shell:preferences", "signin:sign_in", "signin:again", "signin:forgotten", "signin:reset",
    "signin:sign_out",
}  # fmt: skip


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("undeclared/", undeclared), *get_resolver().url_patterns]


def own(patterns: list[URLPattern | URLResolver], space: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += own(pattern.url_patterns, pattern.namespace or space)
        else:
            found.append((f"{space}:{pattern.name}", pattern))
    return found


def test_in_shell_and_sign_in_only_the_listed_views_are_open() -> None:
    every = [row for row in own(get_resolver().url_patterns) if row[0].split(":")[0] in {"shell", "signin"}]
    assert len(every) > 10
    is_open = {name for name, pattern in every if getattr(pattern.callback, "login_required", True) is False}
    assert is_open == OPEN


@override_settings(ROOT_URLCONF="tests.signin.test_wall")
def test_a_view_that_says_nothing_is_closed(cast: Cast, clock: Clock, client: Client) -> None:
    response = client.get("/undeclared/")
    assert response.status_code == 302
    assert response["Location"] == "/signin/?next=%2Fundeclared%2F"


@override_settings(ROOT_URLCONF="tests.signin.test_wall")
def test_and_open_to_those_who_are_in(cast: Cast, sign_in: SignIn, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    assert client.get("/undeclared/").content == b"secret"


@pytest.mark.parametrize("key", ["", "short", "a" * 32, "a" * 5000, "a\x01b" * 12])
def test_keys_that_are_none_lead_to_the_sign_in_page(cast: Cast, clock: Clock, key: str) -> None:
    client = Client()
    client.cookies["nd_session"] = key
    response = client.get("/account/")
    assert response.status_code == 302
    assert response["Location"].startswith("/signin/?next=%2Faccount%2F")


def test_a_post_without_any_session_leads_to_the_sign_in_page(
    cast: Cast, clock: Clock, client: Client
) -> None:
    assert client.post("/account/")["Location"] == "/signin/"


def test_the_health_page_asks_for_no_session(client: Client, db: None) -> None:
    assert client.get("/healthz").status_code in {200, 503}  # 503: no broker in the tests


def test_a_request_that_passed_no_middleware_is_kept_out() -> None:
    """The wall itself, without the clock and the store around it."""
    from django.contrib.auth.models import AnonymousUser

    from ningde_projects.signin.middleware import SignInMiddleware

    request = RequestFactory().get("/undeclared/")
    request.user = AnonymousUser()
    request.session_lapse = ""  # type: ignore[attr-defined]
    wall = SignInMiddleware(lambda _request: HttpResponse("secret"))
    answer = wall.process_view(request, undeclared, (), {})
    assert answer is not None
    assert answer.status_code == 302


class Numbers(APIView):
    """An API's view: it asks for a person itself, and Django's mark says that no sign-in page is wanted."""

    def get(self, request: Request) -> Response:
        return Response({"n": 1})


urlpatterns.append(path("api/numbers/", Numbers.as_view()))


@override_settings(ROOT_URLCONF="tests.signin.test_wall")
def test_an_api_answers_those_who_are_in_and_marks_a_session_that_is_over(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    assert client.get("/api/numbers/").status_code == 403
    sign_in(client, cast.owner_xp)
    assert client.get("/api/numbers/").json() == {"n": 1}
    clock.forward(minutes=31)
    over = client.get("/api/numbers/", headers={"Accept": "application/json"})
    assert over.status_code == 403
    assert over["X-Session-Expired"] == "1"


@override_settings(ROOT_URLCONF="tests.signin.test_wall")
def test_an_api_is_no_way_round_the_change_of_the_password(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    cast.owner_xp.must_change_password = True
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    answer = client.get("/api/numbers/", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json() == {"detail": "请先修改密码。"}
