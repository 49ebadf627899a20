"""Refusals carry their reason,
said once: the sentence raised is the sentence that the locked button shows."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """The act is not done. `field` names the input that has to change, when there is one."""

    status_code = 422

    def __init__(
        self, reason: str | Promise, *, field: str = "", errors: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.errors = errors or ({field: [str(reason)]} if field else {})

    def __str__(self) -> str:
        return str(self.reason)


class NotAllowed(Refusal):
    """The person: it is somebody else's to do."""

    status_code = 403


class WrongState(Refusal):
    """The state: the thing has moved on, or is not there yet."""

    status_code = 409


class StaleVersion(WrongState):
    """Someone else changed the row since this form was shown."""


class RuleBroken(Refusal):
    """A guard or a rule of the form says no."""

    status_code = 422
