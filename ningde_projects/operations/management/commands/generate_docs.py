"""`manage.py generate_docs` writes the generated documents; `--check` only compares them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ningde_projects.operations import generated


class Command(BaseCommand):
    help = "Write the documents that are generated from the code."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a document is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            old = generated.stale()
            if old:
                raise CommandError("not current, run `make docs`: " + ", ".join(p.name for p in old))
            return
        for path in generated.write_all():
            self.stdout.write(f"{path.name} written")
