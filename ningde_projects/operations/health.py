"""/healthz: is everything there that a working system needs?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from ningde_projects.operations import heartbeats

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        return False


def broker_and_processes() -> dict[str, bool]:
    """Whether the broker answers, and which of worker and beat has lately said on it that it lives."""
    try:
        with heartbeats.connection() as server:
            alive = (
                server.exists(heartbeats.key(heartbeats.WORKER)),
                server.exists(heartbeats.key(heartbeats.BEAT)),
            )
    except RedisError as error:
        logger.warning("The broker does not answer: %s", error)
        return {"broker": False, "worker": False, "beat": False}
    return {"broker": True, "worker": bool(alive[0]), "beat": bool(alive[1])}


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and beat are alive, else 503; says of each whether, never why."""
    states = {"database": database_answers()} | broker_and_processes()
    healthy = all(states.values())
    body = {
        "status": "ok" if healthy else "failing",
        **{name: "ok" if up else "down" for name, up in states.items()},
    }
    return JsonResponse(body, status=200 if healthy else 503)
