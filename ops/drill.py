"""`make drill`: back up, destroy, restore, compare. On servers and data of its own; `make run`'s are not touched.

    python -m ops.drill [--months 1] [--projects 40]

Ends with 1 when anything came back different, when a refusal was not given, or when the restored record or the
run-time role is not sound.
"""

import argparse
import fcntl
import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ops import embedded, steps
from ops.places import ROOT, VAR, Place, place
from ops.steps import say

FOLDER = VAR / "drill"
DAMAGED_AT = 4000  # a byte somewhere in the first piece


class Different(Exception):
    """What the drill is there to find."""


@dataclass(frozen=True)
class Drill:
    """One installation with its backups; commands run as they would on a server."""

    where: Place
    environment: dict[str, str]

    def manage(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | variables,
            capture_output=True,
            text=True,
        )

    def must(self, *arguments: str) -> str:
        done = self.manage(*arguments)
        if done.returncode:
            raise Different(f"manage.py {' '.join(arguments)} failed:\n{done.stderr.strip()[-2000:]}")
        return done.stdout.strip()

    def must_refuse(self, what: str, *arguments: str, **variables: str) -> None:
        done = self.manage(*arguments, **variables)
        words = done.stderr.strip().rpartition("\n")[2]
        # Anything else than the command's own sentence is a fault of the command, no refusal.
        if not done.returncode or not words.startswith("CommandError: "):
            raise Different(f"not refused: {what} ({words})")
        say(f"refused     {what}: {words.removeprefix('CommandError: ')}")

    def checksums(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.must("checksums"))
        return found


def environment_for(where: Place) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.local",
        "DATABASE_URL": where.database_url(embedded.APP, embedded.DATABASE),
        "DATABASE_OWNER_URL": where.database_url(embedded.OWNER, embedded.DATABASE),
        "REDIS_URL": where.redis_url,
        "SECRET_KEY": secrets.token_hex(40),
        "STATE_DIR": str(FOLDER / "state"),
        "BACKUP_PASSPHRASE": secrets.token_urlsafe(24),
    }


def fill(drill: Drill, months: int, projects: int) -> None:
    """Months played through the real services, some uploads, and a sealed record."""
    drill.must("migrate", "--verbosity", "0")
    drill.must("apply_roles")
    drill.must("load_basics")
    published = FOLDER / "projects.csv"
    lines = (ROOT / "sample_data" / "real_projects.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    published.write_text("".join(lines[: projects + 1]), encoding="utf-8")
    townships = ROOT / "sample_data" / "ningde_townships.csv"
    drill.must("load_projects", str(published), "--assume-key", "--townships", str(townships))
    drill.must("seed_people")
    subprocess.run(
        [sys.executable, "-m", "ops.drill", "--fill", str(months)],
        cwd=ROOT,
        env=drill.environment,
        check=True,
    )


def fill_inside(months: int) -> None:
    """The part of the filling that needs the product in this process."""
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.utils import timezone
    from PIL import Image

    from ningde_projects.documents.services import uploads
    from ningde_projects.organizations.actor import load_actor
    from ningde_projects.organizations.duties import Duty
    from ningde_projects.organizations.models import User
    from ningde_projects.periods.month import reporting_month
    from ningde_projects.projects.samples import seed_responsibles
    from ningde_projects.workflow import seals
    from reports.models import Report
    from reports.selectors.attachments import SUBJECT
    from reports.workflow import EDITABLE

    now = timezone.now()
    seed_responsibles()
    last = reporting_month(now)
    call_command("simulate", first=last.plus(1 - months), last=last, verbosity=0)
    for number, report in enumerate(Report.objects.filter(status__in=EDITABLE).order_by("pk")[:5]):
        owner = User.objects.filter(
            assignments__duty=Duty.REPORT, assignments__organisation=report.owner_id
        ).first()
        if owner is None:
            raise Different(f"nobody files for {report.owner}")
        picture = io.BytesIO()
        Image.effect_noise((600, 400), 40 + number).save(picture, "PNG")
        uploads.receive(
            SimpleUploadedFile(f"现场{number}.png", picture.getvalue()), SUBJECT, report.public_id,
            actor=load_actor(owner, now), at=now, declared=True,
        )  # fmt: skip
    seals.seal(timezone.now() + timedelta(seconds=1))


def compare(before: dict[str, Any], after: dict[str, Any]) -> None:
    for kind in ("tables", "sequences", "files"):
        wrong = sorted(
            name
            for name in before[kind].keys() | after[kind].keys()
            if before[kind].get(name) != after[kind].get(name)
        )
        if wrong:
            raise Different(f"{kind} that differ: {', '.join(wrong)}")
    rows = sum(facts["rows"] for facts in after["tables"].values())
    if not rows or not after["files"]:
        raise Different("nothing was compared: the installation was empty")
    say(
        f"equal       {len(after['tables'])} tables with {rows} rows, {len(after['sequences'])} sequences, "
        f"{len(after['files'])} files"
    )


def run(where: Place, months: int, projects: int) -> None:
    drill = Drill(where, environment_for(where))
    backups = FOLDER / "backups"
    embedded.recreate_database(where)
    fill(drill, months, projects)
    before = drill.checksums()

    begun = time.monotonic()
    say(f"backup      {drill.must('backup', str(backups))}")
    (backup,) = backups.glob("*.backup")
    say(f"            {time.monotonic() - begun:.1f} s")
    drill.must_refuse("a database in use", "restore", str(backup))

    embedded.recreate_database(where)
    shutil.rmtree(FOLDER / "state")
    say("destroyed   database and files")
    drill.must_refuse(
        "a wrong passphrase", "restore", str(backup), BACKUP_PASSPHRASE=secrets.token_urlsafe(24)
    )
    drill.must_refuse("a damaged file", "restore", str(damaged(backup)))

    begun = time.monotonic()
    say(f"restore     {drill.must('restore', str(backup))}")
    say(f"            {time.monotonic() - begun:.1f} s, the schema's migrations included")
    compare(before, drill.checksums())
    say(f"record      {drill.must('verify_record')}")
    say(f"role        {drill.must('check_runtime')}")


def damaged(backup: Path) -> Path:
    """A copy with one bit turned over."""
    content = bytearray(backup.read_bytes())
    content[min(DAMAGED_AT, len(content) - 1)] ^= 1
    copy = backup.with_suffix(".damaged")
    copy.write_bytes(content)
    return copy


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--projects", type=int, default=60)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.fill:
        fill_inside(options.fill)
        return 0
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers are stopped then, too
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("A drill is under way in this checkout already.")
            return 1
        for old in ("state", "backups"):
            shutil.rmtree(FOLDER / old, ignore_errors=True)
        steps.translations(FOLDER)
        where = place("drill")
        try:
            with embedded.servers(where):
                run(where, options.months, options.projects)
        except (Different, subprocess.CalledProcessError) as fault:
            say(f"The drill failed: {fault}")
            return 1
    say("The drill succeeded: what was backed up came back whole.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
