"""储备项目库 as a file: the rows and the columns that are on screen (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Level, Stage
from ningde_projects.projects.policies import reading_refusal

from ..models import Direction, ExitCategory, Maturity
from ..selectors.pool import facets, listed
from ..selectors.pool_filters import COLUMNS, Filters, in_words, read_filters

KIND = "reserve-pool"


def record_of(project: Any) -> Any:
    """The reserve record, or None: projects from before this system may have none yet."""
    return getattr(project, "reserve_record", None)


def _of_record(name: str) -> Any:
    return lambda p: getattr(record_of(p), name, None)


def _column(name: str) -> Column:
    title = COLUMNS[name]
    made = {
        "place": Column("place", title, width=14, getter=lambda p: p.place.name),
        "industry": Column("industry", title, width=12, getter=lambda p: p.industry and p.industry.name),
        "level": Column("level", title, kind="choice", choices=Level.choices, width=12),
        "stage": Column("stage", title, kind="choice", choices=Stage.choices, width=10),
        "maturity": Column("maturity", title, kind="choice", choices=Maturity.choices, width=10,
                           getter=_of_record("maturity")),
        "items": Column("items", title, width=10, getter=lambda p: f"{p.items_done} / {p.items_needed}"),
        "total": Column("total", title, kind="money", width=16, getter=lambda p: p.total_investment),
        "start": Column("start", title, width=10, getter=lambda p: str(_of_record("planned_start")(p) or "")),
        "directions": Column("directions", title, width=24, getter=_directions),
        "department": Column("department", title, width=20,
                             getter=lambda p: p.municipal_department and p.municipal_department.name),
        "county_department": Column("county_department", title, width=20,
                                    getter=lambda p: p.county_department and p.county_department.name),
        "since": Column("since", title, kind="date", width=12, getter=lambda p: _day(p, "in_pool_since")),
        "updated": Column("updated", title, kind="date", width=12, getter=lambda p: local_date(p.last_news)),
    }  # fmt: skip
    return made[name]


def _directions(project: Any) -> str:
    words = dict(Direction.choices)
    return "、".join(str(words.get(code, code)) for code in _of_record("directions")(project) or [])


def _day(project: Any, name: str) -> Any:
    at = _of_record(name)(project)
    return local_date(at) if at else None


def _filters(params: Params) -> Filters:
    single = {name: values[-1] for name, values in params.items() if values}
    return read_filters(single, params.get("col", ()))


def sheet(actor: Actor, params: Params) -> Sheet:
    filters = _filters(params)
    columns = [
        Column("name", _("Project name"), width=36),
        Column("code", _("National project code"), width=26),
        Column("owner", _("Owner"), width=28, getter=lambda p: p.owner.name),
        *(_column(name) for name in filters.columns),
    ]
    if filters.part == "exited":
        columns += [
            Column("exited", _("left the pool on"), kind="date", width=12, getter=lambda p: _day(p, "exited_at")),
            Column("category", _("exit reason"), kind="choice", choices=ExitCategory.choices, width=16,
                   getter=_of_record("exit_category")),
            Column("reason", _("exit explained"), width=40, getter=_of_record("exit_reason")),
        ]  # fmt: skip
    if filters.part == "merged":
        columns.append(
            Column(
                "into", _("merged into"), width=36, getter=lambda p: str(_of_record("merged_into")(p) or "")
            )
        )
    return Sheet(
        key=KIND, name=_("Reserve pool"), title=_("Reserve projects"), unit_line=_("Unit: 10,000 yuan"),
        columns=tuple(columns),
    )  # fmt: skip


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return listed(actor, _filters(params), actor.at).iterator(chunk_size=1000)


def _count(actor: Actor, params: Params) -> int:
    return facets(actor, _filters(params), actor.at)[1]


def _line(actor: Actor, params: Params) -> str:
    filters = _filters(params)
    return in_words(filters, facets(actor, filters, actor.at)[0])


EXPORT = Export(
    kind=KIND,
    sheet=sheet,
    rows=_rows,
    count=_count,
    refuse=lambda actor, params: reading_refusal(actor),
    filter_line=_line,
    name_parts=lambda actor, params: [actor.organisation.short_name, str(_("Reserve projects"))],
    back_url=lambda params: reverse("reserve:pool"),
)
