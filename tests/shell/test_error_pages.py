"""What a person reads when something is refused, lost or broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from ningde_projects.shell import errors
from ningde_projects.shell.csrf_failure import csrf_failure
from ningde_projects.shell.middleware import ErrorPagesMiddleware
from tests.shell.conftest import SomeActor, at

MakeRequest = Callable[..., HttpRequest]
pytestmark = pytest.mark.usefixtures("empty_registries")
HOST = "http://testserver"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_403_names_account_time_and_number_but_never_the_record(make_request: MakeRequest) -> None:
    request = make_request("/projects/231/", actor=SomeActor())
    answer = errors.permission_denied(request, PermissionDenied())
    page = text(answer)
    assert answer.status_code == 403
    assert "陈晓燕，霞浦县城建水务发展有限公司（项目业主）" in page
    assert "2026-11-05 14:32:08" in page
    assert re.search(r"403-20261105-143208-[0-9A-F]{4}", page)
    assert page.count("<li>") >= 3
    main = page[page.index("<main") : page.index("</main>")]
    assert "231" not in re.sub(r"403-[0-9A-F-]+", "", main)


def test_403_gives_the_reason_of_our_own_policy_and_escapes_it(make_request: MakeRequest) -> None:
    page = text(
        errors.permission_denied(make_request(actor=SomeActor()), PermissionDenied("只有<b>县发改局可以签收"))
    )
    assert "只有&lt;b&gt;县发改局可以签收" in page
    other = text(errors.permission_denied(make_request(), SuspiciousOperation("secret detail")))
    assert "secret detail" not in other


def test_the_number_on_the_page_is_in_the_log(
    make_request: MakeRequest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("WARNING", logger="ningde_projects.refusals"):
        page = text(errors.permission_denied(make_request("/x/", actor=SomeActor()), PermissionDenied()))
    record = caplog.records[-1]
    assert record.__dict__["reference"] in page
    assert (record.__dict__["path"], record.__dict__["user"]) == ("/x/", 7)


def test_404_says_the_same_for_what_is_hidden_and_what_is_not_there(make_request: MakeRequest) -> None:
    def words(exception: Http404) -> str:
        page = text(errors.not_found(make_request("/x/", actor=SomeActor()), exception))
        return re.sub(r"404-\d+-\d+-\w+", "", re.sub(r'value="[^"]*"|content="[^"]*"', "", page))

    assert words(Http404("No Project matches")) == words(Http404("hidden"))


def test_too_much_is_413_and_other_bad_requests_400(make_request: MakeRequest) -> None:
    assert errors.bad_request(make_request(), RequestDataTooBig("x")).status_code == 413
    answer = errors.bad_request(make_request(), SuspiciousOperation("internal"))
    assert answer.status_code == 400
    assert "internal" not in text(answer)


def test_429_says_how_long_to_wait_in_words_and_in_the_header(make_request: MakeRequest) -> None:
    answer = errors.too_many(make_request(), 61)
    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert "请 2 分钟后再试" in text(answer)


def test_409_shows_both_texts_so_that_nothing_typed_is_lost(make_request: MakeRequest) -> None:
    changed = [errors.Changed("形象进度", "甲 <i>", "乙 & 丙")]
    answer = errors.stale(
        make_request(actor=SomeActor()), changed=changed, url="/reports/7/", by="郑文斌", at=at(11, 5, 9)
    )
    page = text(answer)
    assert answer.status_code == 409
    assert "甲 &lt;i&gt;" in page
    assert re.search(r"<textarea[^>]*readonly[^>]*>乙 &amp; 丙</textarea>", page)
    assert "郑文斌于 11-05 09:00 保存" in page
    assert 'href="/reports/7/"' in page


def test_500_stands_without_person_database_or_style_sheet(
    make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_manifest(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr(errors, "static", no_manifest)
    request = make_request()
    del request.actor  # type: ignore[attr-defined]
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert re.search(r"500-\d{8}-\d{6}-[0-9A-F]{4}", text(answer))
    assert "<link" not in text(answer)


class TestTheMiddleware:
    def answered(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = ErrorPagesMiddleware(lambda _request: response)(request)
        assert isinstance(answer, HttpResponse)
        return answer

    def test_a_bare_405_gets_a_page_and_keeps_its_allow_header(self, make_request: MakeRequest) -> None:
        request = make_request("/x/", headers={"accept": "text/html"})
        answer = self.answered(request, HttpResponseNotAllowed(["POST"]))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "这个网址不能直接打开" in text(answer)

    @pytest.mark.parametrize(
        ("path", "accept"), [("/api/x/", "text/html"), ("/x/", "application/json"), ("/x/", "")]
    )
    def test_programs_get_no_page(self, path: str, accept: str, make_request: MakeRequest) -> None:
        answer = self.answered(
            make_request(path, headers={"accept": accept}), HttpResponseNotAllowed(["POST"])
        )
        assert answer.content == b""

    def test_a_page_that_says_something_itself_is_left_alone(self, make_request: MakeRequest) -> None:
        request = make_request("/x/", headers={"accept": "text/html"})
        assert text(self.answered(request, HttpResponse("locked", status=429))) == "locked"


class TestALapsedSecurityCheck:
    def failed(self, make_request: MakeRequest, data: dict[str, Any], **headers: str) -> HttpResponse:
        request = make_request(
            "/reports/7/?step=2", method="post", data=data, actor=SomeActor(), headers=headers
        )
        return csrf_failure(request, "CSRF token incorrect")

    def test_our_own_form_is_offered_again_with_a_fresh_token(self, make_request: MakeRequest) -> None:
        page = text(self.failed(make_request, {"note": '路基 "K2" <b>', "tick": ["a", "b"]}, origin=HOST))
        assert '<form method="post" action="/reports/7/?step=2">' in page
        assert 'name="note" value="路基 &quot;K2&quot; &lt;b&gt;"' in page
        assert page.count('name="tick"') == 2
        assert 'name="csrfmiddlewaretoken"' in page

    def test_secrets_are_neither_shown_nor_sent_again(self, make_request: MakeRequest) -> None:
        page = text(self.failed(make_request, {"login": "xp_chen", "password": "geheim-1"}, origin=HOST))
        assert "geheim-1" not in page
        assert "重新提交" not in page
        assert "xp_chen" in page

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://testserver.evil.example"])
    def test_words_put_in_by_a_foreign_page_are_not_offered(
        self, origin: str, make_request: MakeRequest
    ) -> None:
        headers = {"origin": origin} if origin else {}
        page = text(self.failed(make_request, {"note": "外来内容"}, **headers))
        assert "外来内容" not in page
        assert "重新提交" not in page

    def test_a_script_of_ours_gets_a_fresh_token_a_foreign_one_none(self, make_request: MakeRequest) -> None:
        ours = self.failed(make_request, {}, origin=HOST, hx_request="true")
        foreign = self.failed(make_request, {}, origin="http://evil.example", hx_request="true")
        assert (ours.status_code, foreign.status_code) == (403, 403)
        assert len(ours["X-CSRFToken-New"]) == 64
        assert not foreign.has_header("X-CSRFToken-New")


class TestAPartOfAPage:
    """What htmx asked for."""

    def test_gets_the_same_refusal_as_a_fragment(self, make_request: MakeRequest) -> None:
        request = make_request("/x/", actor=SomeActor(), headers={"hx-request": "true"})
        answer = errors.permission_denied(request, PermissionDenied("只有县发改局可以签收。"))
        assert (answer.status_code, answer["X-Shell-Error"]) == (403, "1")
        assert "<html" not in text(answer)
        assert "只有县发改局可以签收。" in text(answer)
        assert re.search(r"403-20261105-143208-[0-9A-F]{4}", text(answer))

    @pytest.mark.parametrize("status", [302, 301])
    def test_is_told_that_the_session_has_ended_and_not_sent_the_sign_in_page(
        self, status: int, make_request: MakeRequest, settings: Any
    ) -> None:
        settings.LOGIN_URL = "/sign-in/"
        redirect = HttpResponse(status=status, headers={"Location": "/sign-in/?next=/x/"})
        answer = ErrorPagesMiddleware(lambda _request: redirect)(
            make_request("/x/", headers={"hx-request": "true"})
        )
        assert (answer.status_code, answer.headers["X-Session-Expired"]) == (401, "1")
        page = ErrorPagesMiddleware(lambda _request: redirect)(make_request("/x/"))
        assert page.status_code == status

    def test_other_redirects_are_followed(self, make_request: MakeRequest, settings: Any) -> None:
        settings.LOGIN_URL = "/sign-in/"
        redirect = HttpResponse(status=302, headers={"Location": "/reports/"})
        request = make_request("/x/", headers={"hx-request": "true"})
        assert ErrorPagesMiddleware(lambda _request: redirect)(request) is redirect
