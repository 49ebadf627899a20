"""The broker and the cache may vanish: pages go on working, and what was saved stays saved."""

import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from celery import Celery
from django.core.cache import BaseCache, cache
from django.core.cache.backends.redis import RedisCacheClient
from django.db import transaction
from redis.exceptions import ConnectionError as NoServer

from ningde_projects.celery import app
from ningde_projects.operations.cache import PAUSE_SECONDS, ForgivingRedisCache
from ningde_projects.operations.wakeups import WakeUpTask

GONE = "unix:///nowhere/valkey.sock"


@pytest.fixture
def absent() -> BaseCache:
    return ForgivingRedisCache(GONE, {})


def test_an_absent_cache_has_never_heard_of_anything(absent: BaseCache) -> None:
    absent.set("a", 1)
    assert absent.get("a", "computed") == "computed"
    assert absent.get_many(["a", "b"]) == {}
    assert absent.set_many({"a": 1}) == ["a"]
    assert absent.add("a", 1) is False
    assert absent.incr("a") == 1
    assert absent.delete("a") is False
    assert absent.touch("a") is False
    assert ("a" in absent) is False
    absent.delete_many(["a"])
    absent.clear()


def test_an_absent_cache_is_asked_once_and_then_left_alone_for_a_while(absent: BaseCache) -> None:
    clock = iter([0.0, 0.0, 1.0, PAUSE_SECONDS + 0.1, PAUSE_SECONDS + 0.1])
    with (
        patch.object(RedisCacheClient, "get", side_effect=NoServer) as asked,
        patch("ningde_projects.operations.cache.time.monotonic", lambda: next(clock)),
    ):
        for _ in range(3):
            absent.get("a")
    assert asked.call_count == 2


def test_a_present_cache_keeps_things(settings: object, worker_id: str) -> None:
    present = ForgivingRedisCache(settings.REDIS.cache, {"KEY_PREFIX": worker_id})  # type: ignore[attr-defined]
    present.set("a", {"b": 1})
    assert present.get("a") == {"b": 1}
    assert present.add("a", 2) is False
    present.delete("a")
    assert present.get("a") is None


@pytest.fixture
def unreachable() -> Iterator["Celery[WakeUpTask]"]:
    """The product's task application with its broker gone."""
    other = Celery("test", task_cls=WakeUpTask, set_as_current=False)
    other.config_from_object("django.conf:settings", namespace="CELERY")
    other.conf.update(task_always_eager=False, broker_url="redis+socket:///nowhere/valkey.sock")
    yield other
    other.close()


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_stays_saved_when_nobody_can_be_woken(unreachable: "Celery[WakeUpTask]") -> None:
    @unreachable.task
    def wake_up() -> None: ...

    done = []
    begun = time.monotonic()
    with transaction.atomic():
        wake_up.delay_on_commit()
        wake_up.apply_async_on_commit(countdown=1)
        transaction.on_commit(lambda: done.append("what came after"))
    assert done == ["what came after"]
    assert time.monotonic() - begun < 3, "the page waited for the broker"


def test_tasks_are_of_the_kind_that_may_fail_to_start() -> None:
    @app.task
    def any_task() -> None: ...

    assert isinstance(any_task, WakeUpTask)


def test_the_tests_themselves_leave_no_trace_in_a_shared_cache() -> None:
    assert "locmem" in type(cache._connections[cache._alias]).__module__  # type: ignore[attr-defined]
