"""A list held against measure 3: every line with what is wrong in it, and what is missing from it (M3.1–M3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from ningde_projects.organizations.models import User
from ningde_projects.periods.month import local_date

from ..models import HookupLine, HookupList, MajorPick
from ..rules.lists import LineFacts, line_fault
from .people import candidates_of, heads_on
from .slots import Key, Slot, slots_of


def key_of(line: HookupLine) -> Key:
    return (line.project_id, line.place_id, line.post)


def picked(year: int) -> set[int]:
    """Projects that the commission has picked as major for a year."""
    return set(
        MajorPick.objects.filter(year=year, withdrawn_at__isnull=True).values_list("project_id", flat=True)
    )


@dataclass
class Book:
    """What the rules need to know of one office at an instant, read once (six queries)."""

    found: HookupList
    at: datetime
    candidates: dict[str, list[User]] = field(init=False)
    heads: set[int] = field(init=False)
    majors: set[int] = field(init=False)
    slots: list[Slot] = field(init=False)

    def __post_init__(self) -> None:
        office = self.found.office
        self.candidates = candidates_of(office, self.at)
        self.heads = heads_on(local_date(self.at), office.place_id).get(office.place_id, set())
        self.majors = picked(self.found.year)
        self.slots = slots_of([office]).get(office.pk, [])

    def fault(self, line: HookupLine, user: User | None) -> str:
        """What is wrong when this person is named in this line; '' when nothing is."""
        return str(line_fault(self.facts(line.post, line.project_id, user)))

    def facts(self, post: str, project_id: int, user: User | None) -> LineFacts:
        return LineFacts(
            post,
            has_person=user is not None,
            rank=user.rank if user else "",
            is_candidate=user is not None and user.pk in {u.pk for u in self.candidates.get(post, [])},
            is_major=project_id in self.majors,
            is_main_leader=user is not None and user.pk in self.heads,
        )

    def missing(self, lines: Iterable[HookupLine]) -> list[Slot]:
        """Posts that have no line yet: the list was drawn up before the project came."""
        known = {key_of(line) for line in lines}
        return [slot for slot in self.slots if slot.key not in known]

    def surplus(self, lines: Iterable[HookupLine]) -> list[HookupLine]:
        """Lines of posts that are no longer the office's."""
        wanted = {slot.key for slot in self.slots}
        return [line for line in lines if key_of(line) not in wanted]


def lines_of(found: HookupList) -> list[HookupLine]:
    return list(
        found.lines.select_related("project__place", "project__owner", "place", "user__organisation").order_by(
            "order", "pk"
        )
    )  # fmt: skip


def faults_of(book: Book, lines: list[HookupLine]) -> list[str]:
    """Everything that stands in the way of filing, each with its project."""
    found = [
        f"{where(line)}：{fault}" for line in lines if (fault := book.fault(line, line.user))
    ]  # fmt: skip
    if book.found.is_change:
        if not lines:
            found.append(_("No line is changed yet."))
        return found
    found += [
        _("{where}: not in the list yet; bring the list up to date.").format(where=where_slot(slot))
        for slot in book.missing(lines)
    ]
    found += [
        _("{where}: no longer this office's; bring the list up to date.").format(where=where(line))
        for line in book.surplus(lines)
    ]
    if not lines and not found:
        found.append(_("There is no key project to name persons for."))
    return found


def where(line: HookupLine) -> str:
    part = f"（{line.place.short_name}）" if line.place else ""
    return f"{line.project.name}{part} {line.get_post_display()}"


def where_slot(slot: Slot) -> str:
    part = f"（{slot.place.short_name}）" if slot.place else ""
    return f"{slot.project.name}{part} {slot.post.label}"
