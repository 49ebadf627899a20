"""Words for the pages of meetings."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from ningde_projects.periods.month import Month, Quarter
from ningde_projects.shell.formats import month_name

from ..selectors.duties import Tally
from ..selectors.meetings import read_month, read_quarter

register = template.Library()


@register.filter
def period_name(value: Month | Quarter | str) -> str:
    """2026年10月, 2026年第4季度; anything else as it is."""
    if isinstance(value, str):
        value = read_quarter(value) or read_month(value) or value
    if isinstance(value, Quarter):
        return _("Quarter %(n)s of %(year)s") % {"n": value.number, "year": value.year}
    return month_name(value.first_day, year=True) if isinstance(value, Month) else value


@register.filter
def duty_chip(state: str, is_over: bool) -> str:
    """The chip of a duty: what is not held yet is no gap while the period runs."""
    if state == "late":
        return "meeting_late"
    return "duty_open" if state == "gap" and not is_over else f"duty_{state}"


@register.filter
def of_office(tallies: dict[int, Tally], office: int) -> Tally | None:
    """The sums of one department."""
    return tallies.get(office)
