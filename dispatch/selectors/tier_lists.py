"""The three-tier list as page, print, file and edition read it: the same rows everywhere (M8.2, M8.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import Month, local_date, reporting_month
from ningde_projects.projects.models import Level

from ..models import FollowUp, Item, Listing, Tier, TierList
from ..policies.items import sees_whole_list
from ..rules import tiers
from ..workflow.items import ITEM_OWED, ItemStatus

#: What the chips behind the levels ask for.
STATES = ("overdue", "new", "rise", "done", "closed", "removed")
_RELATED = (
    "item__project__place", "item__project__owner", "item__place", "item__unit", "item__leader", "item__part__place",
    "standing",
)  # fmt: skip


@dataclass
class Row:
    """One line of the list."""

    item: Item
    position: int
    is_carried: bool
    #: Lists on which it has stood, this one counted.
    months: int
    percent: Decimal | None
    light: str
    red_months: int
    today: date
    latest: FollowUp | None = None
    rung: int | None = None

    @property
    def is_overdue(self) -> bool:
        due = self.item.due_on
        return bool(self.item.status in ITEM_OWED and due and due < self.today)

    @property
    def proposes_rise(self) -> bool:
        return self.item.status not in (ItemStatus.CLOSED, ItemStatus.REMOVED) and tiers.proposes_rise(
            self.item.proposed_tier, self.item.tier
        )

    @property
    def level(self) -> str:
        """The key of the mark of the project's level."""
        return "provincial" if self.item.project.level == Level.PROVINCIAL else "municipal"


@dataclass(frozen=True)
class ListFilters:
    """What the address asks for; unknown values are left out."""

    tier: str = ""
    state: str = ""
    place: str = ""
    unit: str = ""
    folded: frozenset[str] = frozenset()

    @classmethod
    def read(cls, params: Mapping[str, str]) -> ListFilters:
        tier, state = params.get("tier", ""), params.get("state", "")
        return cls(
            tier if tier in Tier.values else "", state if state in STATES else "", params.get("place", "")[:10],
            params.get("unit", "")[:40], frozenset(params.get("fold", "").split(",")) & frozenset(Tier.values),
        )  # fmt: skip

    @property
    def is_set(self) -> bool:
        return bool(self.tier or self.state or self.place or self.unit)

    def fits(self, row: Row, *, without: str = "") -> bool:
        item = row.item
        if self.tier and without != "tier" and item.tier != self.tier:
            return False
        if without != "state" and not fits_state(row, self.state):
            return False
        if self.place and without != "place" and item.place.code != self.place:
            return False
        return (
            not self.unit
            or without == "unit"
            or (item.unit is not None and str(item.unit.public_id) == self.unit)
        )

    def in_words(self, rows: Sequence[Row]) -> str:
        found = [str(Tier(self.tier).label)] if self.tier else []
        found += [state_word(self.state)] if self.state else []
        found += list(dict.fromkeys(r.item.place.name for r in rows if r.item.place.code == self.place))
        found += list(
            dict.fromkeys(
                r.item.unit.name for r in rows if r.item.unit and str(r.item.unit.public_id) == self.unit
            )
        )
        return " · ".join(found)


def fits_state(row: Row, state: str) -> bool:
    status = row.item.status
    if state == "removed":
        return bool(status == ItemStatus.REMOVED)
    if status == ItemStatus.REMOVED:
        return False
    tests: dict[str, Callable[[], bool]] = {
        "overdue": lambda: row.is_overdue,
        "new": lambda: not row.is_carried,
        "rise": lambda: row.proposes_rise,
        "done": lambda: status == ItemStatus.DONE,
        "closed": lambda: status == ItemStatus.CLOSED,
    }
    return tests[state]() if state else True


def state_word(state: str) -> str:
    return {
        "overdue": _("Overdue and not rectified"), "new": _("New this month"), "rise": _("One level more proposed"),
        "done": pgettext("item", "Awaiting verification"), "closed": pgettext("item", "Struck off"),
        "removed": pgettext("item", "Taken off the list"),
    }[state]  # fmt: skip


# ---- which list ------------------------------------------------------------------------------------------------


def month_asked(text: str, at: datetime) -> Month:
    """The month of the address; the one whose list is due when it names none."""
    try:
        return Month.parse(text) if text else reporting_month(at)
    except ValueError as wrong:
        raise Http404 from wrong


def list_of(actor: Actor, month: Month) -> TierList | None:
    """As far as this person may see it."""
    rows = TierList.objects.visible_to(actor).select_related("sent_by", "approved_by")
    found: TierList | None = rows.filter(month=month).first()
    return found


def months_of(actor: Actor) -> list[Month]:
    return list(TierList.objects.visible_to(actor).values_list("month", flat=True)[:12])


# ---- its rows --------------------------------------------------------------------------------------------------


def rows_of_list(tier_list: TierList, at: datetime, actor: Actor | None = None) -> list[Row]:
    """All rows in the order of the list; of a person who does not see it whole, his own. A fixed number of queries."""
    listings = Listing.objects.filter(list=tier_list).select_related(*_RELATED).order_by("order", "pk")
    if actor is not None and not sees_whole_list(actor):
        listings = listings.filter(item__in=Item.objects.visible_to(actor).order_by().values("pk"))
    if actor is None or not is_commission(actor):
        listings = listings.exclude(item__status=ItemStatus.REMOVED)
    found = [_row(listing, tier_list, at) for listing in listings.prefetch_related("item__co_units")]
    found.sort(key=lambda row: tiers.LEVELS.index(row.item.tier))
    positions = _positions(tier_list)
    for row in found:
        row.position = positions.get(row.item.pk, 0)
    latest = latest_of([row.item.pk for row in found])
    for row in found:
        row.latest = latest.get(row.item.pk)
    return found


def _row(listing: Listing, tier_list: TierList, at: datetime) -> Row:
    standing = listing.standing
    return Row(
        listing.item, 0, listing.is_carried, tier_list.month - listing.item.first_month + 1,
        standing.percent if standing else None, standing.light if standing else "",
        standing.red_months if standing else 0, local_date(at),
    )  # fmt: skip


def _positions(tier_list: TierList) -> dict[int, int]:
    """Item -> its number within its level, the same for whoever reads the list; what was taken off has none."""
    rows = tier_list.listings.exclude(item__status=ItemStatus.REMOVED).order_by("order", "pk")
    last: dict[str, int] = {}
    found = {}
    for item, tier in rows.values_list("item", "item__tier"):
        found[item] = last[tier] = last.get(tier, 0) + 1
    return found


def latest_of(items: Sequence[int]) -> dict[int, FollowUp]:
    """The latest follow-up of each item; one query."""
    rows = FollowUp.objects.filter(item__in=items).select_related("by", "office")
    return {row.item_id: row for row in rows.order_by("item_id", "-at", "-id").distinct("item_id")}


# ---- the page --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    tier: str
    label: str
    note: str
    rows: list[Row]
    is_folded: bool
    #: What the address says of folded levels after a click on this one.
    fold_to: str


@dataclass(frozen=True)
class Counts:
    total: int
    tiers: dict[str, int]
    states: dict[str, int]
    carried: int
    new: int
    places: list[tuple[str, str, int]] = field(default_factory=list)
    units: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def listed(self) -> int:
        return self.carried + self.new


def note_of(tier: str) -> str:
    return {
        tiers.COUNTY: _("Led by the county's party committee and government; its leaders answer for it"),
        tiers.DEPARTMENT: _("Led by division heads of the industry and factor-supply departments"),
        tiers.LEADER: _("Special sessions of the vice-mayors in charge"),
    }[tier]


def groups_of(rows: Sequence[Row], filters: ListFilters) -> list[Group]:
    shown = [row for row in rows if filters.fits(row)]
    return [
        Group(
            tier.value,
            str(tier.label),
            note_of(tier.value),
            mine,
            tier.value in filters.folded,
            ",".join(sorted(filters.folded ^ {tier.value})) or "none",
        )
        for tier in Tier
        if (mine := [row for row in shown if row.item.tier == tier.value]) or not filters.is_set
    ]


def counts_of(rows: Sequence[Row], filters: ListFilters) -> Counts:
    """Each number counts what its chip opens."""
    for_tiers = [r for r in rows if filters.fits(r, without="tier")]
    for_states = [r for r in rows if filters.fits(r, without="state")]
    standing = [r for r in rows if r.item.status != ItemStatus.REMOVED]
    return Counts(
        len(for_tiers), {t.value: sum(r.item.tier == t.value for r in for_tiers) for t in Tier},
        {s: sum(fits_state(r, s) for r in for_states) for s in STATES},
        sum(r.is_carried for r in standing), sum(not r.is_carried for r in standing),
        _tally((r.item.place.code, r.item.place.name) for r in rows if filters.fits(r, without="place")),
        _tally((str(r.item.unit.public_id), r.item.unit.short_name) for r in rows
               if r.item.unit and filters.fits(r, without="unit")),
    )  # fmt: skip


def _tally(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    found: dict[tuple[str, str], int] = {}
    for pair in pairs:
        found[pair] = found.get(pair, 0) + 1
    return [(code, name, n) for (code, name), n in found.items()]


# ---- with the month before -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """What has changed from one list to the next."""

    came: list[Row]
    stayed: list[Row]
    raised: list[tuple[Row, str]]
    struck_off: list[Row]


def compare(now: Sequence[Row], before: Sequence[Row], earlier: Mapping[int, str]) -> Compared:
    """`earlier`: the level that each item had when the list before was approved."""
    shown = [r for r in now if r.item.status != ItemStatus.REMOVED]
    known = {r.item.pk for r in before}
    return Compared(
        [r for r in shown if r.item.pk not in known],
        [r for r in shown if r.item.pk in known],
        [
            (r, earlier[r.item.pk])
            for r in shown
            if r.item.pk in earlier and earlier[r.item.pk] != r.item.tier
        ],
        [r for r in before if r.item.status == ItemStatus.CLOSED],
    )


def tiers_as_approved(tier_list: TierList) -> dict[int, str]:
    """Item -> level in the last edition of a list."""
    edition = tier_list.editions.order_by("-number").first()
    if edition is None:
        return {}
    said = {row["number"]: row["tier"] for row in edition.content["items"]}
    return {
        pk: said[number] for pk, number in Item.objects.filter(number__in=said).values_list("pk", "number")
    }
