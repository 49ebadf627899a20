"""`manage.py backup FOLDER`: database and files as one encrypted file, taken while people work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ningde_projects.operations.backups.faults import BackupFault
from ningde_projects.operations.backups.taking import take
from ningde_projects.settings import env


class Command(BaseCommand):
    help = (
        "Back up database and files into FOLDER, encrypted with BACKUP_PASSPHRASE (at least 16 characters)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = take(
                options["folder"],
                env.secret("BACKUP_PASSPHRASE", minimum=16),
                timezone.localtime(timezone.now()),
            )
        except (BackupFault, ImproperlyConfigured) as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(
                f"The backup could not be written: {fault}. Make room, or name another folder."
            ) from fault
        self.stdout.write(
            f"{taken.path}: {taken.tables} tables, {taken.rows} rows, {taken.files} files, "
            f"{taken.path.stat().st_size} bytes, read back and sound"
        )
