"""What the pages about time show: the table of one period, the days of a year that are not as usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.shell.formats import day_month, long_date, month_name

from .models import CalendarDay, DeadlineRule, Extension, JobRun
from .month import Month, local_date
from .rules import Cycle, RuleSpec, applies_to, deadline_day, deadline_instant
from .selectors import DeadlineBook, spec_codes
from .workdays import DayAnswer, Source, answer, holiday_name, is_provisional, workday_deadline


def month_text(month: Month) -> str:
    """2026年10月, as the offices write it."""
    return month_name(month.first_day, year=True)


# ---- the table of deadlines -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeadlineRow:
    """One rule in one period. `instant` is None where it does not run, or runs per item."""

    spec: RuleSpec
    instant: datetime | None
    notes: list[str] = field(default_factory=list)
    #: When what follows was done; None when it is still to come.
    done_at: datetime | None = None
    version_from: Month | None = None
    runs: bool = True


def deadline_table(month: Month, at: datetime, book: DeadlineBook | None = None) -> list[DeadlineRow]:
    book = book or DeadlineBook()
    jobs = [f"{code}:deadline" for code in spec_codes()]
    done = dict(JobRun.objects.filter(period=str(month), job__in=jobs).values_list("job", "done_at"))
    return [_row(book, code, month, at, done) for code in spec_codes()]


def _row(
    book: DeadlineBook, code: str, month: Month, at: datetime, done: Mapping[str, datetime]
) -> DeadlineRow:
    spec, version = book.spec(code, month), book.version_from(code, month)
    if spec.cycle is Cycle.PER_ITEM:
        return DeadlineRow(spec, None, item_notes(spec, at, book.entered), None, version)
    if not applies_to(spec, month):
        return DeadlineRow(spec, None, [], None, version, runs=False)
    instant = deadline_instant(spec, month, book.entered)
    return DeadlineRow(
        spec, instant, day_notes(spec, month, book.entered), done.get(f"{code}:deadline"), version
    )


def day_notes(spec: RuleSpec, month: Month, entered: Mapping[date, bool]) -> list[str]:
    """Which day moved it, or why a Saturday did not; and whether the year is only provisional."""
    plain = month.plus(spec.offset).day(spec.day)
    day = deadline_day(spec, month, entered)
    found = answer(plain, entered)
    notes: list[str] = []
    if day != plain:
        notes.append(_("Moved from %(old)s, a day off, to the next working day.") % {"old": long_date(plain)})
        notes += _made_up(plain, day, entered)
    elif found.is_make_up:
        notes.append(_("%(day)s is a make-up working day.") % {"day": long_date(plain)})
    elif spec.moves_for_holidays or spec.opens:
        pass
    elif not found.is_workday:
        notes.append(_("%(day)s is a day off; the deadline does not move.") % {"day": long_date(plain)})
    if spec.moves_for_holidays and is_provisional(day.year):
        notes.append(provisional_note(day.year))
    return notes


def item_notes(spec: RuleSpec, at: datetime, entered: Mapping[date, bool]) -> list[str]:
    """The example of today, and the days on the way that are not as usual."""
    begin = local_date(at)
    last = local_date(workday_deadline(at, spec.workdays, entered) - timedelta(seconds=1))
    notes = [
        _("What is reported today, %(first)s, is due by 24:00 on %(last)s.")
        % {"first": day_month(begin), "last": long_date(last)}
    ]
    notes += _made_up(begin, last, entered)
    freed = [
        day
        for day in _days(begin + timedelta(days=1), last)
        if day.weekday() < 5 and not answer(day, entered).is_workday
    ]
    if freed:
        notes.append(_("Not counted, days off: %(days)s.") % {"days": "、".join(map(day_month, freed))})
    notes += [provisional_note(year) for year in sorted({begin.year, last.year}) if is_provisional(year)]
    return notes


def _made_up(first: date, last: date, entered: Mapping[date, bool]) -> list[str]:
    days = [day for day in _days(first + timedelta(days=1), last) if answer(day, entered).is_make_up]
    if not days:
        return []
    return [_("Counted, make-up working days: %(days)s.") % {"days": "、".join(map(long_date, days))}]


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def provisional_note(year: int) -> str:
    return _("The days off of %(year)s have not been published yet; this is provisional.") % {"year": year}


def extensions_visible_to(actor: Actor) -> Iterable[Extension]:
    """The commission sees all, an organisation its own: who was given time is no other county's business (E4)."""
    rows = Extension.objects.select_related("decided_by").prefetch_related("organisations__place")
    if actor.has(Duty.DISPATCH):
        return rows
    offices = {actor.organisation.pk, *(held.organisation.pk for held in actor.held)}
    return rows.filter(organisations__in=offices).distinct()


@dataclass(frozen=True)
class ShownExtension:
    extension: Extension
    #: Names of the organisations that this person may know of.
    names: str
    month: str


def shown_extensions(actor: Actor, month: Month | None = None) -> list[ShownExtension]:
    rows = extensions_visible_to(actor)
    if month is not None:
        rows = [row for row in rows if row.month == month]
    everyone = actor.has(Duty.DISPATCH)
    own = {actor.organisation.pk, *(held.organisation.pk for held in actor.held)}
    return [
        ShownExtension(
            row,
            "、".join(o.short_name for o in row.organisations.all() if everyone or o.pk in own),
            month_text(row.month),
        )
        for row in rows
    ]


# ---- versions of a rule ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One version of a rule with the next instants it gives. `row` is None for the installation's own."""

    row: DeadlineRule | None
    spec: RuleSpec
    since: str
    until: str
    is_now: bool


def versions(code: str, month: Month) -> list[Version]:
    """Newest first, the one that installations begin with last."""
    book = DeadlineBook()
    rows = list(DeadlineRule.objects.filter(code=code).order_by("-valid_from"))
    now = book.version_from(code, month)
    found = [
        Version(row, book.spec(code, row.valid_from), month_text(row.valid_from),
                month_text(row.valid_to) if row.valid_to else "", row.valid_from == now)
        for row in rows
    ]  # fmt: skip
    first = rows[-1].valid_from if rows else None
    earliest = Month(2000, 1)
    default = book.spec(code, first.previous if first and first > earliest else earliest)
    return [*found, Version(None, default, "", month_text(first.previous) if first else "", now is None)]


def next_instants(code: str, at: datetime, count: int = 6) -> list[tuple[str, datetime, list[str]]]:
    """(period, instant, notes) of the next times that the rule falls due."""
    book = DeadlineBook()
    found: list[tuple[str, datetime, list[str]]] = []
    month = Month.at(at).plus(-2)
    while len(found) < count and month < Month.at(at).plus(30):
        spec = book.spec(code, month)
        if applies_to(spec, month):
            instant = deadline_instant(spec, month, book.entered)
            if instant > at:
                found.append((month_text(month), instant, day_notes(spec, month, book.entered)))
        month = month.next
    return found


# ---- the calendar of a year -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """Days in a row that are off, or worked, for the same reason."""

    first: date
    last: date
    is_workday: bool
    source: Source
    note: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_entered(self) -> bool:
        return self.source is Source.ENTERED


def unusual_days(year: int) -> list[Span]:
    """Holidays and make-up days of a year, joined into spans; ordinary weekends are left out."""
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    entered = {day: row.is_workday for day, row in rows.items()}
    language = get_language() or "zh"
    spans: list[Span] = []
    for day in _days(date(year, 1, 1), date(year, 12, 31)):
        found = answer(day, entered)
        name = rows[day].note if day in rows else holiday_name(day, language)
        if not (name or day in rows or _is_unusual(found)):
            continue
        _join(spans, Span(day, day, found.is_workday, found.source, name))
    return spans


def _is_unusual(found: DayAnswer) -> bool:
    return found.is_make_up or (found.day.weekday() < 5 and not found.is_workday)


def _join(spans: list[Span], span: Span) -> None:
    last = spans[-1] if spans else None
    same = (
        last is not None
        and last.last + timedelta(days=1) == span.first
        and (last.is_workday, last.source, last.note) == (span.is_workday, span.source, span.note)
    )
    if last is not None and same:
        spans[-1] = Span(last.first, span.last, span.is_workday, span.source, span.note)
    else:
        spans.append(span)
