"""The time machine: `manage.py simulate --from 2026-01 --to 2026-10 --seed 7`."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ningde_projects.periods.month import Month
from reports.models import Report
from reports.simulation.multiply import multiply
from reports.simulation.plans import assume_plans, assume_preparation
from reports.simulation.play import Play


class Command(BaseCommand):
    help = "Play months through the real services and deadlines with reproducible behaviour of people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="first", type=Month.parse, required=True, help="first reporting month"
        )
        parser.add_argument("--to", dest="last", type=Month.parse, required=True, help="last reporting month")
        parser.add_argument(
            "--rooms-from",
            type=Month.parse,
            help="calendar month in which the other rooms begin, without reports",
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--projects", type=int, default=0, help="copy projects until there are so many")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("months are played only where DEMONSTRATION is on")
        first, last = options["first"], options["last"]
        if last < first:
            raise CommandError("--to lies before --from")
        if Report.objects.filter(month__gte=first).exists():
            raise CommandError("these months have reports already; play only months that nobody has reported")
        if options["projects"]:
            self.stdout.write(f"{multiply(options['projects'])} projects copied")
        rooms_from = options["rooms_from"]
        for year in range(min(first, rooms_from or first).year, last.year + 1):
            assumed = assume_plans(year) + assume_preparation(year)
            self.stdout.write(f"{year}: {assumed} annual plans assumed for the play")
        begun = monotonic()
        tally = Play(options["seed"], timezone.now()).run(
            first, last, self.stdout.write, rooms_from=rooms_from
        )
        self.stdout.write(
            f"{tally.filed} of {tally.reports} reports filed, {tally.returned} returned, {tally.problems} problems, "
            f"{tally.opinions} opinions, {tally.ticks} ticks in {monotonic() - begun:.0f} s"
        )
