"""Fill an empty demonstration: offices, published projects, fictional people, and a few months of history."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from hookups.samples import seed_hookup_people
from ningde_projects.periods.month import reporting_month
from ningde_projects.projects.samples import seed_credit_codes, seed_responsibles

FOLDER = settings.BASE_DIR / "sample_data"
#: How much history a demonstration begins with, ending in the month now being reported.
MONTHS = 4
#: The rooms whose work comes once a year begin earlier: targets in December, catalogues in January, lists in March.
ROOMS_BEFORE = 11


class Command(BaseCommand):
    help = "Load the basics, the published projects and fictional people into a demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("sample data are loaded only where DEMONSTRATION is on")
        with transaction.atomic():
            call_command("load_basics", stdout=self.stdout)
            call_command(
                "load_projects",
                str(FOLDER / "real_projects.csv"),
                assume_key=True,
                verbosity=0,
                stdout=self.stdout,
                stderr=self.stderr,
            )
            call_command("seed_people", stdout=self.stdout)
            self.stdout.write(f"{seed_credit_codes()} credit codes for sample owners")
            self.stdout.write(f"{seed_responsibles()} posts filled with sample people")
            self.stdout.write(f"{seed_hookup_people(timezone.now())} people and heads for the hookup lists")
        last = reporting_month(timezone.now())
        call_command(
            "simulate",
            first=last.plus(1 - MONTHS),
            last=last,
            rooms_from=last.plus(-ROOMS_BEFORE),
            stdout=self.stdout,
        )
