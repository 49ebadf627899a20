"""The owner's month on the axis: opened, my deadline, the county, the opinions, the list (DESIGN.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month, midnight
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.shell.navigation import PeriodOption, PeriodSwitch
from ningde_projects.shell.period_bar import PeriodBar, PeriodNode

from ..rules import month_name
from ..templatetags.reporting import monthname
from .months import IN_SWITCH, known_months
from .owner import Home

#: The notice gives no day for issuing the list; ours (DESIGN.md §12.3).
ISSUE_DAY = 20


def my_deadline(home: Home, book: DeadlineBook, offices: frozenset[int]) -> datetime:
    """The first of my deadlines that still counts, extensions included; the rule's own when I have no report."""
    owed = [c.report.due_at for c in home.cards if c.report.due_at and c.group in ("todo", "overdue")]
    due = [c.report.due_at for c in home.cards if c.report.due_at]
    return min(owed or due or [book.deadline("D2", home.month, pk) for pk in offices]
               or [book.deadline("D2", home.month)])  # fmt: skip


def bar_of(home: Home, book: DeadlineBook, offices: frozenset[int], at: datetime) -> PeriodBar:
    month = home.month
    municipal = bool(home.cards) and all(
        card.report.receiver.kind == OrgKind.COMMISSION for card in home.cards
    )
    third = (
        PeriodNode(book.deadline("D3", month), _("Received by the commission"), _("municipal problem list"))
        if municipal
        else PeriodNode(
            book.deadline("D3", month), _("County forwards"), _("county bureau, approved by the government")
        )
    )
    return PeriodBar(at, [
        PeriodNode(book.deadline("D1", month), _("Reporting opens"),
                   _("figures of %(month)s") % {"month": month_name(month)}, opens=True),
        PeriodNode(my_deadline(home, book, offices), _("Owners file"), _("Your projects, filed"), mine=True,
                   done=home.filed, total=home.expected, act=_("File"),
                   gap=_gap(home, at)),
        third,
        PeriodNode(book.deadline("D5", month), _("Departments' opinions"), _("shown on this page")),
        PeriodNode(midnight(month.next.day(ISSUE_DAY) + timedelta(days=1)), _("List issued"),
                   _("approved by the municipal government")),
    ])  # fmt: skip


def _gap(home: Home, at: datetime) -> str:
    overdue = len(home.group("overdue"))
    return _("%(n)s overdue") % {"n": overdue} if overdue else ""


def switch_of(
    chosen: Month, current: Month, path: str, known: Sequence[Month] | None = None
) -> PeriodSwitch:  # fmt: skip
    """报告期: the months opened so far (`known`, if the page has read them); the current one needs no parameter."""
    months = list(dict.fromkeys([current, *(known_months(IN_SWITCH) if known is None else known)]))
    return PeriodSwitch(
        _("Reporting period"),
        monthname(chosen),
        [
            PeriodOption(monthname(m), path if m == current else f"{path}?month={m}", m == chosen)
            for m in sorted(months, reverse=True)
        ],
    )
