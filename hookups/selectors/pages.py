"""What the page of a hookup list shows: a row per project with its posts, what is wrong, who may be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Place, Rank, User
from ningde_projects.organizations.offices import is_commission
from ningde_projects.projects.models import Post, Project

from ..models import HookupLine, HookupList
from ..policies.lists import filing_offices
from .checks import Book

_LEADERS = (Post.COUNTY_LEADER, Post.INDUSTRY_LEADER, Post.SOE_LEADER)
SHOWS = ("", "faults", "major", "changed")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass
class Cell:
    """One post: who is named, as filed or as it is being drawn up."""

    line: HookupLine
    name: str
    unit: str
    title: str
    rank: str
    before: str
    fault: str = ""
    options: list[Option] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.before) and self.before != self.name


@dataclass
class Row:
    project: Project
    place: Place
    is_part: bool
    is_major: bool
    cells: list[Cell]

    @property
    def columns(self) -> list[Cell | None]:
        """The leader's cell and the direct person's; None where the post is not asked for."""
        leader = next((cell for cell in self.cells if cell.line.post in _LEADERS), None)
        direct = next((cell for cell in self.cells if cell.line.post not in _LEADERS), None)
        return [leader, direct]

    @property
    def faults(self) -> int:
        return sum(1 for cell in self.cells if cell.fault)


def reads_as_filed(found: HookupList, actor: Actor) -> bool:
    """Filed lists are read as they were filed; one that is being drawn up only by its own office as it is now."""
    if not found.is_editable:
        return True
    if found.office_id in {office.pk for office in filing_offices(actor)}:
        return False
    return found.office_id not in {h.organisation.pk for h in actor.held} or is_commission(actor)


def rows_of(lines: list[HookupLine], book: Book | None, now: dict[tuple[int, int | None, str], str], *,
            as_filed: bool, editable: bool) -> list[Row]:  # fmt: skip
    """Lines joined by project and county, leader before direct person. `now`: who answers today, by post."""
    rows: dict[tuple[int, int | None], Row] = {}
    for line in lines:
        if as_filed and not line.name_text:
            continue
        major = line.is_major if as_filed or book is None else line.project_id in book.majors
        row = rows.setdefault(
            (line.project_id, line.place_id),
            Row(line.project, line.place or line.project.place, line.place_id is not None, major, []),
        )
        row.cells.append(cell_of(line, book, now, as_filed=as_filed, editable=editable))
    return list(rows.values())


def cell_of(
    line: HookupLine, book: Book | None, now: dict[tuple[int, int | None, str], str], *, as_filed: bool,
    editable: bool,
) -> Cell:  # fmt: skip
    if as_filed:
        rank = str(Rank(line.rank_text).label) if line.rank_text else ""
        return Cell(line, line.name_text, line.unit_text, line.title_text, rank, line.before_text)
    user = line.user
    cell = Cell(
        line,
        user.name if user else "",
        user.organisation.short_name if user else "",
        user.title if user else "",
        str(Rank(user.rank).label) if user and user.rank else "",
        now.get((line.project_id, line.place_id, line.post), ""),
    )
    if book is not None:
        cell.fault = book.fault(line, user)
        if editable:
            cell.options = options_of(book.candidates.get(line.post, []), user)
    return cell


def options_of(candidates: list[User], chosen: User | None) -> list[Option]:
    people = list(candidates)
    if chosen is not None and chosen.pk not in {u.pk for u in people}:
        people.insert(0, chosen)
    return [
        Option(str(u.public_id), person_label(u), chosen is not None and u.pk == chosen.pk) for u in people
    ]


def person_label(user: User) -> str:
    """Name, office, position and rank, as a list of persons tells them apart."""
    rank = str(Rank(user.rank).label) if user.rank else ""
    return " · ".join(part for part in (user.name, user.organisation.short_name, user.title, rank) if part)


_FILTERS: dict[str, Callable[[Row], bool]] = {
    "faults": lambda row: row.faults > 0,
    "major": lambda row: row.is_major,
    "changed": lambda row: any(cell.is_changed for cell in row.cells),
}


def filtered(rows: list[Row], show: str) -> list[Row]:
    return [row for row in rows if _FILTERS[show](row)] if show in _FILTERS else rows
