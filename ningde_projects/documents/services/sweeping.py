"""Files without a row: left by a process that was killed between the two; swept away after a day (fault C20)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Model

from .. import conf
from ..models import Attachment, ExportJob, ImportBatch
from ..storage import SCRATCH

GRACE = timedelta(days=1)
_FOLDERS: dict[str, type[Model]] = {"imports": ImportBatch, "attachments": Attachment, "exports": ExportJob}


def sweep(at: datetime) -> int:
    """Answers how many files were deleted."""
    before = (at - GRACE).timestamp()
    count = 0
    for folder, model in _FOLDERS.items():
        for name in _old_files(conf.private_root() / folder, before):
            path = f"{folder}/{name}"
            if not model._default_manager.filter(file=path).exists():
                (conf.private_root() / path).unlink(missing_ok=True)
                count += 1
    return count + _sweep_scratch(before)


def _old_files(folder: Path, before: float) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in folder.glob("??/*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield f"{path.parent.name}/{path.name}"


def _sweep_scratch(before: float) -> int:
    """Scratch folders of processes that were killed: of this store alone, whoever else works on the machine."""
    root = conf.private_root() / SCRATCH
    old = [path for path in root.iterdir() if path.stat().st_mtime < before] if root.is_dir() else []
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
