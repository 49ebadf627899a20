"""Load what every installation starts with; safe to run again at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ningde_projects.organizations.basics import load_basics
from ningde_projects.organizations.models import Industry, Organisation, Place
from reports.basics import load_categories
from reports.models import Category
from reserve.basics import load_item_kinds


class Command(BaseCommand):
    help = "Load the places, industries, offices of the chain and categories of problems."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_basics()
            load_categories()
            load_item_kinds()
        self.stdout.write(
            f"{Place.objects.count()} places, {Industry.objects.count()} industries, "
            f"{Organisation.objects.count()} organisations, {Category.objects.count()} categories"
        )
