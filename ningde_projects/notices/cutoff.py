"""A bound on the whole of a sending, whatever the other side does: time-outs alone start anew with every byte.

The work runs in a thread of its own. When the time is up its connections are shut, so that nothing goes out
afterwards, and the caller goes on at once.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class CutOffError(OSError):
    """The time for this sending is up."""


class CutOff:
    """What has to be shut when the time is up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._over = False

    def guard(self, connection: socket.socket) -> None:
        """Have it shut when the time is up; CutOffError when it is up already."""
        with self._lock:
            if self._over:
                connection.close()
                raise CutOffError
            if connection not in self._sockets:
                self._sockets.append(connection)

    def in_time(self, end: Callable[[], None]) -> None:
        """Write down how it ended, unless the time was up before."""
        with self._lock:
            if not self._over:
                end()

    def shut(self) -> None:
        with self._lock:
            self._over = True
            for connection in self._sockets:
                # Shut, not closed: closing does not wake a thread that waits on it.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def within(seconds: float, work: Callable[[CutOff], Result]) -> Result:
    """The work's result, or what it raised; CutOffError when it takes longer than so many seconds."""
    cut = CutOff()
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            result = work(cut)
        except BaseException as failure:  # noqa: BLE001 - raised again where it is waited for
            kept = failure
            cut.in_time(lambda: failures.append(kept))
        else:
            cut.in_time(lambda: results.append(result))

    thread = threading.Thread(target=run, daemon=True, name="sending")
    thread.start()
    try:
        thread.join(seconds)
    finally:
        cut.shut()
    # What the work does once its connection is shut, be it an empty answer or a fault, says nothing.
    if results:
        return results[0]
    if failures:
        raise failures[0]
    raise CutOffError
