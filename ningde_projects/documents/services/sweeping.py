"""Files without a row: left by a process that was killed between the two; swept away after a day (fault C20)."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Model

from .. import conf
from ..models import Attachment, ExportJob, ImportBatch

GRACE = timedelta(days=1)
_FOLDERS: dict[str, type[Model]] = {"imports": ImportBatch, "attachments": Attachment, "exports": ExportJob}
_TEMPORARY = re.compile(r"^nd-(list|read|upload|export)-")


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
    return count + _sweep_temporary(before)


def _old_files(folder: Path, before: float) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in folder.glob("??/*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield f"{path.parent.name}/{path.name}"


def _sweep_temporary(before: float) -> int:
    """Scratch folders of processes that were killed; only our own prefixes, only old ones."""
    count = 0
    for path in Path(tempfile.gettempdir()).iterdir():
        if (
            _TEMPORARY.match(path.name)
            and path.is_dir()
            and not path.is_symlink()
            and path.stat().st_mtime < before
        ):
            shutil.rmtree(path, ignore_errors=True)
            count += 1
    return count
