"""Who has filed, and which projects still lack someone: computed for the whole city or one's own part (M3.4, D12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook, ended_before_us
from ningde_projects.projects.models import Post, Project, Responsible

from ..models import HookupList
from ..policies.lists import filing_offices, reads_city, side_of
from .people import POSTS
from .slots import Slot, answering, slots_of


@dataclass(frozen=True)
class Gap:
    """A post, and who fills it now."""

    slot: Slot
    now: Responsible | None


@dataclass
class OfficeRow:
    """One office with its list of the year and its posts."""

    office: Organisation
    due_at: datetime
    found: HookupList | None = None
    #: Changes of the year that wait for the commission.
    changes: int = 0
    gaps: list[Gap] = field(default_factory=list)
    #: The filing day was over when the system was put to use: lists were not kept here then.
    before_us: bool = False

    @property
    def side(self) -> str:
        return side_of(self.office)

    @property
    def posts(self) -> tuple[Post, Post]:
        return POSTS[self.side]

    @property
    def projects(self) -> int:
        return len({gap.slot.project.pk for gap in self.gaps})

    @property
    def leaders(self) -> tuple[int, int]:
        """(filled, wanted) of the leader's post."""
        return self._count(self.posts[0])

    @property
    def directs(self) -> tuple[int, int]:
        return self._count(self.posts[1])

    @property
    def empty_leaders(self) -> int:
        filled, wanted = self.leaders
        return wanted - filled

    @property
    def empty_directs(self) -> int:
        filled, wanted = self.directs
        return wanted - filled

    def _count(self, post: Post) -> tuple[int, int]:
        mine = [gap for gap in self.gaps if gap.slot.post == post]
        return sum(1 for gap in mine if gap.now is not None), len(mine)

    @property
    def is_filed(self) -> bool:
        return self.found is not None and self.found.first_filed_at is not None

    def is_late(self, at: datetime) -> bool:
        """Filed after its deadline."""
        return self.is_filed and self.found is not None and self.found.is_late(at)

    def is_missing(self, at: datetime) -> bool:
        """Not filed, and past the deadline (D12); nobody missed a day that the system does not know."""
        return not self.is_filed and at >= self.due_at and not self.before_us

    def state(self, at: datetime) -> str:
        """Code for filters and chips."""
        if self.is_missing(at):
            return "missing"
        if not self.is_filed and self.before_us:
            return "before"
        if not self.is_filed or self.found is None:
            return "open"
        return str(self.found.status)


def rows_of(
    year: int, offices: Iterable[Organisation] | None = None, places: Iterable[int] | None = None
) -> list[OfficeRow]:
    """Every office that owes a list: some ten queries whatever the number of offices and projects."""
    slots = slots_of(offices)
    now = answering({slot.project.pk for group in slots.values() for slot in group})
    book = DeadlineBook()
    known = {
        row.pk: row
        for row in Organisation.objects.filter(pk__in=slots).select_related("place")
    }  # fmt: skip
    lists = {
        row.office_id: row
        for row in HookupList.objects.filter(year=year, number=0, office__in=slots).select_related("office__place")
    }  # fmt: skip
    waiting: dict[int, int] = {}
    for office in HookupList.objects.filter(
        year=year, number__gt=0, status="filed", office__in=slots
    ).values_list("office_id", flat=True):
        waiting[office] = waiting.get(office, 0) + 1
    found = []
    for office_id, group in slots.items():
        office = known[office_id]
        if places is not None and office.place_id not in places:
            continue
        due = book.deadline("D12", Month(year, 3), office_id)
        gaps = [Gap(slot, now.get(slot.key)) for slot in group]
        found.append(OfficeRow(office, due, lists.get(office_id), waiting.get(office_id, 0), gaps))
    if ended_before_us(Month(year, 3)):
        for row in found:
            row.before_us = True
    order = {"county": 0, "industry": 1, "enterprise": 2}
    found.sort(key=lambda row: (order[row.side], row.office.place.order, row.office.order, row.office.pk))
    return found


def scope_of(actor: Actor) -> tuple[bool, list[Organisation]]:
    """(the whole city, else these offices): what this person may see covered (E4)."""
    if reads_city(actor):
        return True, []
    offices = {office.pk: office for office in filing_offices(actor)}
    for held in actor.held:
        office = held.organisation
        if side_of(office) and held.duty in (Duty.VIEW, Duty.SIGN):
            offices.setdefault(office.pk, office)
        if office.kind == OrgKind.COUNTY_GOVERNMENT and held.duty in (Duty.APPROVE, Duty.VIEW):
            bureau = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=office.place_id).first()
            if bureau is not None:
                offices.setdefault(bureau.pk, bureau)
    return False, list(offices.values())


def rows_for(actor: Actor, year: int) -> list[OfficeRow]:
    """The coverage as far as it is this person's."""
    everything, offices = scope_of(actor)
    if everything:
        return rows_of(year)
    return rows_of(year, offices) if offices else []


#: The notice is of November 2023.
FIRST_YEAR = 2024
STATES = ("open", "missing", "drafting", "filed", "returned", "received", "late", "changes")


def year_of(text: str, now: int) -> int:
    """The year of an address; nonsense and years out of reach mean this one."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now
    return year if FIRST_YEAR <= year <= now else now


def in_state(row: OfficeRow, state: str, at: datetime) -> bool:
    """Does the row fit the filter of the page and its export? An unknown filter is none."""
    if state == "late":
        return row.is_late(at)
    if state == "changes":
        return row.changes > 0
    return state not in STATES or row.state(at) == state


@dataclass(frozen=True)
class Uncovered:
    """A project of an office with the posts that nobody holds."""

    office: Organisation
    project: Project
    place: Place
    posts: tuple[Post, ...]

    @property
    def words(self) -> str:
        return "、".join(str(post.label) for post in self.posts)


def uncovered(rows: Iterable[OfficeRow], post: str = "") -> Iterator[Uncovered]:
    """Projects without leaders or direct persons, as the offices' rows have them; one line per office and county."""
    for row in rows:
        grouped: dict[tuple[int, int], list[Slot]] = {}
        for gap in row.gaps:
            if gap.now is None and (not post or gap.slot.post == post):
                grouped.setdefault((gap.slot.project.pk, gap.slot.county.pk), []).append(gap.slot)
        for slots in grouped.values():
            yield Uncovered(row.office, slots[0].project, slots[0].county, tuple(slot.post for slot in slots))
