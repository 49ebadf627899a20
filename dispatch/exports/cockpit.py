"""The parts of the cockpit as files: places, categories, months (E2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Industry
from ningde_projects.projects.models import Level

from ..policies.cockpit import may_read
from ..selectors import cockpit as read
from ..services import totals

_CITY = gettext_lazy("Whole city")


def _share(value: Any) -> Any:
    return None if value is None else value / 100


def _counted(name: str, label: Any) -> Column:
    return Column(name, label, kind="integer", getter=lambda r: r.counts[name], width=10)


_FIGURES = (
    _counted("due", gettext_lazy("Reports due")), _counted("filed", gettext_lazy("Reports filed")),
    Column("on_time", gettext_lazy("On time"), kind="percent", getter=lambda r: _share(r.on_time_percent), width=12),
    _counted("nil", gettext_lazy("Nil reports")), _counted("missing", gettext_lazy("Missing")),
    _counted("late", gettext_lazy("Filed late")), _counted("returned", gettext_lazy("Returned at least once")),
    _counted("waiting", gettext_lazy("Awaiting review")), _counted("red", gettext_lazy("Projects lagging")),
    _counted("amber", gettext_lazy("Projects at risk")), _counted("green", gettext_lazy("Projects on track")),
    Column("planned", gettext_lazy("Annual plan"), kind="money", getter=lambda r: r.planned, width=16),
    Column("completed", gettext_lazy("Completed this year"), kind="money", getter=lambda r: r.completed, width=16),
    Column("percent", gettext_lazy("Completed of the annual plan"), kind="percent",
           getter=lambda r: _share(r.completed_percent), width=12),
)  # fmt: skip

PLACES = Sheet(
    key="cockpit_places", name=gettext_lazy("Reports and progress by place"),
    title=gettext_lazy("Reports and progress of key projects by place"),
    columns=(
        Column("place", gettext_lazy("Place"), getter=lambda r: r.place.name if r.place else str(_CITY), width=18),
        *_FIGURES,
        Column("to_forward", gettext_lazy("Accepted, not forwarded"), kind="integer",
               getter=lambda r: r.to_forward, width=12),
        Column("problems", gettext_lazy("Problems"), kind="integer", getter=lambda r: r.problems, width=10),
    ),
)  # fmt: skip

MONTHS = Sheet(
    key="cockpit_months", name=gettext_lazy("Twelve months"),
    title=gettext_lazy("Reports and progress of key projects, twelve months"),
    columns=(
        Column("month", gettext_lazy("Month"), getter=lambda r: str(r.month), width=12),
        Column("problems", gettext_lazy("Problems"), kind="integer", getter=lambda r: r.said["unsettled"], width=10),
        *_FIGURES,
    ),
)  # fmt: skip


def _scope(actor: Actor, params: Params) -> read.Scope:
    return read.Scope.read({name: values[-1] for name, values in params.items() if values}, actor.at)


def _view(actor: Actor, params: Params) -> read.Cockpit:
    scope = _scope(actor, params)
    totals.refresh(scope.month, actor.at)
    return read.cockpit(scope, actor.at)


def _places(actor: Actor, params: Params) -> list[Any]:
    view = _view(actor, params)
    return [*view.rows, view.total]


def _months(actor: Actor, params: Params) -> list[Any]:
    return [sums for _month, sums in _view(actor, params).months]


def _categories_sheet(actor: Actor, params: Params) -> Sheet:
    view = _view(actor, params)
    return Sheet(
        key="cockpit_categories", name=gettext_lazy("Problems by category"),
        title=gettext_lazy("Problems of key projects by category"),
        columns=(
            Column("place", gettext_lazy("Place"), getter=lambda r: r.place.name if r.place else str(_CITY), width=18),
            *(_category(code, name) for code, name in view.categories),
            Column("problems", gettext_lazy("Total"), kind="integer", getter=lambda r: r.problems, width=10),
        ),
    )  # fmt: skip


def _category(code: str, name: str) -> Column:
    return Column(f"c{code}", name, kind="integer", getter=lambda r: r.categories.get(code, 0), width=14)


def _line(actor: Actor, params: Params) -> str:
    scope = _scope(actor, params)
    industry = Industry.objects.filter(code=scope.industry).values_list("name", flat=True).first() or ""
    words = [str(scope.month), str(Level(scope.level).label) if scope.level else "", industry]
    return " · ".join(word for word in words if word)


def _export(kind: str, sheet: Any, rows: Callable[[Actor, Params], list[Any]]) -> Export:
    return Export(
        kind=kind, sheet=sheet, rows=rows, count=lambda actor, params: len(rows(actor, params)),
        refuse=lambda actor, params: "" if may_read(actor) else None, filter_line=_line,
        back_url=lambda params: reverse("dispatch:cockpit"),
    )  # fmt: skip


EXPORTS = (
    _export("cockpit-places", PLACES, _places),
    _export("cockpit-categories", _categories_sheet, _places),
    _export("cockpit-months", MONTHS, _months),
)
