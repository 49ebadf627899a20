"""Tags of the reporting pages: how a month is written."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.periods.month import Month
from ningde_projects.shell.templatetags.nd import chip

from ..rules import month_name

register = template.Library()


@register.filter
def monthname(month: Month) -> str:
    """2026年10月 / October 2026."""
    return pgettext("year and month", "%(year)s-%(month)s") % {"year": month.year, "month": month.number}


@register.filter
def monthshort(month: Month) -> str:
    """10月."""
    return month_name(month)


@register.filter
def cutoff(month: Month) -> str:
    """数据截至10月31日: what the figures of the month stand for (DESIGN.md §1.4)."""
    day: date = month.last_day
    return _("figures as of %(month)s-%(day)s") % {"month": day.month, "day": day.day}


@register.filter
def dayscolour(days: int) -> str:
    """The tone of an age in days: over 90 red, over 60 amber (DESIGN.md §4)."""
    return "over" if days > 90 else "soon" if days > 60 else "ok"


@register.simple_tag
def chip_opinion(status: str) -> SafeString:
    """The state of an opinion in the one vocabulary."""
    return chip(f"op_{status}")
