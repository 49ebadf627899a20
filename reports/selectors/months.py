"""Which month a page speaks of, and the nodes of its period bar."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.shell.period_bar import PeriodBar, PeriodNode

from ..models import ReportingPeriod

#: Months beside a page's head, and in the switch of the period above them.
IN_ROW = 13
IN_SWITCH = 24


class Figures(TypedDict, total=False):
    """The second line of a node: n / N, and what is missing."""

    note: str
    done: int
    total: int
    gap: str


def not_filed(count: int) -> Figures:
    """未报 5 under the owners' node; nothing when everyone has filed."""
    return {"gap": gettext("%(n)s not filed") % {"n": count}} if count else {}


def month_asked(request: OfficeRequest) -> Month:
    """The month in the address (?month=2026-09), else the month now being reported."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return reporting_month(request.now)


def known_months(limit: int = IN_ROW) -> list[Month]:
    """Months that have been opened, newest first."""
    return list(ReportingPeriod.objects.order_by("-month").values_list("month", flat=True)[:limit])


def month_bar(
    month: Month, now: datetime, mine: str, *, opened: Figures | None = None,
    filed: Figures | None = None, forwarded: Figures | None = None,
    opinions: Figures | None = None, book: DeadlineBook | None = None,
) -> PeriodBar:  # fmt: skip
    """The cycle from the 1st to the 15th with its figures; `mine` is the rule that is the reader's own node."""
    book = book or DeadlineBook()
    rows = (
        ("D1", _("Filing opens"), pgettext_lazy("what has to be done", "open"), opened),
        ("D2", _("Owners file"), pgettext_lazy("what has to be done", "file"), filed),
        ("D3", _("Counties forward"), pgettext_lazy("what has to be done", "forward"), forwarded),
        ("D5", _("Departments' opinions"), pgettext_lazy("what has to be done", "give opinions"), opinions),
    )
    nodes = [
        PeriodNode(
            book.deadline(code, month),
            title,
            mine=code == mine,
            opens=code == "D1",
            act=act,
            **(figures or {}),
        )
        for code, title, act, figures in rows
    ]
    return PeriodBar(now, nodes)
