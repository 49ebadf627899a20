"""滞后分析 as a file: the rows of the page (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.models import Level

from ..policies.lag import may_read
from ..selectors import lag as read

LAG = Sheet(
    key="lag", name=gettext_lazy("Lag analysis"), title=gettext_lazy("Lag analysis of key projects"),
    columns=(
        Column("project", gettext_lazy("Project"), getter=lambda r: r.standing.project.name, width=40),
        Column("place", gettext_lazy("County"), getter=lambda r: r.standing.place.name, width=14),
        Column("level", gettext_lazy("Level"), kind="choice", choices=Level.choices,
               getter=lambda r: r.standing.project.level, width=10),
        Column("owner", gettext_lazy("Owner"), getter=lambda r: r.standing.project.owner.name, width=30),
        Column("light", pgettext_lazy("column", "Light"), getter=lambda r: read.light_word(r.standing.light), width=8),
        Column("lags", gettext_lazy("Kinds of lag"), getter=lambda r: "、".join(str(x.label) for x in r.lags), width=18),
        Column("plan", gettext_lazy("Annual plan"), kind="money", getter=lambda r: r.standing.annual_plan, width=14),
        Column("done", gettext_lazy("Completed this year"), kind="money",
               getter=lambda r: r.standing.year_cumulative, width=14),
        Column("percent", gettext_lazy("Completed of the annual plan"), kind="percent",
               getter=lambda r: _share(r.standing.percent), width=12),
        Column("schedule", gettext_lazy("Schedule"), kind="percent", getter=lambda r: _share(r.standing.schedule),
               width=12),
        Column("ahead", gettext_lazy("Points ahead of schedule"), getter=lambda r: _points(r.standing.ahead), width=12),
        Column("change", gettext_lazy("Against the month before, points"), getter=lambda r: _points(r.change), width=12),
        Column("months", gettext_lazy("Months lagging in a row"), kind="integer",
               getter=lambda r: r.standing.red_months or None, width=10),
        Column("why", gettext_lazy("Why"), getter=lambda r: r.why, width=60),
    ),
)  # fmt: skip


def _share(value: Any) -> Any:
    return None if value is None else value / 100


def _points(value: Any) -> str | None:
    return None if value is None else f"{value:+.1f}".replace("-", "−")


def _filters(actor: Actor, params: Params) -> read.LagFilters:
    return read.LagFilters.read({name: values[-1] for name, values in params.items() if values}, actor.at)


def _rows(actor: Actor, params: Params) -> Iterable[read.LagRow]:
    filters = _filters(actor, params)
    return read.rows_of(actor, read.listed(actor, filters), filters.month)


EXPORT = Export(
    kind="dispatch-lag", sheet=LAG, rows=_rows,
    count=lambda actor, params: read.listed(actor, _filters(actor, params)).count(),
    refuse=lambda actor, params: "" if may_read(actor) else None,
    filter_line=lambda actor, params: read.filter_line(_filters(actor, params)),
    back_url=lambda params: reverse("dispatch:lag"),
)  # fmt: skip
