"""What the sign-in page and the account page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from ningde_projects.organizations.models import Delegation, User
from ningde_projects.periods.month import local_date, reporting_month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.shell import formats

from .models import Session
from .services.sessions import open_sessions

#: Rules of the table of deadlines that everyone works by, in the words that everyone knows.
SHOWN: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        "D2",
        gettext_lazy("Owners file the problem report of each key project"),
        gettext_lazy("a nil report is due too"),
    ),
    ("D3", gettext_lazy("Counties compile, their governments approve, and it goes up"), ""),
    ("D5", gettext_lazy("Municipal departments give their opinions"), ""),
    ("D16", gettext_lazy("The monthly bulletin is drawn up"), ""),
)


@dataclass(frozen=True)
class ScheduleRow:
    """`day` is the last one on which it can be done: 7日."""

    day: str
    what: str
    note: str


@dataclass(frozen=True)
class Schedule:
    title: str
    subtitle: str
    rows: list[ScheduleRow]


def schedule(at: datetime) -> Schedule:
    """The deadlines of this month, for the month just ended; without any office's own extension."""
    reported = reporting_month(at)
    book = DeadlineBook()
    found = sorted((book.deadline(code, reported), str(what), str(note)) for code, what, note in SHOWN)
    return Schedule(
        title=_("Schedule of %(month)s") % {"month": formats.month_name(local_date(at))},
        subtitle=_("Report of %(month)s, data as of %(day)s")
        % {
            "month": formats.month_name(reported.first_day, year=True),
            "day": formats.day_month(reported.last_day),
        },
        rows=[_row(until, what, note, at) for until, what, note in found],
    )


def _row(until: datetime, what: str, note: str, at: datetime) -> ScheduleRow:
    last = formats.last_day(until)
    day = pgettext("day of the month", "%(day)d") % {"day": last.day}
    if until <= at:
        return ScheduleRow(day, what, _("The deadline has passed"))
    due = _("due %(weekday)s %(clock)s") % {"weekday": formats.weekday(last), "clock": formats.clock(until)}
    return ScheduleRow(day, what, _("%(due)s; %(note)s") % {"due": due, "note": note} if note else due)


@dataclass(frozen=True)
class ShownSession:
    session: Session
    browser: str
    current: bool


def sessions_of(user: User, at: datetime, current_key: str | None) -> list[ShownSession]:
    rows = [
        ShownSession(row, browser_of(row.agent), row.session_key == current_key)
        for row in open_sessions(user, at)
    ]
    return sorted(rows, key=lambda row: not row.current)


_BROWSERS = (("MicroMessenger", gettext_lazy("WeChat")), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_of(agent: str) -> str:
    """Enough to tell one's machines apart: Chrome · Windows."""
    browser = next((str(name) for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system))) or _("Unknown browser")


def delegations_of(user: User, at: datetime) -> tuple[list[Delegation], list[Delegation]]:
    """(given, held): those in force and those to come."""
    rows = (
        Delegation.objects.filter(
            Q(principal=user) | Q(delegate=user), valid_to__gt=at, revoked_at__isnull=True
        )
        .select_related("principal", "delegate", "organisation")
        .order_by("valid_from", "pk")
    )
    given = [row for row in rows if row.principal_id == user.pk]
    return given, [row for row in rows if row.delegate_id == user.pk]
