"""`make bench`: servers of its own, a migrated database to copy, then the measurements.

    python -m benchmarks [--scale smallest|city|large] [--only PART] [--json FILE]

The data of `make run` are not touched: the servers lie in a place of their own and are stopped at the end.
"""

import fcntl
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.options import parser
from ops import embedded, steps
from ops.places import ROOT, VAR, Place, place
from ops.testing import laid_aside

FOLDER = VAR / "bench"


def environment_for(where: Place) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": where.database_url(embedded.APP, embedded.DATABASE),
        "DATABASE_OWNER_URL": where.database_url(embedded.OWNER, embedded.DATABASE),
        "DATABASE_STATEMENT_SECONDS": "540",
        "REDIS_URL": where.redis_url,
        "SECRET_KEY": secrets.token_hex(40),
        "STATE_DIR": str(FOLDER / "state"),
        "STATIC_ROOT": str(FOLDER / "static"),
    }


def main(arguments: list[str]) -> int:
    options = parser("make bench").parse_args(arguments)
    file: Path = options.json or FOLDER / f"{options.scale}.json"
    (FOLDER / "static").mkdir(parents=True, exist_ok=True, mode=0o700)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers are stopped then, too
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("A benchmark is under way in this checkout already.")
            return 1
        steps.translations(FOLDER)
        where = place("bench")
        with embedded.servers(where, lasting=True):
            environment = environment_for(where)
            # `migrate` would prefer the owner's address to the one it is given.
            template = laid_aside(where, {k: v for k, v in environment.items() if k != "DATABASE_OWNER_URL"})
            run = [sys.executable, "-m", "benchmarks.run", *arguments, "--json", str(file)]
            return subprocess.run(run, cwd=ROOT, env=environment | {"BENCH_TEMPLATE": template}).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
