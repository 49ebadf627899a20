"""The same button twice is one act (security.md, races)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ningde_projects.workflow.idempotency import body_digest
from ningde_projects.workflow.models import Act, IdempotencyKey
from tests.cast import Cast
from tests.workflow import pages

pytestmark = pytest.mark.urls("tests.workflow.pages")


def made() -> int:
    return Act.objects.filter(machine="test").count()


def post(client: Client, path: str, key: Any = None, word: str = "甲", **headers: str) -> HttpResponse:
    data = {"word": word} | ({"idempotency_key": str(key)} if key else {})
    return client.post(f"/t/{path}/", data, headers=headers)  # type: ignore[return-value]


@pytest.fixture
def client(cast: Cast, client: Client) -> Client:
    return cast.login(client, cast.bureau_xp)


def test_a_repeated_request_gets_the_first_answer_and_does_nothing(client: Client) -> None:
    key = uuid4()
    first, second = post(client, "make", key), post(client, "make", key)
    assert first["Location"] == second["Location"] == "/made/?word=%E7%94%B2"
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["X-Repeated"] == "1"
    assert made() == 1


def test_each_rendering_has_its_own_key_so_two_forms_are_two_acts(client: Client) -> None:
    post(client, "make", uuid4())
    post(client, "make", uuid4())
    assert made() == 2


def test_the_same_key_with_another_body_is_refused(client: Client) -> None:
    key = uuid4()
    post(client, "make", key, "甲")
    answer = post(client, "make", key, "乙")
    assert answer.status_code == 409
    assert "内容不同" in answer.content.decode()
    assert made() == 1


def test_the_same_key_on_another_page_is_refused(client: Client) -> None:
    key = uuid4()
    post(client, "make", key)
    assert post(client, "part", key).status_code == 409
    assert made() == 1


def test_the_key_of_one_person_is_nothing_to_another(client: Client, cast: Cast) -> None:
    key = uuid4()
    post(client, "make", key)
    assert post(cast.login(Client(), cast.bureau2_xp), "make", key).status_code == 302
    assert made() == 2


def test_a_form_with_errors_may_be_sent_again_and_what_it_saved_stays(client: Client) -> None:
    key = uuid4()
    assert post(client, "half", key).status_code == 422
    assert made() == 1  # the draft
    assert post(client, "half", key).status_code == 422
    assert not IdempotencyKey.objects.exists()


def test_an_exception_undoes_act_and_key(client: Client) -> None:
    assert post(client, "breaks", uuid4()).status_code == 403
    assert made() == 0
    assert not IdempotencyKey.objects.exists()


def test_a_repeated_part_of_a_page_makes_the_browser_load_it_anew(client: Client) -> None:
    key = uuid4()
    post(client, "part", key, HX_Request="true")
    again = post(client, "part", key, HX_Request="true")
    assert (again.status_code, again["HX-Refresh"]) == (204, "true")
    assert made() == 1


def test_a_program_gets_the_same_answer_by_its_header(client: Client) -> None:
    key = str(uuid4())
    answers = [
        client.post(
            "/t/program/", {"a": 1}, content_type="application/json", headers={"Idempotency-Key": key}
        )
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == {"id": 7}
    assert made() == 1


@pytest.mark.parametrize("key", ["x", "1", "0" * 40, "'; DROP TABLE", "é"])
def test_a_malformed_key_is_a_bad_request(client: Client, key: str) -> None:
    assert post(client, "make", key).status_code == 400
    assert made() == 0


def test_without_a_key_nothing_is_kept(client: Client) -> None:
    post(client, "make")
    post(client, "make")
    assert made() == 2
    assert not IdempotencyKey.objects.exists()


def test_the_digest_knows_values_files_and_fields_apart() -> None:
    factory = RequestFactory()
    bodies: list[dict[str, Any]] = [
        {"a": "b"}, {"a": "c"}, {"a": ["b", "c"]}, {"a": "b", "c": ""}, {"a": "bc"},
        {"a": SimpleUploadedFile("x.txt", b"1")}, {"a": SimpleUploadedFile("x.txt", b"2")},
        {"a": SimpleUploadedFile("y.txt", b"1")},
    ]  # fmt: skip
    assert len({body_digest(factory.post("/", body)) for body in bodies}) == len(bodies)
    same = [{"a": "b", "idempotency_key": "1"}, {"csrfmiddlewaretoken": "2", "a": "b"}]
    assert len({body_digest(factory.post("/", body)) for body in same}) == 1


# ---- truly at once ------------------------------------------------------------------------------------------


@pytest.fixture
def _events() -> Iterator[None]:
    yield
    for event in (pages.slow, pages.inside, pages.go_on):
        event.clear()


def _in_thread(cast: Cast, key: Any, answers: list[HttpResponse]) -> threading.Thread:
    client = cast.login(Client(), cast.bureau_xp)

    def run() -> None:
        try:
            answers.append(post(client, "make", key))
        finally:
            connection.close()

    return threading.Thread(target=run)


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_are_one_act(cast: Cast) -> None:
    key = uuid4()
    clients = [cast.login(Client(), cast.bureau_xp) for _ in range(8)]

    def click(client: Client) -> str:
        try:
            return str(post(client, "make", key).headers["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(click, clients))
    assert len(set(answers)) == 1
    assert made() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_events")
def test_the_second_click_waits_for_the_first_and_gets_its_answer(cast: Cast) -> None:
    key = uuid4()
    answers: list[HttpResponse] = []
    pages.slow.set()
    first = _in_thread(cast, key, answers)
    first.start()
    assert pages.inside.wait(10)
    pages.slow.clear()
    second = _in_thread(cast, key, answers)
    second.start()
    second.join(0.5)
    assert second.is_alive()  # waits on the first one's row
    assert not answers
    pages.go_on.set()
    first.join(10)
    second.join(10)
    assert [a.status_code for a in answers] == [302, 302]
    assert made() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_events")
def test_a_click_that_waits_too_long_is_told_so(cast: Cast) -> None:
    key = uuid4()
    answers: list[HttpResponse] = []
    pages.slow.set()
    first = _in_thread(cast, key, answers)
    first.start()
    assert pages.inside.wait(10)
    client = cast.login(Client(), cast.bureau_xp)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    answer = post(client, "make", key)
    pages.go_on.set()
    first.join(10)
    assert answer.status_code == 409
    assert "仍在处理" in answer.content.decode()
    assert made() == 1
