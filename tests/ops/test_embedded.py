"""The servers from wheels are what the product will meet on a server: the same roles, the same extensions."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from ops import embedded, places, testing
from ops.places import Place, place

SECOND = 20


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A pair of servers of this test alone, in a checkout that does not exist."""
    checkout = tmp_path_factory.mktemp("checkout")
    monkeypatch.setattr(places, "ROOT", checkout)
    monkeypatch.setattr(places, "VAR", checkout / "var")
    where = place("run")
    yield where
    shutil.rmtree(where.data.parent)


def ask(where: Place, role: str, statement: str, *values: str) -> list[tuple[object, ...]]:
    opened = psycopg2.connect(where.database_url(role, embedded.DATABASE))
    try:
        with opened, opened.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        opened.close()


def test_the_owner_makes_tables_and_the_others_get_only_what_they_need(own: Place) -> None:
    with embedded.servers(own):
        ask(own, embedded.OWNER, "CREATE TABLE paper (id serial PRIMARY KEY, words text)")
        ask(own, embedded.APP, "INSERT INTO paper (words) VALUES ('项目')")
        ask(own, embedded.APP, "UPDATE paper SET words = '宁德'")
        assert ask(own, embedded.AUDIT, "SELECT words FROM paper") == [("宁德",)]
        for role, statement in (
            (embedded.APP, "DROP TABLE paper"),
            (embedded.APP, "TRUNCATE paper"),
            (embedded.APP, "CREATE TABLE mine ()"),
            (embedded.APP, "ALTER TABLE paper DISABLE TRIGGER ALL"),
            (embedded.AUDIT, "DELETE FROM paper"),
            (embedded.AUDIT, "INSERT INTO paper (words) VALUES ('x')"),
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(own, role, statement)


def test_data_outlive_a_stop_and_a_kill(own: Place) -> None:
    embedded.prepare(own)
    for how in (signal.SIGINT, signal.SIGKILL):
        server = embedded.start(embedded.postgres_command(own, lasting=True), own, "postgres")
        embedded.wait_for_postgres(own)
        ask(own, embedded.OWNER, "CREATE TABLE IF NOT EXISTS kept (how text)")
        ask(own, embedded.OWNER, "INSERT INTO kept VALUES (%s)", how.name)
        server.send_signal(how)
        server.wait(timeout=SECOND)
    with embedded.servers(own):
        assert ask(own, embedded.OWNER, "SELECT how FROM kept ORDER BY how") == [("SIGINT",), ("SIGKILL",)]


def test_servers_left_over_from_a_killed_run_are_ended_at_the_next(own: Place) -> None:
    embedded.prepare(own)
    left = embedded.start(embedded.postgres_command(own, lasting=False), own, "postgres")
    embedded.wait_for_postgres(own)
    embedded.end_leftovers(own)
    assert left.wait(timeout=SECOND) == 0


def test_a_stranger_whose_number_stands_in_an_old_file_is_left_alone(own: Place) -> None:
    embedded.prepare(own)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (own.broker / "valkey.pid").write_text(str(stranger.pid))
        embedded.end_leftovers(own)
        time.sleep(0.2)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_preparation_begins_anew(own: Place) -> None:
    own.cluster.mkdir()
    (own.cluster / "half").write_text("")
    embedded.prepare(own)
    assert (own.data / "prepared").exists()
    assert not (own.cluster / "half").exists()


def test_the_servers_do_not_run_as_root_and_nobody_else_can_reach_them(own: Place) -> None:
    assert own.sockets.stat().st_mode & 0o077 == 0
    assert own.data.stat().st_mode & 0o077 == 0
    if os.geteuid() == 0:
        with embedded.servers(own):
            pid = int((own.cluster / "postmaster.pid").read_text().split()[0])
            assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_socket_paths_stay_within_the_kernels_limit(own: Place) -> None:
    assert len(str(own.sockets / ".s.PGSQL.5432.lock")) <= 107


@pytest.mark.django_db
def test_the_database_of_the_tests_can_what_a_servers_can() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name IN ('pg_trgm', 'btree_gist')")
        assert len(cursor.fetchall()) == 2


def test_the_mark_of_the_schema_changes_with_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    (tmp_path / "desk" / "migrations").mkdir(parents=True)
    first = testing.schema_mark()
    (tmp_path / "desk" / "migrations" / "0001_initial.py").write_text("")
    second = testing.schema_mark()
    (tmp_path / "desk" / "migrations" / "0001_initial.py").write_text("# changed")
    assert len({first, second, testing.schema_mark()}) == 3
