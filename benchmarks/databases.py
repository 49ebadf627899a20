"""Databases of the benchmark's own on the server that DATABASE_URL names; each name begins with bench_."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection, connections

PREFIX = "bench_"


def url_of(name: str, role: str | None = None) -> str:
    """The address of another database of the same server; `role` in place of the run-time role."""
    parts = urlsplit(os.environ["DATABASE_URL" if role is None else "DATABASE_OWNER_URL"])
    return urlunsplit(parts._replace(path=f"/{_ours(name)}"))


def _ours(name: str) -> str:
    """Nothing but our own databases is ever opened, dropped or made."""
    if not name.startswith(PREFIX) or not name.replace("_", "").isalnum():
        raise ValueError(f"{name} is no database of the benchmark")
    return name


@contextmanager
def as_owner(name: str | None = None) -> Iterator[Any]:
    """A cursor of the owner, outside any transaction."""
    url = os.environ["DATABASE_OWNER_URL"] if name is None else url_of(name, "owner")
    opened = psycopg2.connect(url)
    opened.autocommit = True
    try:
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


def make(name: str, template: str) -> None:
    """A copy of a database that nobody is connected to; an older one of this name goes."""
    connections.close_all()
    with as_owner() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_ours(name)}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_ours(name)}" TEMPLATE "{template}"')


def drop_all() -> None:
    connections.close_all()
    with as_owner() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{_ours(name)}" WITH (FORCE)')


def use(name: str) -> None:
    """From here on the product in this process works in that database, as the run-time role."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = _ours(name)
    connection.settings_dict["NAME"] = _ours(name)
    connection.ensure_connection()


def tidy(name: str) -> None:
    """What the server's own upkeep does by and by: without it plans are guesses and dead rows are waded through."""
    with as_owner(name) as cursor:
        cursor.execute("VACUUM ANALYZE")


def manage(name: str, *arguments: str) -> None:
    """A command of the product on that database, in a process of its own."""
    environment = os.environ | {"DATABASE_URL": url_of(name), "DATABASE_OWNER_URL": url_of(name, "owner")}
    done = subprocess.run(  # noqa: S603  (arguments are ours)
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
