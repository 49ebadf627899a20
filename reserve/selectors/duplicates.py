"""What looks like the same project (M1.2): asked while entering, listed for the commission. Warned of, never blocked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.projects.models import Project
from ningde_projects.projects.rules import name_pairs, names_alike

from ..models import KeptApart, ReserveRecord
from ..querysets.records import POOL_STAGES

if TYPE_CHECKING:
    from ..forms.applications import ApplicationForm

MOST = 5
#: Round sums are common; the same uneven one twice in one place is remarkable (万元).
_ROUND, _REMARKABLE = Decimal(1000), Decimal(10_000)


@dataclass(frozen=True)
class Known:
    """What the comparison needs of a project."""

    pk: int
    name: str
    place_id: int
    total: Decimal | None
    is_municipal: bool = False


class Alike:
    """All names by the pairs of characters that they share; built with one query, asked in memory."""

    def __init__(self) -> None:
        merged = ReserveRecord.objects.filter(status="merged").values("project")
        rows = Project.objects.exclude(pk__in=merged).values_list(
            "pk", "name", "place_id", "total_investment", "place__is_municipal"
        )
        self._known = [Known(*row) for row in rows]
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self._known):
            for pair in name_pairs(row.name):
                self._pairs[pair].append(number)

    def to(
        self, name: str, place_id: int, total: Decimal | None, leaving_out: int | None = None
    ) -> list[Known]:
        """Much the same name in the place or at the municipal level, or the very same uneven sum besides a like name.

        Every county has its old quarters and its water works: in another county a like name alone says nothing.
        """
        pairs = name_pairs(name)
        shared = Counter(number for pair in pairs for number in self._pairs.get(pair, ()))
        found = []
        for number, common in shared.items():
            row = self._known[number]
            if row.pk == leaving_out or common * 3 < len(pairs):
                continue
            near = row.place_id == place_id or row.is_municipal
            same_sum = _is_uneven(total) and total == row.total
            if (names_alike(name, row.name) and (near or same_sum)) or (
                same_sum and row.place_id == place_id
            ):
                found.append(row)
        return sorted(found, key=lambda row: (row.place_id != place_id, row.pk))

    def pool(self, pks: set[int]) -> list[Known]:
        return [row for row in self._known if row.pk in pks]


def _is_uneven(total: Decimal | None) -> bool:
    return total is not None and total >= _REMARKABLE and bool(total % _ROUND)


def questions_for(form: ApplicationForm, actor: Actor, project_id: int | None) -> list[str]:
    """What the applicant is asked; of a record that he may not see no more is said than that there is one."""
    data = form.cleaned_data
    alike = Alike().to(data["name"], data["place"].pk, data["total_investment"], project_id)[: MOST * 2]
    visible = dict(
        Project.objects.visible_to(actor).filter(pk__in=[row.pk for row in alike]).values_list("pk", "name")
    )
    texts = [
        _("“{name}” is in the register already. Is it the same project?").format(name=visible[row.pk])
        for row in alike
        if row.pk in visible
    ][:MOST]
    hidden_here = any(row.pk not in visible and row.place_id == data["place"].pk for row in alike)
    if hidden_here:
        texts.append(
            _("A project of a similar name in this county is kept by another office. Ask the county bureau whether it is "
              "the same; if it is not, file this one.")
        )  # fmt: skip
    return texts


@dataclass(frozen=True)
class Pair:
    """Two records of the register that may be one project."""

    first: Project
    second: Project
    why: str


def pairs_in_pool(actor: Actor) -> list[Pair]:
    """Pairs with at least one in the pool or in planning, without those that were kept apart; four queries."""
    book = Alike()
    mine = Project.objects.visible_to(actor).filter(stage__in=(*POOL_STAGES, "planning"))
    pool = book.pool(set(mine.values_list("pk", flat=True)))
    apart = set(KeptApart.objects.values_list("first_id", "second_id"))
    keys: dict[tuple[int, int], str] = {}
    for row in pool:
        for other in book.to(row.name, row.place_id, row.total, row.pk):
            key = (min(row.pk, other.pk), max(row.pk, other.pk))
            if key not in apart:
                alike = names_alike(row.name, other.name)
                keys[key] = _("similar name") if alike else _("same place and same total investment")
    wanted = {pk for key in keys for pk in key}
    rows: dict[int, Any] = {
        p.pk: p
        for p in Project.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_related("place", "owner", "reserve_record")
    }
    return [Pair(rows[a], rows[b], why) for (a, b), why in sorted(keys.items()) if a in rows and b in rows]
