"""Fill the offices with fictional people who all share one password. For demonstrations only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ningde_projects.organizations.models import Organisation
from ningde_projects.organizations.samples import seed_people


class Command(BaseCommand):
    help = "Seed fictional people for every duty, with the sample password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "sample people share one known password: they are seeded only where DEMONSTRATION is on"
            )
        if not Organisation.objects.exists():
            raise CommandError("load the offices first: manage.py load_basics")
        self.stdout.write(f"{len(seed_people(timezone.now()))} sample people added")
