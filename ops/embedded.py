"""PostgreSQL and Valkey from wheels: prepare, start, wait, stop. Only `make run` and `make test` use them.

Both listen on unix sockets in a folder of mode 700 and nowhere else, so nobody but the machine's own user
and root reaches them; the roles inside need no passwords.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import redis

from ops.places import Place, server_user

DATABASE = "ningde"
SUPERUSER = "postgres"
OWNER, APP, AUDIT = "nd_owner", "nd_app", "nd_audit"
START_SECONDS = 30

# The same three roles as on a server. Grants come by default to whatever nd_owner creates, also in databases
# made later from template1 (the tests'); what may not be changed afterwards is taken away again by
# `apply_roles`.
ROLES = f"""
CREATE ROLE {OWNER} LOGIN;
CREATE ROLE {APP} LOGIN;
CREATE ROLE {AUDIT} LOGIN;
"""
DEFAULT_GRANTS = f"""
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT ON TABLES TO {AUDIT};
"""
# Tests make and drop databases and take on the run-time role to see it refused.
TEST_RIGHTS = f"ALTER ROLE {OWNER} CREATEDB; GRANT {APP}, {AUDIT} TO {OWNER};"


def postgres_command(place: Place, *, lasting: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "log_min_messages": "warning",
        "shared_buffers": "128MB",
        "timezone": "Asia/Shanghai",
    }
    if not lasting:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(place.postgres / "bin" / "postgres"), "-D", str(place.cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def valkey_command(place: Place, *, lasting: bool) -> list[str]:
    command = [str(place.valkey), "--port", "0", "--dir", str(place.broker)]
    command += ["--unixsocket", str(place.sockets / "valkey.sock"), "--unixsocketperm", "700"]
    command += [
        "--pidfile",
        str(place.broker / "valkey.pid"),
        "--maxmemory-policy",
        "noeviction",
        "--save",
        "",
    ]
    command += ["--appendonly", "yes" if lasting else "no", "--appendfsync", "everysec"]
    return command


def prepare(place: Place, *, for_tests: bool = False) -> None:
    """Make the data folders; the first time only. Leaves no server running."""
    _make_folder(place.broker)
    done = place.data / "prepared"
    if done.exists():
        return
    if place.cluster.exists():  # an earlier start was interrupted half-way
        subprocess.run(["rm", "-rf", str(place.cluster)], check=True)
    initdb = [
        str(place.postgres / "bin" / "initdb"),
        "-D",
        str(place.cluster),
        "-U",
        SUPERUSER,
        "--auth=trust",
    ]
    initdb += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
    made = subprocess.run(
        initdb + (["--no-sync"] if for_tests else []), capture_output=True, text=True, cwd="/", **_as_server()
    )
    if made.returncode:
        raise SystemExit(f"initdb failed:\n{made.stdout}{made.stderr}")
    server = start(postgres_command(place, lasting=not for_tests), place, "postgres")
    try:
        wait_for_postgres(place)
        _execute(place, SUPERUSER, "postgres", ROLES + (TEST_RIGHTS if for_tests else ""))
        _execute(place, SUPERUSER, "template1", DEFAULT_GRANTS)
        _execute(place, SUPERUSER, "postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        stop(server, signal.SIGINT)
    done.touch()


def recreate_database(place: Place) -> None:
    """Back to an empty database. Nothing else may be connected to it."""
    _execute(place, SUPERUSER, "postgres", f"DROP DATABASE {DATABASE} WITH (FORCE)")
    _execute(place, SUPERUSER, "postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def start(command: list[str], place: Place, name: str) -> subprocess.Popen[bytes]:
    """Start a server as its own user, detached from the terminal's Ctrl-C; its words go to a log in the data
    folder.
    """
    log = place.data / f"{name}.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=place.data,
            start_new_session=True,
            **_as_server(),
        )


def stop(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Ask, wait, and only then insist."""
    if server.poll() is None:
        server.send_signal(how)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for_postgres(place: Place) -> None:
    _wait("PostgreSQL", lambda: _execute(place, SUPERUSER, "postgres", "SELECT 1"), psycopg2.OperationalError)


def wait_for_valkey(place: Place) -> None:
    def ping() -> None:
        with redis.Redis.from_url(place.redis_url) as client:
            client.ping()

    _wait("Valkey", ping, redis.RedisError)


@contextmanager
def servers(place: Place, *, lasting: bool = False) -> Iterator[None]:
    """Both servers for the length of a test run: quick, and nothing of it need survive a power cut.

    `lasting`: every commit reaches the disk, as on a server, for what is measured.
    """
    end_leftovers(place)
    prepare(place, for_tests=True)
    postgres = start(postgres_command(place, lasting=lasting), place, "postgres")
    valkey = start(valkey_command(place, lasting=lasting), place, "valkey")
    try:
        wait_for_postgres(place)
        wait_for_valkey(place)
        yield
    finally:
        stop(valkey, signal.SIGTERM)
        stop(postgres, signal.SIGINT)


def end_leftovers(place: Place) -> None:
    """Stop servers of this very place that an earlier run, killed without warning, has left."""
    for pid_file, mark in (
        (place.cluster / "postmaster.pid", "postgres"),
        (place.broker / "valkey.pid", "valkey"),
    ):
        pid = _living(pid_file, mark)
        if pid is None:
            continue
        os.kill(pid, signal.SIGINT)
        for _ in range(200):
            if _living(pid_file, mark) is None:
                break
            time.sleep(0.1)
        else:
            os.kill(pid, signal.SIGKILL)


def _living(pid_file: Path, mark: str) -> int | None:
    """The process that the file names, if it lives and is what the file's folder belongs to."""
    try:
        pid = int(pid_file.read_text().split()[0])
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError, IndexError):
        return None
    return pid if mark in arguments and str(pid_file.parent.parent) in arguments else None


def _execute(place: Place, role: str, database: str, statements: str) -> None:
    connection = psycopg2.connect(place.database_url(role, database))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statements)
    finally:
        connection.close()


def _wait(name: str, attempt: Callable[[], None], absent: type[Exception]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            attempt()
        except absent as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} did not start within {START_SECONDS} s: {error}") from error
            time.sleep(0.05)
        else:
            return


def _make_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    if user := server_user():
        os.chown(folder, user.pw_uid, user.pw_gid)


def _as_server() -> dict[str, Any]:
    user = server_user()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
