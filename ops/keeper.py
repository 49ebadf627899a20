"""The five programs of `make run`, each a process of its own that supervisor brings back when it dies."""

import contextlib
import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import time
import xmlrpc.client
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from supervisor.xmlrpc import SupervisorTransport

from ops import embedded
from ops.places import ROOT, VAR, Place, server_user

SERVERS = ("postgres", "valkey")
PROGRAMS = ("web", "worker", "beat")
BIN = Path(sys.executable).parent


def commands(place: Place, port: int) -> dict[str, list[str]]:
    gunicorn = [str(BIN / "gunicorn"), "ningde_projects.wsgi", "--bind", f"127.0.0.1:{port}"]
    gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    gunicorn += ["--max-requests", "1000", "--max-requests-jitter", "100", "--graceful-timeout", "10"]
    celery = [str(BIN / "celery"), "-A", "ningde_projects"]
    return {
        "postgres": embedded.postgres_command(place, lasting=True),
        "valkey": embedded.valkey_command(place, lasting=True),
        "web": gunicorn,
        "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"],
        # Never as `worker --beat`: that beat, once dead, stays dead.
        "beat": [*celery, "beat", "--pidfile="],
    }


# What each program needs besides its command. The worker may finish its task; its children belong to it.
MANNERS = {
    "postgres": "priority=10\nautostart=true\nstopsignal=INT\nstopwaitsecs=30",
    "valkey": "priority=20\nautostart=true\nstopwaitsecs=10",
    "web": "priority=30\nautostart=false\nstopwaitsecs=15\nstopasgroup=true\nkillasgroup=true",
    "worker": 'priority=40\nautostart=false\nstopwaitsecs=30\nenvironment=DATABASE_STATEMENT_SECONDS="540"',
    "beat": "priority=50\nautostart=false\nstopwaitsecs=10",
}


def configuration(place: Place, port: int) -> str:
    user = server_user()
    lines = [
        "[supervisord]",
        "nodaemon=true\nsilent=true",
        f"logfile={_quoted(VAR / 'log' / 'supervisor.log')}",
        f"pidfile={_quoted(VAR / 'run' / 'supervisor.pid')}",
        f"directory={_quoted(ROOT)}",
        *(["user=root"] if user else []),
        "[unix_http_server]",
        f"file={_quoted(place.sockets / 'supervisor.sock')}\nchmod=0600",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for name, command in commands(place, port).items():
        lines += [
            f"[program:{name}]",
            f"command={_quoted(shlex.join(command))}",
            f"directory={_quoted(place.data if name in SERVERS else ROOT)}",
            f"stdout_logfile={_quoted(VAR / 'log' / name)}.log",
            "stdout_logfile_maxbytes=10MB\nstdout_logfile_backups=2\nredirect_stderr=true",
            "autorestart=true\nstartsecs=1\nstartretries=100",
            MANNERS[name],
            *([f"user={user.pw_name}"] if user and name in SERVERS else []),
        ]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return str(value).replace("%", "%%")


@dataclass
class Keeper:
    """supervisor and what it keeps. Knows the processes, so that it can end them should supervisor itself
    die.
    """

    place: Place
    port: int
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def _pids_file(self) -> Path:
        return VAR / "run" / "pids.json"

    def start(self) -> None:
        """End what an earlier run has left, then start supervisor, which starts the two servers."""
        end_leftovers(self.place, self._pids_file)
        (self.place.sockets / "supervisor.sock").unlink(missing_ok=True)
        config = VAR / "run" / "supervisor.conf"
        config.write_text(configuration(self.place, self.port))
        # A session of its own: the terminal's Ctrl-C reaches us alone, and we stop things in their order.
        self.process = subprocess.Popen(
            [str(BIN / "supervisord"), "-c", str(config)],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        embedded.wait_for_postgres(self.place)
        embedded.wait_for_valkey(self.place)
        self.note()

    def start_programs(self) -> None:
        # Signs of life from before would pass for the new programs' own.
        with redis.Redis.from_url(self.place.redis_url) as broker:
            broker.delete("nd:alive:worker", "nd:alive:beat")
        for name in PROGRAMS:
            self._call("startProcess", name, False)
        self.note()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note(self) -> None:
        """Remember which processes there are now."""
        with contextlib.suppress(OSError, xmlrpc.client.Error):
            states: list[dict[str, Any]] = self._call("getAllProcessInfo")
            self.pids = {str(state["name"]): int(state["pid"]) for state in states if state["pid"]}
            self._pids_file.write_text(json.dumps(self.pids))

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """beat, worker, web, broker, database, in this order."""
        if self.process is not None and self.alive():
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        end_leftovers(self.place, self._pids_file)
        self._pids_file.unlink(missing_ok=True)

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.place.sockets / 'supervisor.sock'}")
        with contextlib.closing(transport):
            server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(server.supervisor, method)(*arguments)


def end_leftovers(place: Place, pids_file: Path) -> None:
    """End processes of this checkout whose keepers were killed without warning; nobody else's."""
    supervisor = _number(VAR / "run" / "supervisor.pid")
    if supervisor and _is_ours(supervisor, str(VAR / "run" / "supervisor.conf")):
        _end(supervisor, str(VAR / "run" / "supervisor.conf"))
    try:
        known: dict[str, int] = json.loads(pids_file.read_text())
    except (OSError, ValueError):
        known = {}
    for name in reversed(PROGRAMS):
        if name in known and _is_ours(known[name], str(BIN)):
            _end(known[name], str(BIN))
    embedded.end_leftovers(place)


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def _is_ours(pid: int, mark: str) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False


def _end(pid: int, mark: str, patience: float = 40) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while _is_ours(pid, mark) and time.monotonic() < until:
        time.sleep(0.1)
    if _is_ours(pid, mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
