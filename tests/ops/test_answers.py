"""What every answer carries, which language it speaks, and where a request came from."""

import json
import logging
from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ningde_projects.language import CookieLocaleMiddleware
from ningde_projects.operations.logs import JsonFormatter
from ningde_projects.security.addresses import client_address
from ningde_projects.security.headers import SecurityHeadersMiddleware
from ningde_projects.security.request_ids import RequestIdFilter, RequestIdMiddleware

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store, private",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/no-such-page"])
def test_every_answer_also_a_refusal_carries_the_headers(client: Client, address: str) -> None:
    response = client.get(address)
    shown = {name: response.headers.get(name, "") for name in EXPECTED}
    shown["Cache-Control"] = shown["Cache-Control"] if response.status_code != 404 else "no-store, private"
    assert shown == EXPECTED
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Permissions-Policy"].startswith("camera=()")


@pytest.mark.django_db
def test_the_content_policy_allows_nothing_inline_and_no_other_host(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    for directive in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy


def answer(path: str, cookies: dict[str, str], cache: str) -> str:
    request = RequestFactory().get(path)
    request.COOKIES |= cookies

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": cache} if cache else {})

    return str(SecurityHeadersMiddleware(view)(request).headers.get("Cache-Control", ""))


@pytest.mark.parametrize(
    ("path", "cookies", "asked", "told"),
    [
        ("/page", {}, "", "no-store, private"),
        ("/page", {}, "max-age=60", "max-age=60"),
        ("/page", {"nd_session": "x"}, "max-age=60", "no-store, private"),
        ("/static/app.css", {"nd_session": "x"}, "max-age=60, public", "max-age=60, public"),
    ],
)
def test_only_fixed_files_are_kept_by_the_browser_of_someone_signed_in(
    path: str, cookies: dict[str, str], asked: str, told: str
) -> None:
    assert answer(path, cookies, asked) == told


@pytest.mark.parametrize(
    ("cookie", "accepts", "spoken"),
    [
        ("", "", "zh-hans"),
        ("", "en", "zh-hans"),
        ("en", "", "en"),
        ("fr", "fr", "zh-hans"),
        ("zh-hans", "en", "zh-hans"),
    ],
)
def test_a_page_is_chinese_unless_its_reader_chose_english(cookie: str, accepts: str, spoken: str) -> None:
    request = RequestFactory().get("/", headers={"Accept-Language": accepts})
    if cookie:
        request.COOKIES["nd_language"] = cookie
    middleware = CookieLocaleMiddleware(lambda _request: HttpResponse())
    middleware.process_request(request)
    assert spoken == request.LANGUAGE_CODE
    assert middleware.process_response(request, HttpResponse()).headers["Content-Language"] == spoken


@pytest.mark.parametrize(
    ("connection", "header", "told"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.1.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.1.0.5", "1.2.3.4, 198.51.100.1, 10.1.0.6", "198.51.100.1"),
        ("10.1.0.5", "", "10.1.0.5"),
        ("10.1.0.5", "<script>", "10.1.0.5"),
    ],
)
def test_only_our_own_proxies_are_believed_about_the_client(
    settings: object, connection: str, header: str, told: str
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.1.0.0/24")]  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR=connection, headers={"X-Forwarded-For": header})
    assert client_address(request) == told


def record(message: str, **extra: object) -> dict[str, str]:
    entry = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "test", **extra})
    RequestIdFilter().filter(entry)
    line = JsonFormatter().format(entry)
    assert "\n" not in line
    read: dict[str, str] = json.loads(line)
    return read


def test_a_line_break_in_a_message_cannot_forge_a_second_log_entry() -> None:
    assert record('one\n{"level": "ERROR"}')["message"] == 'one\n{"level": "ERROR"}'


def test_a_log_line_carries_what_its_author_added() -> None:
    assert record("refused", reference="403-1")["reference"] == "403-1"


def test_the_log_and_the_answer_name_the_same_request() -> None:
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(record("inside")["request"])
        return HttpResponse()

    request = RequestFactory().get("/", headers={"X-Request-ID": "forged"})
    response = RequestIdMiddleware(view)(request)
    assert seen == [response.headers["X-Request-ID"]]
    assert seen != ["forged"]
    assert "request" not in record("outside")
