"""What comes on a month's list: what is carried on, what lags, what has been asked of the city in vain (M8.2).

Everything is read and written in sets, and drawing again adds only what is new: what the commission has written,
taken off or put in order stays.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Max, Q
from django.utils import translation

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Level, Project, ProjectPart
from reports.models import Problem

from ..models import Item, Listing, Origin, Standing, TierList
from ..rules import tiers
from ..workflow.items import ITEM_UNSETTLED, ItemStatus
from . import proposing

#: A project, or a county's part of it.
Key = tuple[int, int | None]
KEY_LEVELS = (Level.PROVINCIAL, Level.MUNICIPAL)


@dataclass
class Candidate:
    """A matter that may become an item."""

    project: Project
    part: ProjectPart | None
    standing: Standing | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def place_id(self) -> int:
        return self.part.place_id if self.part else self.project.place_id

    @property
    def key(self) -> Key:
        return (self.project.pk, self.part.pk if self.part else None)


def draw(tier_list: TierList, at: datetime) -> tuple[int, int]:
    """Carry on and propose; how many of each are new. Idempotent; a fixed number of queries."""
    with translation.override(settings.LANGUAGE_CODE):
        carried = _carry(tier_list)
        proposed = _propose(tier_list, at)
        _renew_carried(tier_list)
        _note_standings(tier_list)
    return carried, proposed


# ---- (a) what is carried on ------------------------------------------------------------------------------------


def _carry(tier_list: TierList) -> int:
    """Every unsettled item of earlier lists; what has been struck off since leaves the draft again."""
    tier_list.listings.filter(is_carried=True, item__status=ItemStatus.CLOSED).delete()
    rows = (
        Item.objects.filter(status__in=ITEM_UNSETTLED, first_month__lt=tier_list.month)
        .exclude(listings__list=tier_list)
        .order_by("first_month", "pk")
    )
    begun = _last_order(tier_list)
    new = [
        Listing(list=tier_list, item=item, order=begun + n, is_carried=True) for n, item in enumerate(rows, 1)
    ]
    Listing.objects.bulk_create(new)
    return len(new)


def _last_order(tier_list: TierList) -> int:
    return int(tier_list.listings.aggregate(last=Max("order"))["last"] or 0)


def _renew_carried(tier_list: TierList) -> None:
    """What has stood for two cycles is proposed for one level more; the level itself is the commission's to change."""
    rows = list(Item.objects.filter(listings__list=tier_list, listings__is_carried=True))
    changed = []
    for item in rows:
        found = tiers.propose_for_carried(
            item.tier, tier_list.month - item.first_month, is_done=item.status == ItemStatus.DONE
        )
        words = proposing.reason_in_words(found) if found.why else item.proposal
        if (item.proposed_tier, item.proposal) != (found.tier, words):
            item.proposed_tier, item.proposal = found.tier, words
            changed.append(item)
    Item.objects.bulk_update(changed, ["proposed_tier", "proposal"])


# ---- (b) and (c) what is proposed ------------------------------------------------------------------------------


def _propose(tier_list: TierList, at: datetime) -> int:
    known = _known(tier_list)
    problems = _problems(tier_list)
    found = _lagging(tier_list, problems, known)
    _add_asked_in_vain(tier_list, problems, known, found)
    items = create(tier_list, list(found.values()), at)
    return len(items)


def _known(tier_list: TierList) -> set[Key]:
    """Matters that are on somebody's desk or on this list already, those taken off included."""
    rows = Item.objects.filter(Q(status__in=ITEM_UNSETTLED) | Q(listings__list=tier_list)).order_by()
    return set(rows.values_list("project_id", "part_id"))


def _problems(tier_list: TierList) -> dict[int, list[Problem]]:
    """Project -> its open problems that no item has taken up yet."""
    taken = Item.objects.filter(
        Q(status__in=ITEM_UNSETTLED) | Q(listings__list=tier_list), problems__isnull=False
    ).order_by().values("problems")  # fmt: skip
    rows = (
        Problem.objects.unsettled()
        .filter(first_month__lte=tier_list.month, project__level__in=KEY_LEVELS)
        .exclude(pk__in=taken)
        .select_related("category__factor_department", "unit", "project__place", "part__place")
        .order_by("first_month", "pk")
    )
    found: dict[int, list[Problem]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(row)
    return found


def _lagging(
    tier_list: TierList, problems: dict[int, list[Problem]], known: set[Key]
) -> dict[Key, Candidate]:
    """Red, or behind in some way; a project across counties goes on the list by the parts that lag."""
    rows = list(
        Standing.objects.filter(Q(light="r") | ~Q(lags=""), month=tier_list.month)
        .select_related("project__place", "part__place")
        .order_by("place__order", "project__name", "part")
    )
    by_part = {row.project_id for row in rows if row.part_id}
    found: dict[Key, Candidate] = {}
    for row in rows:
        key = (row.project_id, row.part_id)
        if key in known or (row.part_id is None and row.project_id in by_part):
            continue
        mine = [
            p
            for p in problems.get(row.project_id, [])
            if row.part_id is None or p.part_id in (None, row.part_id)
        ]
        found[key] = Candidate(row.project, row.part, row, mine)
    return found


def _add_asked_in_vain(
    tier_list: TierList, problems: dict[int, list[Problem]], known: set[Key], found: dict[Key, Candidate]
) -> None:
    """Problems for which department or leader have been asked through two cycles, whatever the project's light."""
    taken = {p.pk for candidate in found.values() for p in candidate.problems}
    for rows in problems.values():
        for problem in rows:
            cycles = tier_list.month - problem.first_month
            if problem.pk in taken or not tiers.may_be_drawn(problem.level, cycles):
                continue
            key = (problem.project_id, problem.part_id)
            candidate = found.setdefault(key, Candidate(problem.project, problem.part))
            candidate.problems.append(problem)


# ---- writing them ----------------------------------------------------------------------------------------------


def create(
    tier_list: TierList, candidates: list[Candidate], at: datetime, origin: str | None = None
) -> list[Item]:
    """Items with all that can be proposed of them, numbered after the last one, at the end of the list."""
    proposals = proposing.propose_all(tier_list.month, candidates, at)
    number, order = _last_number(tier_list), _last_order(tier_list)
    items = []
    for n, (candidate, proposal) in enumerate(zip(candidates, proposals, strict=True), 1):
        items.append(
            Item(
                number=f"{tier_list.month.year}{tier_list.month.number:02d}-{number + n:03d}",
                project=candidate.project, part=candidate.part, place_id=candidate.place_id,
                first_month=tier_list.month, due_on=due_day(tier_list.month, at),
                origin=origin or (Origin.LAG if candidate.standing else Origin.PROBLEM),
                tier=proposal.tier, proposed_tier=proposal.tier, proposal=proposal.why,
                problem_text=proposal.problem_text, requirement=proposal.requirement, unit=proposal.unit,
                leader=proposal.leader, leader_text=proposal.leader_text,
            )
        )  # fmt: skip
    Item.objects.bulk_create(items)
    links = Item.problems.through
    links.objects.bulk_create(
        links(item_id=item.pk, problem_id=problem.pk)
        for item, candidate in zip(items, candidates, strict=True)
        for problem in candidate.problems
    )
    Listing.objects.bulk_create(
        Listing(list=tier_list, item=item, order=order + n, standing=candidate.standing)
        for n, (item, candidate) in enumerate(zip(items, candidates, strict=True), 1)
    )
    return items


def due_day(month: Month, at: datetime) -> date:
    """The end of the following month; of the running one when the list comes late."""
    return max(month.next.last_day, Month.at(at).last_day)


def _last_number(tier_list: TierList) -> int:
    last = Item.objects.filter(first_month=tier_list.month).aggregate(last=Max("number"))["last"]
    return int(str(last).rpartition("-")[2]) if last else 0


def _note_standings(tier_list: TierList) -> None:
    """How each project stood in the list's month; judged anew until the list is approved."""
    standings = {
        (row.project_id, row.part_id): row.pk
        for row in Standing.objects.filter(month=tier_list.month, project__dispatch_items__listings__list=tier_list)
    }  # fmt: skip
    changed = []
    for listing in tier_list.listings.select_related("item"):
        wanted = standings.get((listing.item.project_id, listing.item.part_id))
        if listing.standing_id != wanted:
            listing.standing_id = wanted
            changed.append(listing)
    Listing.objects.bulk_update(changed, ["standing"])


def candidate_of(tier_list: TierList, project: Project, part: ProjectPart | None) -> Candidate:
    """One project chosen by hand, with how it stands and its open problems."""
    standing = Standing.objects.filter(month=tier_list.month, project=project, part=part).first()
    problems = [
        p for p in _problems(tier_list).get(project.pk, []) if part is None or p.part_id in (None, part.pk)
    ]
    return Candidate(project, part, standing, problems)
