"""`make test`: servers of its own, a migrated database laid aside, then pytest.

    python -m ops.testing [pytest's arguments]

Several runs in one checkout do not disturb each other: each takes the first free place.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from ops import embedded, steps
from ops.places import ROOT, VAR, Place, place

PLACES = 16
PREFIX = "laid_aside_"


@contextmanager
def own_place() -> Iterator[Place]:
    """A place that no other run uses."""
    locks = VAR / "test"
    locks.mkdir(parents=True, exist_ok=True)
    for number in range(1, PLACES + 1):
        with (locks / f"{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield place(f"test-{number}")
            return
    raise SystemExit(f"{PLACES} test runs are already under way in this checkout.")


def schema_mark() -> str:
    """Changes with anything that could change the migrated database."""
    mark = hashlib.sha256()
    for path in sorted([*ROOT.glob("**/migrations/*.py"), ROOT / "requirements.txt"]):
        relative = path.relative_to(ROOT)
        if relative.parts[0] not in {"var", "node_modules", ".venv"}:
            mark.update(str(relative).encode() + path.read_bytes())
    return mark.hexdigest()[:16]


def laid_aside(where: Place, environment: dict[str, str]) -> str:
    """The name of a database with today's schema, migrated now if need be; older ones are dropped."""
    name = PREFIX + schema_mark()
    connection = psycopg2.connect(where.database_url(embedded.SUPERUSER, "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
            found = {row[0] for row in cursor.fetchall()}
            if name in found:
                return name
            for old in found | {PREFIX + "new"}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            cursor.execute(f'CREATE DATABASE "{PREFIX}new" OWNER {embedded.OWNER}')
            url = where.database_url(embedded.OWNER, PREFIX + "new")
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            done = subprocess.run(migrate, cwd=ROOT, env=environment | {"DATABASE_URL": url})
            if done.returncode:
                raise SystemExit(done.returncode)
            cursor.execute(f'ALTER DATABASE "{PREFIX}new" RENAME TO "{name}"')
    finally:
        connection.close()
    return name


def environment_for(where: Place) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.test",
        "DATABASE_URL": where.database_url(embedded.OWNER, embedded.DATABASE),
        "REDIS_URL": where.redis_url,
        "STATE_DIR": str(VAR / "test" / where.data.name),
    }


def main(arguments: list[str]) -> int:
    named = any(
        not argument.startswith("-") and Path(argument.split("::")[0]).exists() for argument in arguments
    )
    # For a single file the second process costs more than it saves.
    parallel = [] if named or any(argument.startswith("-n") for argument in arguments) else ["-n", "2"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers are stopped then, too
    with own_place() as where:
        steps.translations(VAR / "test")
        try:
            with embedded.servers(where):
                environment = environment_for(where)
                environment["TEST_DATABASE_TEMPLATE"] = laid_aside(where, environment)
                pytest = [sys.executable, "-m", "pytest", *parallel, *arguments]
                return subprocess.run(pytest, cwd=ROOT, env=environment).returncode
        finally:
            # A robot's checkout is used once; its data would stay for ever.
            if os.environ.get("CI"):
                shutil.rmtree(where.data.parent, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
