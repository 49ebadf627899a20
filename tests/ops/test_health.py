"""/healthz says of database, broker, worker and beat whether each is there."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client

from ningde_projects.operations import heartbeats, probe
from ningde_projects.settings import env

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(worker_id: str) -> Iterator[None]:
    """The run's own broker, with no sign of life on it; each test process writes under names of its own."""
    with patch.object(heartbeats, "key", lambda process: f"test:{worker_id}:{process}"):
        with heartbeats.connection() as server:
            server.delete(heartbeats.key("worker"), heartbeats.key("beat"))
        yield


def test_all_is_well_once_worker_and_beat_have_said_so(client: Client, broker: None) -> None:
    heartbeats.beat_once(heartbeats.WORKER)
    heartbeats.beat_once(heartbeats.BEAT)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"},
    )


@pytest.mark.parametrize("silent", [heartbeats.WORKER, heartbeats.BEAT])
def test_a_silent_process_is_named(client: Client, broker: None, silent: str) -> None:
    for process in {heartbeats.WORKER, heartbeats.BEAT} - {silent}:
        heartbeats.beat_once(process)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert [name for name, state in response.json().items() if state == "down"] == [silent]


def test_a_sign_of_life_goes_out_by_itself(broker: None) -> None:
    heartbeats.beat_once(heartbeats.WORKER)
    with heartbeats.connection() as server:
        left = server.ttl(heartbeats.key(heartbeats.WORKER))
    assert 0 < left <= heartbeats.LIFETIME_SECONDS


def test_without_a_broker_the_database_is_still_told_of(
    client: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONE", "unix:///nowhere/valkey.sock")
    settings.REDIS = env.redis("GONE")  # type: ignore[attr-defined]
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "database": "ok",
        "broker": "down",
        "worker": "down",
        "beat": "down",
    }
    heartbeats.beat_once(heartbeats.WORKER)  # and a process goes on living


def test_without_a_database_it_answers_all_the_same_and_gives_no_reason(client: Client, broker: None) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("password of nd_app is wrong")):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "down"
    assert b"nd_app" not in response.content


def test_nothing_can_be_sent_to_it(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_the_container_asks_under_the_public_name(monkeypatch: pytest.MonkeyPatch, broker: None) -> None:
    asked: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Host"])
            self.send_response(200 if len(asked) == 1 else 503)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None: ...

    monkeypatch.setenv("PUBLIC_BASE_URL", "https://projects.example")
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answers = [probe.main(server.server_port), probe.main(server.server_port)]
        server.shutdown()
    assert answers == [0, 1]
    assert asked == ["projects.example"] * 2
    assert probe.main(server.server_port) == 1
