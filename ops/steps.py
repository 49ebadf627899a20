"""What lies between the code and a running system, each step done only when what it depends on has changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from ops import embedded, messages
from ops.places import ROOT, Place

OUR_FOLDERS = [path.parent for path in ROOT.glob("*/__init__.py")]
REQUIREMENTS = ROOT / "requirements.txt"


class StepFailed(Exception):
    """A command ended badly; its own words have been shown."""


def mark_of(paths: Iterable[Path]) -> str:
    mark = hashlib.sha256()
    for path in sorted(paths):
        mark.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return mark.hexdigest()


def ours(*patterns: str) -> list[Path]:
    """Files of our own packages, found by pattern."""
    return [
        path
        for folder in OUR_FOLDERS
        for pattern in patterns
        for path in folder.rglob(pattern)
        if path.is_file()
    ]


def changed(stamp: Path, mark: str) -> bool:
    return not stamp.exists() or stamp.read_text() != mark


def manage(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment)
    if done.returncode:
        raise StepFailed(f"manage.py {' '.join(arguments)}")


def command_exists(name: str) -> bool:
    return bool(ours(f"management/commands/{name}.py"))


def translations(stamps: Path) -> None:
    stamp = stamps / "translations"
    sources = messages.catalogues()
    mark = mark_of(sources)
    if changed(stamp, mark) or not all(path.with_suffix(".mo").exists() for path in sources):
        messages.compile_all()
        stamp.write_text(mark)


def static_files(var: Path, environment: dict[str, str]) -> None:
    stamp = var / "stamps" / "static"
    files = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    mark = mark_of([*files, *ours("static/**/*"), REQUIREMENTS, ROOT / "ningde_projects/settings/base.py"])
    if changed(stamp, mark) or not (var / "static" / "staticfiles.json").exists():
        say("Collecting the fixed files …")
        manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        stamp.write_text(mark)


def database(place: Place, environment: dict[str, str]) -> None:
    """Schema, rights and, in an empty database, the sample data."""
    stamp = place.data / "schema"
    wanted = os.environ.get("SAMPLES", "1") != "0"
    mark = f"{mark_of([*ours('*.py', '*.sql'), REQUIREMENTS])} {wanted}"
    if not changed(stamp, mark):
        return
    owner = environment | {"DATABASE_OWNER_URL": place.database_url(embedded.OWNER, embedded.DATABASE)}
    say("Bringing the database up to date …")
    manage(owner, "migrate", "--verbosity", "0")
    if command_exists("apply_roles"):
        manage(owner, "apply_roles")
    if command_exists("load_basics"):
        manage(environment, "load_basics")
    if wanted and command_exists("seed_samples") and has_no_people(place):
        say("Filling it with sample data …")
        try:
            manage(environment, "seed_samples")
        except (StepFailed, KeyboardInterrupt):
            # It was empty before: better empty again than half full and taken for whole at the next start.
            embedded.recreate_database(place)
            raise
    stamp.write_text(mark)


def has_no_people(place: Place) -> bool:
    connection = psycopg2.connect(place.database_url(embedded.OWNER, embedded.DATABASE))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOT EXISTS (SELECT FROM organizations_user)")
            return bool(cursor.fetchone() == (True,))
    finally:
        connection.close()


def sample_accounts(stamps: Path, environment: dict[str, str]) -> str:
    """The table of people one can sign in as."""
    if not command_exists("sample_accounts"):
        return ""
    stamp, kept = stamps / "accounts", stamps / "accounts.txt"
    mark = mark_of([*ours("*.py", "*.po"), *(ROOT / "sample_data").rglob("*.*")])
    if changed(stamp, mark) or not kept.exists():
        shown = subprocess.run(
            [sys.executable, "manage.py", "sample_accounts"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        if shown.returncode:
            return ""
        kept.write_text(shown.stdout)
        stamp.write_text(mark)
    return kept.read_text()


def say(text: str) -> None:
    print(text, flush=True)
