"""The order of 附件2: the county moves lines; what is pulled in anew goes below its project (M6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.door import person_refusal
from ningde_projects.workflow.refusals import WrongState

from ..models import Summary, SummaryItem
from ..workflow import SUMMARY, SUMMARY_EDITABLE


def move(item: SummaryItem, *, up: bool, by: Actor, at: datetime) -> None:
    """Change places with the neighbour; the first one up and the last one down stay. NotAllowed, WrongState."""
    with transaction.atomic():
        summary = Summary.objects.select_for_update().get(pk=item.summary_id)
        refused = person_refusal(summary, SUMMARY.by_name["draw_in"], by)
        if refused:
            raise refused
        if summary.status not in SUMMARY_EDITABLE:
            raise WrongState(
                _("The summary is locked while it is “%(state)s”.") % {"state": summary.get_status_display()}
            )
        rows = list(summary.items.order_by("order", "pk"))
        place = next(n for n, row in enumerate(rows) if row.pk == item.pk)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        number(rows)


def arrange(kept: Iterable[SummaryItem], fresh: Iterable[SummaryItem]) -> list[SummaryItem]:
    """The kept lines in the county's order; each new one below the last line of its project, else at the end."""
    rows = list(kept)
    for item in fresh:
        project = item.problem.project_id
        places = [n for n, row in enumerate(rows) if row.problem.project_id == project]
        rows.insert(places[-1] + 1 if places else len(rows), item)
    return rows


def number(rows: Iterable[SummaryItem]) -> None:
    """Write 1, 2, 3 … in this order."""
    numbered = list(rows)
    for order, row in enumerate(numbered, start=1):
        row.order = order
    SummaryItem.objects.bulk_update(numbered, ["order"])
