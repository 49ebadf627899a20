"""`manage.py restore FILE`: a backup into an empty database and an empty folder of uploads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ningde_projects.operations.backups.faults import BackupFault
from ningde_projects.operations.backups.restoring import restore
from ningde_projects.settings import env


class Command(BaseCommand):
    help = "Restore FILE, opened with BACKUP_PASSPHRASE, into an empty database. Overwrites nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"], env.secret("BACKUP_PASSPHRASE", minimum=16))
        except (BackupFault, ImproperlyConfigured) as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"The backup could not be restored: {fault}.") from fault
        rows = sum(facts["rows"] for facts in manifest["tables"].values())
        self.stdout.write(
            f"Restored as of {manifest['taken_at']}: {len(manifest['tables'])} tables, {rows} rows, "
            f"{len(manifest['files'])} files, all checksums equal. Now run verify_record, and check_runtime as nd_app."
        )
