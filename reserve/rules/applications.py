"""M1.2: which offices review an application, when an earlier pass still holds, whether the money adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.periods.month import Month
from ningde_projects.projects.rules import Question
from ningde_projects.shell.formats import money

#: Money and scale: when one of these changes, both sides review anew.
KEY_FIELDS = frozenset(
    {"name", "place", "owner", "industry", "investment_kind", "nature", "content", "total_investment"}
)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields whose filed values differ; both as text."""
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name, "") != after.get(name, "")]


def pass_still_holds(changed: Iterable[str]) -> bool:
    """M1.2: after a return the side that had passed keeps its pass, unless money or scale has changed."""
    return not KEY_FIELDS & set(changed)


def industry_office(
    county_department: int | None, municipal_department: int | None, applicant: int, is_municipal: bool
) -> int | None:
    """M1.2, industry side: the county department for a county's project, the municipal one for the city's.

    An office that filed does not stand for the industry alone when another department of the industry can.
    """
    order = [municipal_department] if is_municipal else [county_department, municipal_department]
    known = [office for office in order if office]
    return next((office for office in known if office != applicant), known[0] if known else None)


def funding_error(total: Decimal | None, amounts: Iterable[Decimal]) -> str:
    """M1.2: sources cannot be more than the total investment; all in 万元."""
    planned = sum(amounts, Decimal(0))
    if total is None or planned <= total:
        return ""
    return _(
        "The sources add up to {sum}, more than the total investment of {total}: correct one of them."
    ).format(sum=money(planned), total=money(total))


def funding_questions(total: Decimal | None, amounts: Iterable[Decimal]) -> list[Question]:
    """A gap in the funding does not block, it is asked for once."""
    planned = sum(amounts, Decimal(0))
    if total is None or planned >= total:
        return []
    text = _("The sources add up to {sum}; {gap} of the total investment has no source yet. Is that so?")
    return [Question("total_investment", text.format(sum=money(planned), gap=money(total - planned)))]


def span_error(start: Month | None, completion: Month | None) -> str:
    if start and completion and completion < start:
        return _("Completion is planned before the start: it has to be {month} or later.").format(month=start)
    return ""


def start_questions(start: Month | None, now: Month) -> list[Question]:
    if start is None or start >= now:
        return []
    text = _("The planned start {month} is over. Is the project not under way already?")
    return [Question("planned_start", text.format(month=start))]
