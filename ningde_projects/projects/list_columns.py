"""The register's own columns and filters of the list; rooms built on it register theirs beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.periods.month import reporting_month
from ningde_projects.shell.statuses import LIGHTS
from ningde_projects.shell.together import Rows

from . import columns
from .columns import FacetKind, ListColumn, Loaded, Row, RowLoader
from .lights import Judgement, Progress
from .models import (
    AnnualPlan,
    Follow,
    InvestmentKind,
    Level,
    Management,
    Post,
    ProjectPart,
    Responsible,
    Stage,
)
from .progress import judgement_rows, progress_rows, read_judgements, read_progress

# ---- what is loaded in sets ------------------------------------------------------------------------------------


Wanted = Mapping[str, QuerySet[Any, Any]]
Found = Mapping[str, Rows]


def _of(rows: QuerySet[Any], ids: Collection[int] | None) -> QuerySet[Any]:
    return rows if ids is None else rows.filter(project__in=ids)


def _plan_rows(actor: Actor, at: datetime, ids: Collection[int] | None) -> Wanted:
    rows = AnnualPlan.objects.filter(year=reporting_month(at).year, investment__isnull=False)
    return {"plans": _of(rows, ids).values_list("project_id", "part_id", "investment")}


def _plans(loaded: Loaded, found: Found) -> Mapping[int, Decimal]:
    """The plan of the whole project, else the sum over its parts (figures add up once), 万元."""
    whole: dict[int, Decimal] = {}
    parts: dict[int, Decimal] = {}
    for pk, part, sum_ in found["plans"]:
        if part is None:
            whole[pk] = sum_
        else:
            parts[pk] = parts.get(pk, Decimal(0)) + sum_
    return parts | whole


year_plans = RowLoader(_plan_rows, _plans)
figures = RowLoader(
    lambda actor, at, ids: progress_rows(actor, reporting_month(at).year, ids),
    lambda loaded, found: read_progress(found),
)
lights = RowLoader(
    judgement_rows,
    lambda loaded, found: read_judgements(found, loaded.of(figures), loaded.at),
    needs=(figures,),
)
followed = RowLoader(
    lambda actor, at, ids: {
        "mine": _of(Follow.objects.filter(user=actor.user), ids).values_list("project_id")
    },
    lambda loaded, found: {pk: "yes" for (pk,) in found["mine"]},
)


def people(actor: Actor, at: datetime, ids: Collection[int] | None) -> Mapping[int, Mapping[str, list[str]]]:
    """By project and post: the names of those who answer for it now; one query."""
    rows = Responsible.objects.filter(valid_to__isnull=True)
    if ids is not None:
        rows = rows.filter(project__in=ids)
    found: dict[int, dict[str, list[str]]] = {}
    for pk, post, name in rows.order_by("place__order", "pk").values_list("project_id", "post", "user__name"):
        found.setdefault(pk, {}).setdefault(post, []).append(name)
    return found


_POSTS = (Post.COUNTY_LEADER, Post.COUNTY_DIRECT, Post.INDUSTRY_LEADER, Post.INDUSTRY_DIRECT)


def _leader_rows(actor: Actor, at: datetime, ids: Collection[int] | None) -> Wanted:
    held = _of(Responsible.objects.filter(valid_to__isnull=True), ids)
    by_post = {post.value: Count("pk", filter=Q(post=post)) for post in _POSTS}
    return {
        "counties": _of(ProjectPart.objects.order_by(), ids)
        .values_list("project_id")
        .annotate(n=Count("pk")),
        "held": held.order_by().values_list("project_id").annotate(**by_post),
    }


def _leaders(loaded: Loaded, found: Found) -> Mapping[int, str]:
    """Complete when both sides have a leader and a direct person, the county side in every county of the project."""
    counties: dict[int, int] = dict(found["counties"])
    answers = {}
    for pk, county_leaders, county_direct, industry_leaders, industry_direct in found["held"]:
        county = min(county_leaders, county_direct) >= counties.get(pk, 1)
        answers[pk] = "complete" if county and industry_leaders and industry_direct else "missing"
    return answers


leaders = RowLoader(_leader_rows, _leaders)


# ---- columns ---------------------------------------------------------------------------------------------------


def _progress(row: Row) -> Progress | None:
    found: Progress | None = row.loaded(figures)
    return found


def _judged(row: Row) -> Judgement | None:
    found: Judgement | None = row.loaded(lights)
    return found


def _rate(row: Row) -> tuple[Decimal, Decimal] | None:
    """Completion and schedule in percent."""
    progress = _progress(row)
    if progress is None or progress.percent is None or progress.schedule is None:
        return None
    return progress.percent, progress.schedule


def _light_words(row: Row) -> str:
    judged = _judged(row)
    return f"{LIGHTS[judged.light.value].word}：{judged.why}" if judged else ""


def _names(*posts: str) -> Any:
    def value(row: Row) -> str:
        held = row.loaded(people) or {}
        return "、".join(name for post in posts for name in held.get(post, ()))

    return value


def _register_columns() -> None:
    columns.register(
        ListColumn("light", pgettext_lazy("column", "Light"), "light", _judged, 10, written=_light_words,
                   width=40, sort_by=(lights, lambda j: "rygn".index(j.light.value))),
        ListColumn("level", gettext_lazy("Level"), "level", lambda r: r.project, 20,
                   written=lambda r: r.project.get_level_display()),
        ListColumn("stage", gettext_lazy("Stage"), "stage", lambda r: r.project, 30,
                   written=lambda r: r.project.get_stage_display()),
        ListColumn("place", gettext_lazy("County"), "short", lambda r: r.project.place.name, 40, sort="place__order"),
        ListColumn("industry", gettext_lazy("Industry"), "short",
                   lambda r: r.project.industry and r.project.industry.name, 50, on_phone=False),
        ListColumn("total", gettext_lazy("Total investment"), "wan", lambda r: r.project.total_investment, 60,
                   kind="money", sort="total_investment", width=16),
        ListColumn("plan", gettext_lazy("Plan of {year}"), "wan", lambda r: r.loaded(year_plans), 70, kind="money",
                   sort_by=(year_plans, lambda plan: plan), width=16, by_year=True, on_phone=False),
        ListColumn("done", gettext_lazy("Done in {year}"), "wan", lambda r: (p := _progress(r)) and p.done, 80,
                   kind="money", sort_by=(figures, lambda p: p.done), width=16, by_year=True),
        ListColumn("rate", gettext_lazy("Share of the plan done"), "rate", _rate, 90, kind="percent",
                   written=lambda r: (found := _rate(r)) and found[0],
                   sort_by=(figures, lambda p: p.percent)),
        ListColumn("since", gettext_lazy("Done since start"), "wan", lambda r: (p := _progress(r)) and p.total, 100,
                   kind="money", sort_by=(figures, lambda p: p.total), usual=False, width=16),
        ListColumn("month", gettext_lazy("Reported up to"), "mute",
                   lambda r: str(p.month) if (p := _progress(r)) else "", 110, usual=False),
    )  # fmt: skip
    columns.register(
        ListColumn("management", gettext_lazy("Management"), "short",
                   lambda r: r.project.get_management_display(), 200, usual=False, on_phone=False),
        ListColumn("kind", gettext_lazy("Investment kind"), "short",
                   lambda r: r.project.get_investment_kind_display(), 210, usual=False, on_phone=False),
        ListColumn("code", gettext_lazy("National project code"), "mute", lambda r: r.project.code, 220,
                   usual=False, width=26),
        ListColumn("township", gettext_lazy("Township"), "text", lambda r: r.project.township, 230, usual=False),
        ListColumn("department", gettext_lazy("Municipal industry department"), "text",
                   lambda r: r.project.municipal_department and r.project.municipal_department.short_name, 240,
                   usual=False, width=20, relations=("municipal_department",)),
        ListColumn("county_department", gettext_lazy("County industry department"), "text",
                   lambda r: r.project.county_department and r.project.county_department.short_name, 250,
                   usual=False, width=20, relations=("county_department",)),
        ListColumn("leaders", gettext_lazy("Responsible leaders"), "text",
                   _names(Post.COUNTY_LEADER, Post.INDUSTRY_LEADER), 260, usual=False, width=20),
        ListColumn("direct", gettext_lazy("Direct responsible persons"), "text",
                   _names(Post.COUNTY_DIRECT, Post.INDUSTRY_DIRECT), 270, usual=False, width=20),
        ListColumn("years", gettext_lazy("Time of building"), "mute", _years, 280, usual=False),
        ListColumn("goal", gettext_lazy("Goal of the year"), "text", lambda r: r.project.annual_goal, 290,
                   usual=False, width=30),
        ListColumn("updated", gettext_lazy("Updated"), "day", lambda r: r.project.updated_at, 300, kind="date",
                   sort="updated_at", on_phone=False, width=12),
    )  # fmt: skip


def _years(row: Row) -> str:
    first, last = row.project.start_year, row.project.end_year
    return f"{first or '?'}—{last or '?'}" if first or last else ""


# ---- filters ---------------------------------------------------------------------------------------------------


def _choices(choices: Any) -> Any:
    return lambda: {str(code): word for code, word in choices.choices if code}


def _places() -> QuerySet[Any, Any]:
    return Place.objects.values_list("code", "name")


def _industries() -> QuerySet[Any, Any]:
    return Industry.objects.values_list("code", "name")


def _departments() -> QuerySet[Any, Any]:
    rows = Organisation.objects.filter(kind=OrgKind.MUNICIPAL_DEPARTMENT).order_by("order", "name")
    return rows.values_list("public_id", "short_name")


def _register_facets() -> None:
    columns.register_facet(
        FacetKind("stage", gettext_lazy("Stage"), _choices(Stage), 10, column="stage"),
        FacetKind("place", gettext_lazy("County"), _places, 20, column="place__code"),
        FacetKind("industry", gettext_lazy("Industry"), _industries, 30, column="industry__code"),
        FacetKind("level", gettext_lazy("Level"), _choices(Level), 40, column="level"),
        FacetKind("light", pgettext_lazy("column", "Light"), lambda: {c: LIGHTS[c].word for c in "ryng"}, 50,
                  load=lights, read=lambda j: j.light.value, missing="n"),
        FacetKind("department", gettext_lazy("Municipal industry department"), _departments, 100, more=True,
                  column="municipal_department__public_id"),
        FacetKind("management", gettext_lazy("Management"), _choices(Management), 110, more=True,
                  column="management"),
        FacetKind("kind", gettext_lazy("Investment kind"),
                  lambda: {**_choices(InvestmentKind)(), "unknown": InvestmentKind.UNKNOWN.label}, 120, more=True,
                  column="investment_kind", missing="unknown"),
        FacetKind("plan", gettext_lazy("Plan of the year"),
                  lambda: {"stated": _("Plan of the year stated"), "none": _("No plan of the year")}, 130,
                  more=True, load=year_plans, read=lambda plan: "stated", missing="none"),
        FacetKind("leaders", gettext_lazy("Responsible persons"),
                  lambda: {"complete": _("All responsible persons named"),
                           "missing": _("Responsible persons missing")}, 140,
                  more=True, load=leaders, missing="missing"),
        FacetKind("followed", gettext_lazy("Followed"),
                  lambda: {"yes": _("Followed by me"), "no": _("Not followed")}, 150, more=True,
                  load=followed, missing="no"),
    )  # fmt: skip


def load() -> None:
    """Called once when the app is ready."""
    _register_columns()
    _register_facets()
