"""The files that belong to the database: uploads and made files, and the heads of the record."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from ningde_projects.workflow import heads

from .faults import BackupFault

PIECE = 1 << 20
#: The name of the record's heads in a backup; everything else lies under media/.
HEADS, MEDIA = "state/record-heads.log", "media/"


def found() -> Iterator[tuple[str, Path]]:
    """(name in the backup, where it lies), in the order of names."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield MEDIA + path.relative_to(root).as_posix(), path


def place_of(name: str) -> Path:
    """Where a file of the backup belongs here; never outside the folders it may lie in."""
    if name == HEADS:
        return heads.file()
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name.removeprefix(MEDIA)).resolve()
    if not name.startswith(MEDIA) or not path.is_relative_to(root):
        raise BackupFault(
            f"The backup names a file outside the folder of uploads: {name}. It is not restored."
        )
    return path


def pass_on(source: IO[bytes], target: IO[bytes] | None) -> dict[str, Any]:
    """Copy (or only read, without a target); answers bytes and sha256."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if target is not None:
            target.write(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def put(name: str, source: IO[bytes]) -> dict[str, Any]:
    """Write one file of the backup to its place, readable by us alone; it must not be there yet."""
    path = place_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        facts = pass_on(source, target)
        target.flush()
        os.fsync(target.fileno())
    return facts


def facts_here() -> dict[str, dict[str, Any]]:
    """Every file as it lies here, with the record's heads."""
    lying = dict(found())
    if heads.file().exists():
        lying[HEADS] = heads.file()
    facts = {}
    for name, path in lying.items():
        with path.open("rb") as source:
            facts[name] = pass_on(source, None)
    return facts
