"""A backup comes back whole, or not at all (security.md "restore"); `make drill` does it at length."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ningde_projects.operations.backups import files, restoring, sealed, taking
from ningde_projects.operations.backups.faults import BackupFault
from ningde_projects.operations.backups.sealed import SealedReader, SealingWriter
from ops.places import ROOT
from tests.cast import Cast
from tests.reports.story import filed, november, problem

PASSPHRASE = "harbour lantern kiosk 27"
OTHER = "another lantern altogether"


# ---- the sealed file ------------------------------------------------------------------------------------------


def sealed_of(content: bytes) -> bytes:
    target = io.BytesIO()
    with SealingWriter(target, PASSPHRASE) as writer:
        writer.write(content)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, 2 * sealed.PIECE])
def test_what_is_sealed_is_read_back_from_any_place(size: int) -> None:
    content = os.urandom(size)
    reader = SealedReader(io.BytesIO(sealed_of(content)), PASSPHRASE)
    reader.verify()
    assert reader.read() == content
    reader.seek(-1, io.SEEK_END)
    assert reader.read() == content[-1:]
    assert content[:64] not in sealed_of(content) or size < 16


def turned(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


PIECE = sealed.PIECE + sealed.TAG
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the first piece": lambda whole: turned(whole, sealed.HEAD),
    "a bit of the last piece": lambda whole: turned(whole, len(whole) - 1),
    "the end cut off between pieces": lambda whole: whole[: sealed.HEAD + PIECE],
    "the end cut off within a piece": lambda whole: whole[:-3],
    "all but the head cut off": lambda whole: whole[: sealed.HEAD],
    "pieces exchanged": lambda whole: (
        whole[: sealed.HEAD]
        + whole[sealed.HEAD + PIECE : sealed.HEAD + 2 * PIECE]
        + whole[sealed.HEAD : sealed.HEAD + PIECE]
        + whole[sealed.HEAD + 2 * PIECE :]
    ),
    "something added": lambda whole: whole + b"x",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_no_damage_goes_unnoticed(damage: Callable[[bytes], bytes]) -> None:
    whole = sealed_of(b"x" * (2 * sealed.PIECE + 100))
    with pytest.raises(BackupFault, match="damaged or cut off.*use another copy"):
        SealedReader(io.BytesIO(damage(whole)), PASSPHRASE).verify()


def test_a_wrong_passphrase_and_a_strange_file_are_named() -> None:
    with pytest.raises(BackupFault, match="passphrase does not open.*BACKUP_PASSPHRASE"):
        SealedReader(io.BytesIO(sealed_of(b"x")), OTHER)
    with pytest.raises(BackupFault, match="no backup of this system"):
        SealedReader(io.BytesIO(b"PK\x03\x04" + b"x" * 100), PASSPHRASE)


# ---- there and back -------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation's files: one upload, and the heads of a record."""
    settings.STATE_DIR, settings.MEDIA_ROOT = tmp_path / "state", tmp_path / "state" / "media"
    (settings.MEDIA_ROOT / "documents").mkdir(parents=True)
    (settings.MEDIA_ROOT / "documents" / "plan.pdf").write_bytes(os.urandom(3000))
    (settings.STATE_DIR / "record-heads.log").write_text("torn line\n")
    monkeypatch.setenv("BACKUP_PASSPHRASE", PASSPHRASE)
    return tmp_path


def backup_of(home: Path) -> Path:
    call_command("backup", str(home / "backups"), stdout=io.StringIO())
    (found,) = (home / "backups").iterdir()
    return found


@pytest.fixture
def second() -> Iterator[dict[str, str]]:
    """The environment of an installation with a database of today's schema and nothing in it."""
    template = os.environ.get("TEST_DATABASE_TEMPLATE")
    if not template:
        pytest.skip("needs the migrated database that `make test` lays aside")
    values = connection.settings_dict
    name = f"{values['NAME']}_second"
    opened = psycopg2.connect(host=values["HOST"], user=values["USER"], dbname="postgres")
    opened.autocommit = True
    try:
        with opened.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        url = f"postgresql://{values['USER']}@/{name}?host={values['HOST']}"
        yield os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.test"}
        with opened.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        opened.close()


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)
def test_every_table_sequence_and_file_comes_back_and_a_second_time_is_refused(
    cast: Cast, home: Path, second: dict[str, str]
) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(3), **problem())
    backup = backup_of(home)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "鸢尾霞浦".encode() not in backup.read_bytes()
    words = io.StringIO()
    call_command("checksums", stdout=words)
    before = json.loads(words.getvalue())

    there = second | {"STATE_DIR": str(home / "there"), "BACKUP_PASSPHRASE": PASSPHRASE}
    done = manage(there, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    after = json.loads(manage(there, "checksums").stdout)
    assert after == before
    assert before["tables"]["reports_submission"]["rows"] == 1
    assert set(before["files"]) == {"media/documents/plan.pdf", "state/record-heads.log"}
    kept = home / "there" / "media" / "documents" / "plan.pdf"
    assert kept.stat().st_mode & 0o777 == 0o600

    again = manage(there | {"STATE_DIR": str(home / "elsewhere")}, "restore", str(backup))
    assert again.returncode == 1
    assert "is not empty (rows in" in again.stderr
    assert "Create a new database" in again.stderr


# ---- refusals: nothing is touched, and the sentence says the way out ------------------------------------------


def rewritten(backup: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The same backup with another manifest."""
    with backup.open("rb") as source, zipfile.ZipFile(SealedReader(source, PASSPHRASE)) as archive:
        manifest = json.loads(archive.read(taking.MANIFEST))
    change(manifest)
    other = backup.with_name("other.backup")
    with (
        other.open("wb") as target,
        SealingWriter(target, PASSPHRASE) as writer,
        zipfile.ZipFile(writer, "w") as made,
    ):
        made.writestr(taking.MANIFEST, json.dumps(manifest))
    return other


@pytest.mark.django_db(transaction=True)
def test_another_schema_is_refused_by_name(home: Path) -> None:
    backup = backup_of(home)

    def ahead(manifest: dict[str, Any]) -> None:
        manifest["migrations"].append(["reports", "9999_of_tomorrow"])

    def behind(manifest: dict[str, Any]) -> None:
        manifest["migrations"].remove(["sessions", "0001_initial"])

    for change, words in (
        (ahead, r"newer schema .* reports\.9999_of_tomorrow\. Check out the release"),
        (behind, r"older schema .* sessions\.0001_initial\. Check out the release"),
        (lambda manifest: manifest.update(format=2), "has format 2"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("restore", str(rewritten(backup, change)))


@pytest.mark.django_db(transaction=True)
def test_a_target_that_is_in_use_is_refused(
    home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backup_of(home)
    with pytest.raises(CommandError, match="folder of uploads .* is not empty"):
        call_command("restore", str(backup))
    settings.MEDIA_ROOT = home / "empty"
    with pytest.raises(CommandError, match=r"record-heads\.log is there already"):
        call_command("restore", str(backup))
    monkeypatch.setenv("BACKUP_PASSPHRASE", OTHER)
    with pytest.raises(CommandError, match="passphrase does not open"):
        call_command("restore", str(backup))
    monkeypatch.setenv("BACKUP_PASSPHRASE", "short")
    with pytest.raises(CommandError, match="at least 16"):
        call_command("backup", str(home / "more"))


@pytest.mark.django_db
def test_no_file_is_restored_outside_its_folder(home: Path) -> None:
    for name in ("media/../../outside", "state/other", "/etc/passwd"):
        with pytest.raises(BackupFault, match="outside the folder"):
            files.place_of(name)


@pytest.mark.django_db
def test_without_the_right_to_create_tables_the_owner_is_asked_for(home: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE nd_app")
        try:
            with pytest.raises(BackupFault, match="DATABASE_OWNER_URL"):
                restoring._refuse_unfit_target()
        finally:
            cursor.execute("RESET ROLE")
