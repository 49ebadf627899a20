"""A refusal is said in its own words, with its status, and what was typed stays (docs/pages.md, "Acting")."""

from __future__ import annotations

import pytest
from django.test import Client

from ningde_projects.workflow.models import Act
from tests.cast import Cast

pytestmark = pytest.mark.urls("tests.workflow.pages")
STATUS = {"person": 403, "state": 409, "stale": 409, "rule": 422}
WORDS = {
    "person": "只有霞浦县发改局可以签收。", "state": "已经签收。", "stale": "别人已经修改。", "rule": "请写明原因。",
}  # fmt: skip


@pytest.fixture
def client(cast: Cast, client: Client) -> Client:
    return cast.login(client, cast.bureau_xp)


@pytest.mark.parametrize("why", STATUS)
@pytest.mark.parametrize("page", ["refuse", "unguarded"])
def test_a_button_refused_leads_to_a_page_with_the_reason_and_what_was_typed(
    client: Client, why: str, page: str
) -> None:
    answer = client.post(f"/t/{page}/{why}/", {"note": "桩号K3+200", "idempotency_key": "x", "version": "3"})
    text = answer.content.decode()
    assert answer.status_code == STATUS[why]
    assert WORDS[why] in text
    assert "note: 桩号K3+200" in text
    assert "version: 3" not in text
    assert "idempotency_key" not in text


@pytest.mark.parametrize("why", STATUS)
def test_a_dialog_as_a_page_of_its_own_keeps_the_form(client: Client, why: str) -> None:
    answer = client.post(f"/t/ask/{why}/", {"reason": "缺征地进度"})
    text = answer.content.decode()
    assert answer.status_code == STATUS[why]
    assert WORDS[why] in text
    assert "缺征地进度" in text
    assert '<button class="btn btn-primary">' in text


@pytest.mark.parametrize("why", ["person", "state", "stale"])
def test_in_a_dialog_the_words_come_as_a_fragment_so_that_the_open_form_stays(
    client: Client, why: str
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "nd-dialog-body"}
    answer = client.post(f"/t/ask/{why}/", {"reason": "缺征地进度"}, headers=headers)
    assert answer.status_code == STATUS[why]
    assert answer["X-Shell-Error"] == "1"
    assert WORDS[why] in answer.content.decode()


def test_a_broken_rule_in_a_dialog_comes_back_as_the_form(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "nd-dialog-body"}
    answer = client.post("/t/ask/rule/", {"reason": "缺征地进度"}, headers=headers)
    assert answer.status_code == 422
    assert "X-Shell-Error" not in answer
    assert 'id="id_reason_error"' in answer.content.decode()


def test_a_missing_reason_names_its_field_and_makes_no_act(client: Client) -> None:
    answer = client.post("/t/ask/fine/", {"reason": "  "})
    assert answer.status_code == 422
    assert "请填写原因" in answer.content.decode()
    assert not Act.objects.filter(machine="test").exists()


def test_done_goes_on_with_a_word_of_success(client: Client) -> None:
    answer = client.post("/t/ask/fine/", {"reason": "好"}, follow=True)
    assert answer.redirect_chain == [("/account/", 302)]
    assert "已退回。" in answer.content.decode()
    assert Act.objects.filter(machine="test").count() == 1


def test_done_in_a_dialog_leaves_it(client: Client) -> None:
    answer = client.post("/t/ask/fine/", {"reason": "好"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/")
