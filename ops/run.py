"""`make run`: everything on this machine, with its own database and broker, until Ctrl-C.

PORT=8000 python -m ops.run
SAMPLES=0 python -m ops.run     with the offices alone, nobody in them and no projects
"""

import fcntl
import os
import secrets
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from ops import embedded, steps
from ops.keeper import Keeper
from ops.places import VAR, Place, place
from ops.steps import say

READY_SECONDS = 90


def main() -> int:
    port = chosen_port()
    os.umask(0o077)
    for folder in (VAR, VAR / "run", VAR / "log", VAR / "stamps"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (VAR / "run" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("It is already running from this checkout; stop that one first (Ctrl-C in its window).")
            return 1
        signal.signal(signal.SIGTERM, _as_interrupt)
        # A closed window stops it like Ctrl-C, unless it was started to outlive its window (nohup).
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, _as_interrupt)
        return run(place("run"), port)


def run(where: Place, port: int) -> int:
    environment = environment_for(where, port)
    keeper = Keeper(where, port, environment)
    try:
        embedded.prepare(where)
        keeper.start()
        if not port_is_free(port):
            say(f"Port {port} is taken by another program. Choose another: make run PORT={port + 10}")
            return 1
        steps.translations(VAR / "stamps")
        steps.database(where, environment)
        steps.static_files(VAR, environment)
        keeper.start_programs()
        accounts = steps.sample_accounts(VAR / "stamps", environment)
        if not wait_until_ready(keeper):
            say(f"Not ready after {READY_SECONDS} s; the reasons are in {VAR / 'log'}.")
            return 1
        say(f"\nReady: http://127.0.0.1:{port}\n\n{accounts}\nCtrl-C stops everything. Logs: {VAR / 'log'}")
        watch(keeper)
    except steps.StepFailed as failure:
        say(f"Stopped: {failure} failed.")
        return 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        keeper.stop()
        say("Stopped.")
    return 0


def watch(keeper: Keeper) -> None:
    """Until Ctrl-C. Supervisor brings back the programs; should it die itself, we bring it back."""
    while True:
        time.sleep(2)
        if keeper.alive():
            keeper.note()
        else:
            say("supervisor has died; starting everything again …")
            keeper.start()
            keeper.start_programs()


def wait_until_ready(keeper: Keeper) -> bool:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and keeper.alive():
        if keeper.healthy():
            keeper.note()
            return True
        time.sleep(0.2)
    return False


def environment_for(where: Place, port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.local",
        "DATABASE_URL": where.database_url(embedded.APP, embedded.DATABASE),
        "REDIS_URL": where.redis_url,
        "SECRET_KEY": kept_secret(VAR / "run" / "secret-key"),
        "STATE_DIR": str(VAR),
        "STATIC_ROOT": str(VAR / "static"),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }


def kept_secret(file: Path) -> str:
    """Made at the first start; a new one at each would sign everybody out."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(40))
    return file.read_text()


def chosen_port() -> int:
    written = os.environ.get("PORT", "8000")
    # From 32768 the system hands ports out to whoever connects somewhere; one of those may be gone at any
    # time.
    if not written.isdecimal() or not 1024 <= int(written) < 32768:
        raise SystemExit(f"PORT is {written!r}; write a number from 1024 to 32767.")
    return int(written)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
