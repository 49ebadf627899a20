"""Checks and arithmetic of meetings on plain values (M4.2, D7, D8)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month, Quarter

DISPATCH, ON_SITE = "dispatch", "on_site"
#: The city's own meetings (M8.4): the commission's of each month, the vice-mayor's of each quarter (D9), those for the
#: whole city, and those on one matter.
MONTHLY, QUARTERLY, CITY_WIDE, TOPICAL = "monthly", "quarter", "citywide", "topical"
MUNICIPAL = (MONTHLY, QUARTERLY, CITY_WIDE, TOPICAL)
#: Meetings that nobody owes by a day, so that none of them is recorded late.
UNDATED = (CITY_WIDE, TOPICAL)
#: Offices that can be given something to do: their people hold a duty with which they work on it.
UNIT_KINDS = (
    OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT, OrgKind.OWNER,
    OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION, OrgKind.MUNICIPAL_GOVERNMENT,
)  # fmt: skip
#: Offices that hold on-site sessions. The commission leads an industry itself (energy).
DEPARTMENT_KINDS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)

Text = str | Promise


def period_of(kind: str, day: date) -> tuple[date, date]:
    """First and last day of the period for which a meeting of that day counts (D7 month, D8 quarter)."""
    month = Month.of(day)
    if kind in (ON_SITE, QUARTERLY):
        return quarter_days(month.quarter)
    return month.first_day, month.last_day


def period_end(kind: str, day: date) -> datetime | None:
    """The first instant after the period: what is recorded from then on is recorded late; None when nothing is owed."""
    if kind in UNDATED:
        return None
    month = Month.of(day)
    return (month.quarter.last_month if kind in (ON_SITE, QUARTERLY) else month).end


def quarter_days(quarter: Quarter) -> tuple[date, date]:
    return quarter.first_month.first_day, quarter.last_month.last_day


def day_error(held_on: date, today: date) -> Text:
    """A meeting is recorded when it has been held; the notice is in force since 6 November 2023."""
    if held_on > today:
        return _("The day lies in the future; a meeting is recorded when it has been held.")
    if held_on < date(2023, 11, 6):
        return _("The duty to meet exists since 6 November 2023; choose a later day.")
    return ""


def missing_of_meeting(
    *,
    held_on: date | None,
    location: str,
    has_chair: bool,
    has_participants: bool,
    has_projects: bool,
    minutes: str,
) -> dict[str, list[Text]]:
    """What a record lacks, by field of the form (M4.2: date, place, who, projects)."""
    found: dict[str, list[Text]] = {}
    if held_on is None:
        found["held_on"] = [_("Give the day on which it was held.")]
    if not location.strip():
        found["location"] = [_("Give the place where it was held.")]
    if not has_chair:
        found["chair"] = [_("Name the leader who held it.")]
    if not has_participants:
        found["others"] = [_("Name who took part: tick accounts or write names.")]
    if not has_projects:
        found["projects"] = [_("Tick at least one project that was spoken of.")]
    if not minutes.strip():
        found["minutes"] = [_("Write what was said, in a few sentences.")]
    return found


def missing_of_decision(
    number: int, *, text: str, has_unit: bool, due_on: date | None, held_on: date | None
) -> list[Text]:
    """What a decision lacks (M4.2: responsible unit and due date)."""
    found: list[Text] = []
    if not text.strip():
        found.append(_("Decision {n}: write what was decided.").format(n=number))
    if not has_unit:
        found.append(_("Decision {n}: choose the responsible unit.").format(n=number))
    if due_on is None:
        found.append(_("Decision {n}: give the day by which it is to be done.").format(n=number))
    elif held_on is not None and due_on < held_on:
        found.append(_("Decision {n}: the due day lies before the meeting.").format(n=number))
    return found


def owes_sessions(kind: str, *, is_factor: bool, industries: int, led: int) -> bool:
    """Does an office owe an on-site session each quarter: industry and factor-supply departments of the city."""
    return kind in DEPARTMENT_KINDS and bool(is_factor or industries or led)


def late_or_missing(since: datetime | None, end: datetime) -> str:
    """ "met", "late" (recorded after the period) or "gap"."""
    if since is None:
        return "gap"
    return "late" if since >= end else "met"
