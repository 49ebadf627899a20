"""Taking a backup: one snapshot of the database, and the files that it names."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from ningde_projects.workflow import heads

from . import files, tables
from .sealed import SealedReader, SealingWriter

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Taken:
    """For the operator's eyes."""

    path: Path
    tables: int
    rows: int
    files: int


def take(folder: Path, passphrase: str, at: datetime) -> Taken:
    """Write one file into the folder, read it once more, and only then give it its name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"ningde-{at:%Y%m%dT%H%M%S}.backup"
    unfinished = path.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as target:
            sealed = SealingWriter(target, passphrase)
            with sealed, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = _write(archive, at)
            target.flush()
            os.fsync(target.fileno())
            target.seek(0)
            SealedReader(target, passphrase).verify()
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    rows = sum(facts["rows"] for facts in manifest["tables"].values())
    return Taken(path, len(manifest["tables"]), rows, len(manifest["files"]))


def _write(archive: zipfile.ZipFile, at: datetime) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "taken_at": at.isoformat(), "tables": {}, "files": {}}
    # Before the snapshot: a seal that is noted meanwhile would be missing in the database that is kept.
    if heads.file().exists():
        _add_file(archive, manifest, files.HEADS, heads.file().read_bytes())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables.same_words()
        manifest["migrations"] = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
        for table in tables.found_tables():
            with archive.open(f"tables/{table.name}", "w", force_zip64=True) as target:
                manifest["tables"][table.name] = tables.write_out(table, target)
        manifest["sequences"] = tables.sequences()
        # Within the snapshot still: whatever it names was written before it.
        for name, path in files.found():
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                manifest["files"][name] = files.pass_on(source, target)
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _add_file(archive: zipfile.ZipFile, manifest: dict[str, Any], name: str, content: bytes) -> None:
    archive.writestr(name, content)
    manifest["files"][name] = files.pass_on(io.BytesIO(content), None)
