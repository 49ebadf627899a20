"""An operator's slip of the pen stops the start and says which variable is meant."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ningde_projects.settings import env

NAME = "SOME_SETTING"


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("Yes", True), ("off", False), ("0", False), ("", True)]
)
def test_a_flag_is_read_in_any_usual_spelling(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: bool
) -> None:
    monkeypatch.setenv(NAME, written)
    assert env.flag(NAME, True) is meant


@pytest.mark.parametrize("written", ["ture", "2", "enabled"])
def test_a_flag_with_any_other_word_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(NAME, written)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is '{written}'"):
        env.flag(NAME, True)


@pytest.mark.parametrize(
    ("written", "accepted"), [("1", True), ("9", True), ("0", False), ("10", False), ("1e1", False)]
)
def test_a_number_stays_within_its_bounds(
    monkeypatch: pytest.MonkeyPatch, written: str, accepted: bool
) -> None:
    monkeypatch.setenv(NAME, written)
    if accepted:
        assert env.number(NAME, 5, at_least=1, at_most=9) == int(written)
    else:
        with pytest.raises(ImproperlyConfigured, match="from 1 to 9"):
            env.number(NAME, 5, at_least=1, at_most=9)


def test_a_choice_outside_the_list_names_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "LOUD")
    with pytest.raises(ImproperlyConfigured, match="INFO, WARNING"):
        env.choice(NAME, ["INFO", "WARNING"], "INFO")


def test_what_has_no_default_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is not set"):
        env.text(NAME)


@pytest.mark.parametrize("written", ["short", "change-me-" + "x" * 60])
def test_a_secret_is_neither_short_nor_the_example(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(NAME, written)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.secret(NAME)


def test_a_folder_is_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "media")
    with pytest.raises(ImproperlyConfigured, match="absolute"):
        env.folder(NAME, Path("/srv"))


@pytest.mark.parametrize(
    "written", ["ftp://host.example", "https://host.example/path", "host.example", "https://"]
)
def test_a_web_address_is_scheme_and_host_alone(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(NAME, written)
    with pytest.raises(ImproperlyConfigured, match="scheme and host"):
        env.web_address(NAME)


def test_a_database_is_read_with_password_port_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://nd_app:p%40ss@db.example:5433/ningde?sslmode=require")
    read = env.database(NAME)
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"]) == (
        "nd_app",
        "p@ss",
        "db.example",
        "5433",
        "ningde",
    )
    assert read["OPTIONS"] == {"sslmode": "require"}


def test_a_database_may_lie_behind_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://nd_app@/ningde?host=/run/sockets")
    read = env.database(NAME)
    assert (read["HOST"], read["PORT"], read["OPTIONS"]) == ("/run/sockets", "", {})


@pytest.mark.parametrize(
    "written", ["sqlite:///x.db", "mysql://a@b/c", "postgresql://host.example/", "postgresql:///x"]
)
def test_only_a_complete_postgresql_address_is_a_database(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv(NAME, written)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.database(NAME)


def test_one_redis_address_gives_broker_and_cache_their_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "redis://:secret@redis.example:6379")
    read = env.redis(NAME)
    assert (read.broker, read.cache) == (
        "redis://:secret@redis.example:6379/0",
        "redis://:secret@redis.example:6379/1",
    )


def test_a_redis_socket_is_spelt_for_each_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "unix:///run/valkey.sock")
    read = env.redis(NAME)
    assert (read.broker, read.cache) == (
        "redis+socket:///run/valkey.sock?virtual_host=0",
        "unix:///run/valkey.sock?db=1",
    )


@pytest.mark.parametrize("written", ["redis://redis.example:6379/3", "http://redis.example", "unix://"])
def test_a_redis_address_carries_no_database_number(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(NAME, written)
    with pytest.raises(ImproperlyConfigured, match="without a database number"):
        env.redis(NAME)
