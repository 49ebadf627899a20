"""Check every seal of the record; names each act that was altered, the first one first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ningde_projects.workflow import heads, seals
from ningde_projects.workflow.models import Seal

MOST = 200


class Command(BaseCommand):
    help = "Verify the chain of seals over the record."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = seals.verify(timezone.now())
        if faults:
            lines = [f"act {fault.act_id}: {fault.what}" for fault in faults[:MOST]]
            if len(faults) > MOST:
                lines.append(f"and {len(faults) - MOST} more")
            raise CommandError("\n".join(lines))
        head = Seal.objects.order_by("-id").first()
        if head is None:
            self.stdout.write("nothing is sealed yet")
            return
        where = heads.file()
        compared = "heads compared" if where.exists() else f"no heads in {where}"
        self.stdout.write(
            f"{Seal.objects.count()} seals sound, head {head.digest} at act {head.last_id}; {compared}"
        )
