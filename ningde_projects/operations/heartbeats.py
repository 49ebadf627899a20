"""Signs of life of the processes that nobody can ask over http.

Worker and beat each write a key that goes out by itself; /healthz looks whether it is still there.
"""

import logging
import time
from typing import Any

import redis
from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent, worker_ready
from django.conf import settings
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WORKER = "worker"
BEAT = "beat"
# The worker's heart beats every 2 s, beat's at least every 5 s.
LIFETIME_SECONDS = 20


def connection() -> "redis.Redis":
    """The broker's server, with time limits that suit a question in passing."""
    return redis.Redis.from_url(settings.REDIS.server, socket_connect_timeout=1, socket_timeout=1)


def key(process: str) -> str:
    return f"nd:alive:{process}"


def beat_once(process: str) -> None:
    """Says "alive". Failing to say so must not stop the process that is."""
    try:
        with connection() as server:
            server.set(key(process), str(int(time.time())), ex=LIFETIME_SECONDS)
    except RedisError as error:
        logger.warning("No heartbeat of %s: %s", process, error)


@heartbeat_sent.connect
@worker_ready.connect
def worker_lives(**_kwargs: Any) -> None:
    beat_once(WORKER)


class BeatingScheduler(PersistentScheduler):
    """Celery's own scheduler, which says at each tick that it is alive."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        beat_once(BEAT)
        wait: float = super().tick(*args, **kwargs)
        return wait
