"""The private store: random names, no endings, outside everything that is served by address (control B48)."""

from __future__ import annotations

import uuid
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


def _random(folder: str) -> str:
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def import_path(instance: Any, filename: str) -> str:
    return _random("imports")


def attachment_path(instance: Any, filename: str) -> str:
    return _random("attachments")


def export_path(instance: Any, filename: str) -> str:
    return _random("exports")
