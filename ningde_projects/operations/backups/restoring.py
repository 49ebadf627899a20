"""Restoring a backup: everything is checked first, then all of it or nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from ningde_projects.workflow import heads

from . import files, tables
from .faults import BackupFault
from .sealed import SealedReader
from .taking import FORMAT, MANIFEST

#: What `migrate` itself writes; a database with no more than this is empty.
FRESH = frozenset({"django_migrations", "django_content_type", "auth_permission"})
NAMED = 3


def restore(path: Path, passphrase: str) -> dict[str, Any]:
    """Into an empty database and an empty folder of uploads; answers the backup's manifest."""
    with path.open("rb") as source:
        sealed = SealedReader(source, passphrase)
        sealed.verify()
        with zipfile.ZipFile(cast("IO[bytes]", sealed)) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            _refuse_other_schema(manifest)
            _refuse_unfit_target()
            call_command("migrate", verbosity=0)
            call_command("apply_roles", stdout=io.StringIO())
            with _all_or_no_files() as written, transaction.atomic():
                _load(archive, manifest)
                for name, facts in manifest["files"].items():
                    written.append(files.place_of(name))
                    with archive.open(name) as content:
                        _same(name, files.put(name, content), facts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return manifest


@contextmanager
def _all_or_no_files() -> Iterator[list[Path]]:
    """Files do not roll back with the transaction: those written are taken away when it fails."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _load(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    there = {table.name: table for table in tables.found_tables()}
    wanted: dict[str, dict[str, Any]] = manifest["tables"]
    differing = sorted(there.keys() ^ wanted.keys()) or sorted(
        name for name, table in there.items() if list(table.columns) != wanted[name]["columns"]
    )
    if differing:
        raise BackupFault(
            f"The schema here differs from the backup's in: {', '.join(differing[:NAMED])}. Restore with the release "
            "that took the backup."
        )
    tables.same_words()
    tables.replace_all(
        list(there.values()),
        lambda table: archive.open(f"tables/{table.name}"),
        manifest["sequences"],
    )
    for name, table in there.items():
        _same(name, tables.write_out(table), wanted[name])


def _same(name: str, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    if found != wanted:
        raise BackupFault(
            f"{name} came out different from what was backed up: {found} instead of {wanted}. Nothing was "
            "restored: use another copy of the file or an older backup."
        )


def _refuse_other_schema(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BackupFault(
            f"The backup has format {manifest['format']}, this release reads {FORMAT}: restore with the release that "
            "took it."
        )
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    taken = {(app, name) for app, name in manifest["migrations"]}
    newer, older = sorted(taken - known - replaced), sorted(known - taken)
    if newer or older:
        word = "newer" if newer else "older"
        names = ", ".join(f"{app}.{name}" for app, name in (newer or older)[:NAMED])
        raise BackupFault(
            f"The backup was taken with a {word} schema than this release has; they differ in {names}"
            f"{' and others' if len(newer or older) > NAMED else ''}. Check out the release of "
            f"{manifest['taken_at'][:10]} that took it, restore there, then upgrade."
        )


def _refuse_unfit_target() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user, has_schema_privilege('public', 'CREATE')")
        database, role, may_create = cursor.fetchone()
    if not may_create:
        raise BackupFault(
            f"The role {role} may not create tables in {database}: name the owner in DATABASE_OWNER_URL and repeat."
        )
    if rows := tables.filled(FRESH):
        raise BackupFault(
            f"The database {database} is not empty (rows in {', '.join(rows[:NAMED])}): a restore overwrites nothing. "
            "Create a new database and name it in DATABASE_OWNER_URL, or drop this one yourself."
        )
    if next(files.found(), None) is not None:
        raise BackupFault(
            "The folder of uploads (MEDIA_ROOT) is not empty: a restore overwrites nothing. Move its content away or "
            "name another folder."
        )
    if heads.file().exists():
        raise BackupFault(
            f"{heads.file()} is there already. Move it away and keep it: it shows what was sealed after the backup."
        )
