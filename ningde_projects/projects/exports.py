"""The list of projects as a sheet: the same columns for the export, the blank form and the import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Industry, Place
from ningde_projects.periods.month import reporting_month

from .columns import all_columns
from .lists import Filters, Listing, in_words, read_filters
from .models import InvestmentKind, Level, Management, Stage
from .policies import reading_refusal
from .registration import kind_shown
from .titles import list_title

KIND = "projects"
_ZERO = Decimal(0)
_LATEST = Decimal(2100)
_EARLIEST = Decimal(1980)


#: What tables made elsewhere call these columns; data of an import, matched against what stands in the file.
_ALSO = {
    "code": ("项目代码", "国家项目代码", "投资项目代码"),
    "place": ("县", "县区", "县（市、区）", "所属县市", "地区"),
    "level": ("级别",),
    "stage": ("阶段", "建设阶段"),
    "industry": ("行业", "所属行业", "行业分类"),
    "owner": ("业主", "业主单位", "建设单位", "项目业主", "项目单位"),
    "municipal_department": ("市直部门", "市级行业主管部门"),
    "county_department": ("县级部门", "县行业主管部门"),
    "year_plan": ("年度计划", "年计划投资", "本年计划投资"),
    "content": ("建设规模和内容", "主要建设内容", "建设内容"),
}


def columns() -> tuple[Column, ...]:
    """Titles in the reader's language; choices of places and industries are asked for when they are shown."""
    found = (
        Column("name", _("Project name"), width=36, required=True, max_length=120),
        Column("code", _("National project code"), width=26, max_length=40),
        Column(
            "place", _("Lead county"), kind="choice", choices=_places, width=16, required=True,
            getter=lambda p: p.place.code, aliases=(_("County"),),
        ),
        Column("township", _("Township"), width=14, max_length=60),
        Column("level", _("Level"), kind="choice", choices=Level.choices, width=12),
        Column("stage", _("Stage"), kind="choice", choices=Stage.choices, width=12),
        Column("management", _("Management"), kind="choice", choices=Management.choices, width=12),
        Column(
            "industry", _("Industry"), kind="choice", choices=_industries, width=12,
            getter=lambda p: p.industry and p.industry.code,
        ),
        Column(
            "investment_kind", _("Investment kind"), kind="choice", width=12,
            choices=[choice for choice in InvestmentKind.choices if choice[0]],
            getter=lambda p: p.investment_kind or None,
        ),
        Column("owner", _("Owner"), getter=lambda p: p.owner.name, width=30, required=True, max_length=80),
        Column(
            "municipal_department", _("Municipal industry department"), width=24, max_length=80,
            getter=lambda p: p.municipal_department and p.municipal_department.name,
        ),
        Column(
            "county_department", _("County industry department"), width=24, max_length=80,
            getter=lambda p: p.county_department and p.county_department.name,
        ),
        Column("total_investment", _("Total investment"), kind="money", width=16, minimum=_ZERO),
        Column("year_plan", _("Plan of the year"), kind="money", width=16, minimum=_ZERO),
        Column("plan_year", _("Year of the plan"), kind="integer", width=10, minimum=_EARLIEST, maximum=_LATEST),
        Column("annual_goal", _("Goal of the year"), width=24, max_length=300),
        Column("start_year", _("First year"), kind="integer", width=10, minimum=_EARLIEST, maximum=_LATEST),
        Column("end_year", _("Last year"), kind="integer", width=10, minimum=_EARLIEST, maximum=_LATEST),
        Column("content", pgettext_lazy("project", "Scale and content"), width=50, max_length=5000),
    )  # fmt: skip
    return tuple(replace(column, aliases=(*column.aliases, *_ALSO.get(column.key, ()))) for column in found)


def _places() -> Sequence[tuple[str, str]]:
    return list(Place.objects.values_list("code", "name"))


def _industries() -> Sequence[tuple[str, str]]:
    return list(Industry.objects.values_list("code", "name"))


def sheet(year: int) -> Sheet:
    """The register as a table, money in 万元. Years are numbers without commas only in forms, so as text here."""
    shown = []
    for column in columns():
        if column.key == "plan_year":
            shown.append(_year(column, lambda p: year))
        elif column.key in ("start_year", "end_year"):
            shown.append(_year(column))
        else:
            shown.append(column)
    return Sheet(
        key=KIND,
        name=_("Projects"),
        title=_("Register of projects"),
        unit_line=_("Unit: 10,000 yuan"),
        columns=tuple(shown),
    )


def _year(column: Column, getter: Any = None) -> Column:
    return Column(column.key, column.title, getter=getter, width=column.width)


def _filters(params: Params) -> Filters:
    return read_filters({name: values[-1] for name, values in params.items() if values})


def _sheet(actor: Actor, params: Params) -> Sheet:
    """The columns on screen when the address names them, else the register's own, ready to be read in again."""
    year, filters = _year_of(actor.at), _filters(params)
    return sheet_on_screen(filters.columns, year) if filters.columns else sheet(year)


def sheet_on_screen(keys: Sequence[str], year: int) -> Sheet:
    """Name, owner and the chosen columns of the page."""
    shown = [
        Column("name", _("Project name"), getter=lambda row: row.project.name, width=36),
        Column("owner", _("Owner"), getter=lambda row: row.project.owner.name, width=30),
    ]
    shown += [
        Column(column.key, column.heading(year), getter=column.writing, kind=column.kind, width=column.width)
        for column in all_columns()
        if column.key in keys
    ]
    return Sheet(
        key=KIND, name=_("Projects"), title=_("Register of projects"), unit_line=_("Unit: 10,000 yuan"),
        columns=tuple(shown),
    )  # fmt: skip


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    filters = _filters(params)
    rows = Listing(actor, actor.at, filters).all_rows()
    return rows if filters.columns else (row.project for row in rows)


def _count(actor: Actor, params: Params) -> int:
    return len(Listing(actor, actor.at, _filters(params)).ids)


def _filter_line(actor: Actor, params: Params) -> str:
    return in_words(_filters(params))


def _year_of(at: datetime) -> int:
    return reporting_month(at).year


EXPORT = Export(
    kind=KIND,
    sheet=_sheet,
    rows=_rows,
    count=_count,
    refuse=lambda actor, params: reading_refusal(actor),
    filter_line=_filter_line,
    name_parts=lambda actor, params: [actor.organisation.short_name, list_title(kind_shown(actor))],
    back_url=lambda params: reverse("projects:list"),
)
