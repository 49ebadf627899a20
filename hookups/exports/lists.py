"""The lists of this noun as files: the same rows as on screen (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post, Project
from ningde_projects.shell.formats import full_stamp

from ..models import HookupList
from ..models.lists import ListSide
from ..selectors.checks import Book, lines_of
from ..selectors.coverage import OfficeRow, Uncovered, in_state, rows_for, scope_of, uncovered, year_of
from ..selectors.majors import HeadRow, PickRow, head_rows, key_rows, pick_rows, places_of
from ..selectors.pages import SHOWS, Cell, Row, filtered, reads_as_filed, rows_of
from ..selectors.people import heads_on
from ..selectors.slots import answering


def one(params: Params, name: str) -> str:
    values = params.get(name) or [""]
    return str(values[-1])


def _year(actor: Actor, params: Params) -> int:
    """The page's own reading of the address: nonsense and years out of reach mean this one."""
    return year_of(one(params, "year"), local_date(actor.at).year)


def _refuse(actor: Actor, params: Params) -> str | None:
    """None: whoever has to do with no list may not know that there are any."""
    everything, offices = scope_of(actor)
    return "" if everything or offices else None


def _stamp(at: datetime | None) -> str:
    return full_stamp(at) if at else ""


STATES = {
    "open": gettext_lazy("Not filed yet"),
    "missing": gettext_lazy("Not filed, overdue"),
    "before": pgettext_lazy("hookup list", "not kept here then"),
    "drafting": gettext_lazy("Drafting"),
    "filed": pgettext_lazy("hookup list", "Sent for filing"),
    "received": pgettext_lazy("hookup list", "On file"),
    "returned": gettext_lazy("Returned"),
}


# ---- offices: who has filed, and who is covered ----------------------------------------------------------------


def _office_rows(actor: Actor, params: Params) -> list[tuple[OfficeRow, datetime]]:
    side, state = one(params, "side"), one(params, "state")
    side = side if side in ListSide.values else ""
    rows = rows_for(actor, _year(actor, params))
    return [
        (row, actor.at)
        for row in rows
        if (not side or row.side == side) and in_state(row, state, actor.at)
    ]  # fmt: skip


def _office_columns() -> tuple[Column, ...]:
    return (
        Column("office", _("Filing office"), getter=lambda r: r[0].office.name, width=30),
        Column("place", _("County"), getter=lambda r: r[0].office.place.name, width=14),
        Column("side", _("Side"), kind="choice", choices=ListSide.choices, getter=lambda r: r[0].side, width=12),
        Column("state", _("State"), getter=lambda r: str(STATES[r[0].state(r[1])]), width=14),
        Column("late", _("Filed late"), getter=lambda r: _("yes") if r[0].is_late(r[1]) else "", width=10),
        Column("projects", _("Key projects"), kind="integer", getter=lambda r: r[0].projects, width=12),
        Column("leaders", _("Leaders named"), kind="integer", getter=lambda r: r[0].leaders[0], width=12),
        Column("no_leader", _("Without leader"), kind="integer", getter=lambda r: r[0].empty_leaders, width=12),
        Column("directs", _("Direct persons named"), kind="integer", getter=lambda r: r[0].directs[0], width=12),
        Column("no_direct", _("Without direct person"), kind="integer", getter=lambda r: r[0].empty_directs,
               width=12),
        Column("filed", _("First filed"), width=20,
               getter=lambda r: _stamp(r[0].found.first_filed_at if r[0].found else None)),
        Column("received", pgettext_lazy("day", "Put on file"), width=20,
               getter=lambda r: _stamp(r[0].found.received_at if r[0].found else None)),
    )  # fmt: skip


def _offices_sheet(title: Any) -> Any:
    def made(actor: Actor, params: Params) -> Sheet:
        return Sheet(
            key="hookup-offices", name=gettext_lazy("Hookup lists"), columns=_office_columns(),
            title=f"{title} {_year(actor, params)}",
        )  # fmt: skip

    return made


def _offices(kind: str, title: Any, back: str) -> Export:
    return Export(
        kind=kind, sheet=_offices_sheet(title), rows=_office_rows,
        count=lambda actor, params: len(_office_rows(actor, params)), refuse=_refuse,
        name_parts=lambda actor, params: [f"{title}{_year(actor, params)}"],
        back_url=lambda params: reverse(back),
    )  # fmt: skip


# ---- the lines of one list: the filing form as it is filled ----------------------------------------------------


def list_of(actor: Actor, params: Params) -> HookupList | None:
    try:
        key = UUID(one(params, "list"))
    except ValueError:
        return None
    rows = HookupList.objects.visible_to(actor).select_related("office__place")
    found: HookupList | None = rows.filter(public_id=key).first()
    return found


def _line_rows(actor: Actor, params: Params) -> list[tuple[Row, Cell]]:
    found = list_of(actor, params)
    if found is None:
        return []
    as_filed = reads_as_filed(found, actor)
    lines = lines_of(found)
    book = None if as_filed else Book(found, actor.at)
    now = {key: r.user.name for key, r in answering(line.project_id for line in lines).items()}
    rows = rows_of(lines, book, now, as_filed=as_filed, editable=False)
    show = one(params, "show")
    return [(row, cell) for row in filtered(rows, show if show in SHOWS else "") for cell in row.cells]


LINES = Sheet(
    key="hookup-lines", name=gettext_lazy("Hookup list"), title=gettext_lazy("Filing form of hookup leaders"),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda r: r[0].project.name, width=36),
        Column("place", gettext_lazy("County"), getter=lambda r: r[0].place.name, width=14),
        Column("major", gettext_lazy("Major project"), getter=lambda r: _("yes") if r[0].is_major else "", width=10),
        Column("owner", gettext_lazy("Owner"), getter=lambda r: r[0].project.owner.name, width=30),
        Column("post", gettext_lazy("Post"), getter=lambda r: r[1].line.get_post_display(), width=20),
        Column("person", pgettext_lazy("post", "Person"), getter=lambda r: r[1].name, width=12),
        Column("unit", gettext_lazy("Office of the person"), getter=lambda r: r[1].unit, width=26),
        Column("title", gettext_lazy("Position"), getter=lambda r: r[1].title, width=16),
        Column("rank", gettext_lazy("Rank"), getter=lambda r: r[1].rank, width=14),
        Column("before", gettext_lazy("Person before"), getter=lambda r: r[1].before if r[1].is_changed else "",
               width=12),
        Column("fault", gettext_lazy("Point to settle"), getter=lambda r: r[1].fault, width=40),
    ),
)  # fmt: skip


def _lines_sheet(actor: Actor, params: Params) -> Sheet:
    found = list_of(actor, params)
    if found is None:
        return LINES
    return replace(LINES, title=_("Filing form of hookup leaders, {list}").format(list=found))


# ---- projects: without leaders, picked as major ----------------------------------------------------------------


def _uncovered_rows(actor: Actor, params: Params) -> list[Uncovered]:
    office, post, place = one(params, "office"), one(params, "post"), one(params, "place")
    every = rows_for(actor, _year(actor, params))
    chosen = [row for row in every if str(row.office.public_id) == office] or every
    known = {gap.place.code for gap in uncovered(every)}
    found = uncovered(chosen, post if post in Post.values else "")
    return [gap for gap in found if place not in known or gap.place.code == place]


UNCOVERED = Sheet(
    key="hookup-uncovered", name=gettext_lazy("Projects"), title=gettext_lazy("Projects without leaders"),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda g: g.project.name, width=36),
        Column("place", gettext_lazy("County"), getter=lambda g: g.place.name, width=14),
        Column("owner", gettext_lazy("Owner"), getter=lambda g: g.project.owner.name, width=30),
        Column("posts", gettext_lazy("Posts that nobody holds"), getter=lambda g: g.words, width=40),
        Column("office", gettext_lazy("Who has to name them"), getter=lambda g: g.office.name, width=30),
    ),
)  # fmt: skip


def _major_rows(actor: Actor, params: Params) -> Iterable[PickRow]:
    year = _year(actor, params)
    rows = key_rows(actor, year, one(params, "show"), one(params, "place")[:4], one(params, "q")[:60])
    projects: list[Project] = list(rows)
    return pick_rows(projects, year, heads_on(local_date(actor.at)))


def _major_count(actor: Actor, params: Params) -> int:
    year = _year(actor, params)
    return key_rows(
        actor, year, one(params, "show"), one(params, "place")[:4], one(params, "q")[:60]
    ).count()  # fmt: skip


MAJORS = Sheet(
    key="hookup-majors", name=gettext_lazy("Major projects"), title=gettext_lazy("Major projects of the year"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda r: r.project.name, width=36),
        Column("place", gettext_lazy("County"), getter=lambda r: r.project.place.name, width=14),
        Column("owner", gettext_lazy("Owner"), getter=lambda r: r.project.owner.name, width=30),
        Column("total", gettext_lazy("Total investment"), kind="money", getter=lambda r: r.project.total_investment,
               width=16),
        Column("leader", gettext_lazy("County-side leader now"),
               getter=lambda r: "、".join(name for name, _heads in r.leaders), width=20),
        Column("major", gettext_lazy("Major project"), getter=lambda r: _("yes") if r.pick else "", width=10),
        Column("reason", gettext_lazy("Reason"), getter=lambda r: r.pick.reason if r.pick else "", width=36),
    ),
)  # fmt: skip

HEADS = Sheet(
    key="hookup-heads",
    name=gettext_lazy("Heads of the counties"),
    title=gettext_lazy("Heads of the counties"),
    columns=(
        Column("place", gettext_lazy("County"), getter=lambda r: r.place.name, width=18),
        Column("head", gettext_lazy("Position"), getter=lambda r: str(r.head.label), width=18),
        Column(
            "person",
            pgettext_lazy("post", "Person"),
            getter=lambda r: r.now.user.name if r.now else "",
            width=14,
        ),
        Column(
            "since",
            pgettext_lazy("post", "Since"),
            kind="date",
            getter=lambda r: r.now.valid_from if r.now else None,
            width=14,
        ),
        Column(
            "before",
            gettext_lazy("Persons before"),
            getter=lambda r: "、".join(f"{x.user.name} {x.valid_from}—{x.valid_to}" for x in r.before),
            width=40,
        ),
    ),
)


def _head_rows(actor: Actor, params: Params) -> list[HeadRow]:
    return head_rows(actor, places_of(actor))


EXPORTS: tuple[Export, ...] = (
    _offices("hookup-lists", gettext_lazy("Filing of the dual hookup"), "hookups:lists"),
    _offices("hookup-coverage", gettext_lazy("Coverage of the dual hookup"), "hookups:coverage"),
    Export(
        kind="hookup-lines", sheet=_lines_sheet, rows=_line_rows,
        count=lambda actor, params: len(_line_rows(actor, params)),
        refuse=lambda actor, params: "" if list_of(actor, params) else None,
        name_parts=lambda actor, params: [_lines_sheet(actor, params).heading()],
        back_url=lambda params: reverse("hookups:lists"),
    ),
    Export(
        kind="hookup-uncovered", sheet=UNCOVERED, rows=_uncovered_rows,
        count=lambda actor, params: len(_uncovered_rows(actor, params)), refuse=_refuse,
        back_url=lambda params: reverse("hookups:uncovered"),
    ),
    Export(
        kind="hookup-heads",
        sheet=HEADS,
        rows=_head_rows,
        count=lambda actor, params: len(_head_rows(actor, params)),
        refuse=lambda actor, params: "" if places_of(actor) else None,
        back_url=lambda params: reverse("hookups:heads"),
    ),
    Export(
        kind="hookup-majors", sheet=MAJORS, rows=_major_rows, count=_major_count, refuse=_refuse,
        back_url=lambda params: reverse("hookups:picks"),
    ),
)  # fmt: skip
