"""Load published projects from a CSV file; running it twice changes nothing."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.basics import PLACES
from ningde_projects.projects import published
from ningde_projects.projects.services.loading import load_published


class Command(BaseCommand):
    help = "Load published projects (sample_data/real_projects.csv) into the register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--townships", type=Path, help="CSV of township names; by default the one beside the file"
        )
        parser.add_argument(
            "--assume-key",
            action="store_true",
            help="Mark under-way projects of no published level as municipal key projects (an assumption)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        townships: Path = options["townships"] or file.with_name("ningde_townships.csv")
        try:
            rows = published.read_rows(_read_csv(file), _townships(townships) if townships.exists() else None)
        except (OSError, UnicodeDecodeError, ValueError) as wrong:
            raise CommandError(f"{file}: {wrong}") from wrong
        done = load_published(rows, SystemActor(timezone.now()), assume_key=options["assume_key"])
        for warning in done.warnings:
            self.stderr.write(f"note: {warning}")
        self.stdout.write(f"{len(done.added)} projects added, {done.present} were there already")


def _read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _townships(file: Path) -> dict[str, tuple[str, ...]]:
    """Names by place code. 东侨 is counted under 蕉城 in the statistics, and has no townships of its own."""
    by_code = {row[3]: row[0] for row in PLACES if row[0] != "DQ"}
    found: dict[str, list[str]] = defaultdict(list)
    for row in _read_csv(file):
        found[by_code[row["county_code"]]].append(row["name"])
    return {place: tuple(names) for place, names in found.items()}
