"""The private store: random names, no endings, outside everything that is served by address (control B48)."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from . import conf


class PrivateStorage(FileSystemStorage):
    """Files that only a view with a permission check hands out."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(conf.private_root())

    @property
    def location(self) -> str:
        return str(conf.private_root().resolve())

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address")


def private_storage() -> PrivateStorage:
    return PrivateStorage()


#: Folder of the store for what lives only as long as one piece of work.
SCRATCH = "scratch"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of this system's own for one piece of work; the machine's /tmp is shared with others that sweep it."""
    root = conf.private_root() / SCRATCH
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as folder:
        yield Path(folder)


def _random(folder: str) -> str:
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def import_path(instance: Any, filename: str) -> str:
    return _random("imports")


def attachment_path(instance: Any, filename: str) -> str:
    return _random("attachments")


def export_path(instance: Any, filename: str) -> str:
    return _random("exports")
