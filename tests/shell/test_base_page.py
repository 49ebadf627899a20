"""The frame of every page: language, title, menus, choices of the browser, dialogs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.conf import settings as configured
from django.http import HttpRequest
from django.template import engines
from django.test import override_settings
from django.urls import include, path
from django.utils import translation

from ningde_projects.shell import navigation, views
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.shell.navigation import NavEntry, PeriodOption, PeriodSwitch
from tests.shell.conftest import SomeActor

urlpatterns = [path("", include("ningde_projects.shell.urls")), path("todo/", views.home, name="todo")]
MakeRequest = Callable[..., HttpRequest]
PAGE = '{% extends "base.html" %}{% load nd %}{% block title %}我的待办{% endblock %}{% block shell %}{% navwidth width %}{% endblock %}{% block main %}<h1>我的待办</h1>{% endblock %}'  # noqa: E501
pytestmark = pytest.mark.usefixtures("empty_registries")


@pytest.fixture(autouse=True)
def own_urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def page(make_request: MakeRequest) -> Callable[..., str]:
    def render(width: str = "wide", cookies: dict[str, str] | None = None, **kwargs: object) -> str:
        request = make_request("/todo/", actor=SomeActor(frozenset({"项目业主"})), **kwargs)
        request.COOKIES.update(cookies or {})
        return str(engines["django"].from_string(PAGE).render({"width": width}, request))

    return render


def test_language_and_title_follow_the_reader(page: Callable[..., str]) -> None:
    assert '<html lang="zh-CN">' in page()
    assert "<title>我的待办 · 宁德市项目全生命周期管理系统</title>" in page()
    with translation.override("en"):
        assert '<html lang="en">' in page()
        assert "· Ningde Project Lifecycle Management System</title>" in page()


def test_an_english_page_has_no_chinese_but_the_switch_and_the_data(
    page: Callable[..., str], settings: Any
) -> None:
    settings.SUPPORT_CONTACT = "0593-1234567"
    navigation.register(
        NavEntry("todo", "To do", "checkbox", "todo", navigation.has_duty("项目业主"), mobile=True)
    )
    with translation.override("en"):
        html = page()
    left = set(re.findall(r"[一-鿿]+", html)) - {"简体中文", "我的待办", "陈晓燕", "陈", "项目业主"}
    assert left == {"霞浦县城建水务发展有限公司"}


def test_the_skip_link_leads_to_the_one_main_part(page: Callable[..., str]) -> None:
    html = page()
    assert html.index('href="#main"') < html.index("<header")
    assert html.count('id="main"') == 1
    assert html.count("<h1") == 1


def test_signing_out_is_a_post_with_a_token(page: Callable[..., str]) -> None:
    navigation.register_link(navigation.Link.SIGN_OUT, "todo")
    form = re.search(r'<form method="post" action="/todo/".*?</form>', page(), re.DOTALL)
    assert form is not None
    assert "csrfmiddlewaretoken" in form[0]


def test_the_period_can_be_changed_without_script(page: Callable[..., str]) -> None:
    navigation.register_period_switch(
        lambda request: PeriodSwitch(
            "报告期", "2026年10月", [PeriodOption("2026年9月", "/todo/?period=2026-09")]
        )
    )
    html = page()
    assert 'href="/todo/?period=2026-09"' in html
    assert "<details" in html


@pytest.mark.parametrize(
    ("default", "cookie", "shown"),
    [("wide", None, False), ("rail", None, True), ("rail", "wide", False), ("wide", "rail", True)],
)
def test_the_width_of_the_navigation_is_the_users_choice_before_the_pages(
    default: str, cookie: str | None, shown: bool, page: Callable[..., str]
) -> None:
    html = page(default, {"nd_nav": cookie} if cookie else None)
    assert ('class="nd-shell rail"' in html) is shown


def test_single_keys_are_on_until_switched_off(page: Callable[..., str]) -> None:
    assert 'data-keys="on"' in page()
    assert 'data-keys="off"' in page(cookies={"nd_keys": "off"})


def test_choices_are_kept_in_cookies_and_unknown_values_are_not(make_request: MakeRequest) -> None:
    good = views.preferences(make_request("/", method="post", data={"nd_nav": "rail", "next": "/todo/?a=1"}))
    assert (good["Location"], good.cookies["nd_nav"].value) == ("/todo/?a=1", "rail")
    bad = views.preferences(make_request("/", method="post", data={"nd_nav": "<b>", "nd_other": "1"}))
    assert not bad.cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_leads_only_inside(target: str, make_request: MakeRequest) -> None:
    answer = views.preferences(make_request("/", method="post", data={"nd_keys": "off", "next": target}))
    assert answer["Location"] == "/"


def test_the_language_is_switched_by_post_and_kept(make_request: MakeRequest) -> None:
    answer = views.language(make_request("/", method="post", data={"language": "en", "next": "/todo/"}))
    assert answer.status_code == 302
    assert answer.cookies[configured.LANGUAGE_COOKIE_NAME].value == "en"
    assert views.language(make_request("/")).status_code == 405


def test_the_style_guide_has_no_address_outside_development() -> None:
    from ningde_projects.shell import urls

    assert "styleguide" not in {pattern.name for pattern in urls.urlpatterns}


class Why(forms.Form):
    why = forms.CharField(label="修改要求")


class TestDialogs:
    CONTEXT = {
        "title": "退回报告",
        "button": "退回业主",
        "consequence": "还剩 1 天。",
        "cancel_url": "/todo/",
    }

    def test_without_script_it_is_a_page_of_its_own(self, make_request: MakeRequest) -> None:
        html = render_dialog(
            make_request(), "shell/confirm.html", {**self.CONTEXT, "form": Why()}
        ).content.decode()
        assert "<title>退回报告 ·" in html
        assert '<h1 id="nd-dialog-title">退回报告</h1>' in html
        assert 'href="/todo/">取消' in html
        assert "hx-post" not in html[html.index("<main") : html.index("</main>")]

    def test_with_script_it_is_the_same_form_as_a_fragment(self, make_request: MakeRequest) -> None:
        request = make_request("/return/", headers={"hx-request": "true", "hx-target": "nd-dialog-body"})
        html = render_dialog(request, "shell/confirm.html", {**self.CONTEXT, "form": Why()}).content.decode()
        assert "<html" not in html
        assert 'hx-post="/return/" hx-target="#nd-dialog-body"' in html
        assert "idempotency_key" in html
        assert "退回业主" in html

    def test_errors_come_back_with_422(self, make_request: MakeRequest) -> None:
        answer = render_dialog(
            make_request(), "shell/confirm.html", {**self.CONTEXT, "form": Why({})}, status=422
        )
        assert answer.status_code == 422
        assert "提交前还有 1 处需要修改" in answer.content.decode()

    def test_leaving_redirects_a_page_and_tells_a_dialog_where_to_go(self, make_request: MakeRequest) -> None:
        assert leave(make_request(), "/todo/")["Location"] == "/todo/"
        answer = leave(make_request(headers={"hx-request": "true"}), "/todo/")
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/todo/")
