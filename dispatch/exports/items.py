"""The three-tier list and the items of a unit as files: the rows of the page, in the layout of the paper (E2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.shell.formats import day_month, month_name

from ..models import Tier, TierList
from ..policies.items import is_outside
from ..selectors import items as owed
from ..selectors import tier_lists as read
from ..workflow.items import ItemStatus, ListStatus

APPROVED = (ListStatus.APPROVED, ListStatus.ISSUED)


def latest_in_words(row: read.Row) -> str:
    """The latest follow-up with its day and who said it."""
    if row.latest is None:
        return ""
    office = row.latest.office.short_name if row.latest.office else ""
    return f"{day_month(row.latest.at)} {office}：{row.latest.text}" if office else row.latest.text


_COLUMNS = (
    Column("tier", gettext_lazy("Level of coordination"), kind="choice", choices=Tier.choices,
           getter=lambda r: r.item.tier, width=12),
    Column("position", gettext_lazy("No."), kind="integer", getter=lambda r: r.position or None, width=6),
    Column("project", gettext_lazy("Project"), getter=lambda r: r.item.project.name, width=34),
    Column("place", gettext_lazy("County"), getter=lambda r: r.item.place.name, width=12),
    Column("age", gettext_lazy("Months on the list"), kind="integer", getter=lambda r: r.months, width=8),
    Column("percent", gettext_lazy("Completed of the annual plan"), kind="percent",
           getter=lambda r: None if r.percent is None else r.percent / 100, width=10),
    Column("problem", gettext_lazy("Problem"), getter=lambda r: r.item.problem_text, width=44),
    Column("requirement", pgettext_lazy("item", "What is required"), getter=lambda r: r.item.requirement, width=40),
    Column("unit", gettext_lazy("Responsible unit"), getter=lambda r: r.item.unit and r.item.unit.name, width=22),
    Column("co_units", gettext_lazy("Assisting units"), width=22,
           getter=lambda r: "、".join(o.short_name for o in r.item.co_units.all()) or None),
    Column("leader", gettext_lazy("Responsible leader"), getter=lambda r: r.item.leader_name or None, width=14),
    Column("due_on", pgettext_lazy("item", "To be rectified by"), kind="date", getter=lambda r: r.item.due_on, width=12),
    Column("status", gettext_lazy("State"), kind="choice", choices=ItemStatus.choices, getter=lambda r: r.item.status,
           width=12),
    Column("latest", gettext_lazy("Latest follow-up"), getter=lambda r: latest_in_words(r) or None, width=40),
)  # fmt: skip

LIST = Sheet(key="tier_list", name=gettext_lazy("Three-tier list"), columns=_COLUMNS, frozen_columns=3)
ITEMS = Sheet(
    key="dispatch_items", name=gettext_lazy("Items issued"), frozen_columns=2,
    columns=(
        Column("number", gettext_lazy("Number"), getter=lambda r: r.item.number, width=14),
        *(column for column in _COLUMNS if column.key not in ("position", "percent")),
    ),
)  # fmt: skip


def title_of(tier_list: TierList) -> str:
    title = _("{month} list of lagging key projects for coordination at three levels").format(
        month=month_name(tier_list.month.first_day, year=True)
    )
    return title if tier_list.status in APPROVED else _("{title} (draft for approval)").format(title=title)


def sheet_rows(rows: Iterable[read.Row]) -> list[read.Row]:
    """What was taken off is not on the paper."""
    return [row for row in rows if row.item.status != ItemStatus.REMOVED]


def _one(params: Params) -> dict[str, str]:
    return {name: values[-1] for name, values in params.items() if values}


def _list(actor: Actor, params: Params) -> TierList | None:
    return read.list_of(actor, read.month_asked(_one(params).get("month", ""), actor.at))


def _rows(actor: Actor, params: Params) -> Sequence[read.Row]:
    found = _list(actor, params)
    if found is None:
        return []
    filters = read.ListFilters.read(_one(params))
    return [row for row in read.rows_of_list(found, actor.at, actor) if filters.fits(row)]


def _sheet(actor: Actor, params: Params) -> Sheet:
    found = _list(actor, params)
    return Sheet(LIST.key, LIST.name, LIST.columns, title=title_of(found) if found else LIST.name,
                 frozen_columns=LIST.frozen_columns)  # fmt: skip


def _refuse(actor: Actor, params: Params) -> str | None:
    return None if is_outside(actor) or _list(actor, params) is None else ""


def _words(actor: Actor, params: Params) -> str:
    return read.ListFilters.read(_one(params)).in_words(_rows(actor, params))


def _items(actor: Actor, params: Params) -> list[Any]:
    return owed.rows(actor, owed.ItemFilters.read(_one(params)), actor.at)


EXPORTS = (
    Export(
        "dispatch-list", _sheet, rows=_rows, count=lambda a, p: len(_rows(a, p)), refuse=_refuse, filter_line=_words,
        back_url=lambda p: f"{reverse('dispatch:list')}?month={_one(p).get('month', '')}",
    ),
    Export(
        "dispatch-items", ITEMS, rows=_items, count=lambda a, p: len(_items(a, p)),
        refuse=lambda a, p: None if is_outside(a) else "",
        filter_line=lambda a, p: owed.ItemFilters.read(_one(p)).in_words(),
        back_url=lambda p: reverse("dispatch:items"),
    ),
)  # fmt: skip
