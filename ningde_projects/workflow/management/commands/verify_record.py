"""Check every seal of the record; names the first act of each span that was altered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ningde_projects.workflow import seals
from ningde_projects.workflow.models import Seal


class Command(BaseCommand):
    help = "Verify the chain of seals over the record."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = seals.verify()
        if faults:
            raise CommandError("\n".join(f"act {f.act_id}: {f.what}" for f in faults))
        head = Seal.objects.order_by("-id").first()
        self.stdout.write(
            f"{Seal.objects.count()} seals sound"
            + (f", head {head.digest} at {head.last_id}" if head else "")
        )
