"""Refuse to serve when the database role could alter the record; web, worker and beat run it first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ningde_projects.workflow import protection


class Command(BaseCommand):
    help = "Check that the run-time database role has the rights it needs and no more."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = protection.runtime_faults(protection.append_only_tables())
        if faults:
            raise CommandError("the application does not start:\n" + "\n".join(f"- {f}" for f in faults))
        self.stdout.write("run-time role is sound")
