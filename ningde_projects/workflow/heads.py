"""The heads of the chain of seals outside the database: whoever rewrites the chain has to rewrite these too.

They go into the log, which operators ship to another machine, and into a file of the state folder, which
`verify_record` compares with the database.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .models import Seal

log = logging.getLogger(__name__)


def file() -> Path:
    """One line per seal: last act, digest, time."""
    return Path(settings.STATE_DIR) / "record-heads.log"


def note(seal: Seal) -> None:
    """Called when the seal is committed. A full disk must not stop the sealing: the log line is written first."""
    log.info("record sealed", extra={"last_id": seal.last_id, "digest": seal.digest, "count": seal.count})
    line = f"{seal.last_id} {seal.digest} {seal.at.isoformat()}\n"
    try:
        descriptor = os.open(file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as failure:
        log.error("the head of the record could not be noted: %s", failure)


def noted() -> Iterator[tuple[int, str]]:
    """(last act, digest) of every seal noted here; a line that a power cut has torn is passed over."""
    try:
        with file().open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                words = line.split()
                if len(words) == 3 and words[0].isdecimal() and len(words[1]) == 64:
                    yield int(words[0]), words[1]
    except FileNotFoundError:
        return
