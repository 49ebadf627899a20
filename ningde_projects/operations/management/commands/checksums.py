"""`manage.py checksums`: every table, sequence and file as one JSON object, to compare two installations."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from ningde_projects.operations.backups import files, tables


class Command(BaseCommand):
    help = "Print the checksum of every table, the place of every sequence and the checksum of every file."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            tables.same_words()
            found: dict[str, Any] = {
                "tables": {table.name: tables.write_out(table) for table in tables.found_tables()},
                "sequences": tables.sequences(),
            }
        self.stdout.write(json.dumps(found | {"files": files.facts_here()}, ensure_ascii=False, indent=1))
