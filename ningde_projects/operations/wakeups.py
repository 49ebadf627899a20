"""How web code starts a background task."""

import logging
from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


class WakeUpTask(DjangoTask[Any, Any]):
    """A task whose start may fail without harming what was saved.

    What is to be done is in the database (the outbox, the table of deadlines); the message on the broker
    only says "look now". So an absent broker is logged, and the page that saved answers as if nothing had
    happened: the next tick of beat finds the work.
    """

    abstract = True

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        self.apply_async_on_commit(args, kwargs)

    def apply_async_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        def wake() -> None:
            try:
                self.apply_async(*args, **kwargs)
            except OperationalError as error:
                logger.warning("The broker does not answer; %s waits for the next tick: %s", self.name, error)

        transaction.on_commit(wake)
