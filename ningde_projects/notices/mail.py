"""Letters through the operator's mail server, shut when their time is up."""

from __future__ import annotations

import smtplib
from functools import partial
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from .cutoff import CutOff, CutOffError


class _GuardedSMTP(smtplib.SMTP):
    """Every answer is awaited only as long as there is time; nothing is sent before the answer to what went ahead."""

    def __init__(self, cut: CutOff, *args: Any, **kwargs: Any) -> None:
        self._cut = cut
        super().__init__(*args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            try:
                self._cut.guard(self.sock)
            except CutOffError as over:
                # The one failure that smtplib's callers expect from a lost connection.
                raise smtplib.SMTPServerDisconnected("cut off") from over
        return super().getreply()


class _GuardedSSL(_GuardedSMTP, smtplib.SMTP_SSL):
    pass


class GuardedBackend(EmailBackend):
    """Django's own, with connections that can be shut from outside."""

    def __init__(self, cut: CutOff, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._cut = cut

    @property
    def connection_class(self) -> Any:
        return partial(_GuardedSSL if self.use_ssl else _GuardedSMTP, self._cut)


def send(message: EmailMessage, cut: CutOff) -> None:
    """Raises OSError (smtplib's errors are among them) when it was not taken over."""
    connection = get_connection()
    message.connection = GuardedBackend(cut) if type(connection) is EmailBackend else connection
    message.send()
