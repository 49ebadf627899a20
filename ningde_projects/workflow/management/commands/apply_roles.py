"""Guard the record and give each database role its rights; the owner runs it after `migrate`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ningde_projects.workflow import protection


class Command(BaseCommand):
    help = "Protect the append-only tables and grant the database roles their rights."

    def handle(self, *args: Any, **options: Any) -> None:
        tables = protection.append_only_tables()
        protection.protect(tables)
        missing = [
            r for r in (protection.RUNTIME_ROLE, protection.AUDIT_ROLE) if not protection.role_exists(r)
        ]
        if missing:
            raise CommandError(f"create these database roles first: {', '.join(missing)}")
        protection.grant_roles(tables)
        self.stdout.write(f"{len(tables)} append-only tables guarded")
