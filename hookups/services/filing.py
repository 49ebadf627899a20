"""Filing a hookup list and putting it on file (M3.4): the table of workflow/lists.py tied to its functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.handover import OpenItem
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.organizations.services.handovers import hand_over_posts
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post
from ningde_projects.projects.services.people import Named, Naming, assign_in_sets
from ningde_projects.workflow.door import Step, bind, person_refusal
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..models import HookupLine, HookupList
from ..selectors.checks import Book, faults_of, lines_of, where
from ..selectors.slots import answering
from ..workflow.lists import HOOKUP_LIST, ListStatus
from .lists import due_at


def commission_ids() -> frozenset[int]:
    return frozenset(Organisation.objects.filter(kind=OrgKind.COMMISSION).values_list("pk", flat=True))


def _offices(found: HookupList, office: str) -> Iterable[int]:
    if office == "commission":
        return commission_ids()
    return {found.office_id} if found.side == office else set()


def _about(found: HookupList) -> Mapping[str, Any]:
    return {"object_text": str(found)[:200], "place_id": found.office.place_id}


binding = bind(HOOKUP_LIST, HookupList, offices=_offices, about=_about)


def file_verb(found: HookupList) -> str:
    """The row of the table by which this office sends its list."""
    return f"file_{found.side}"


def recall_verb(found: HookupList) -> str:
    return f"recall_{found.side}"


def look_at(found: HookupList, actor: Actor, at: datetime) -> None:
    """The commission's first look; from then on the office cannot recall."""
    if found.status != ListStatus.FILED or found.opened_at is not None:
        return
    if person_refusal(found, HOOKUP_LIST.by_name["return"], actor) is None:
        HookupList.objects.filter(pk=found.pk, opened_at__isnull=True).update(opened_at=at)


# ---- guards ----------------------------------------------------------------------------------------------------


@binding.guard
def list_is_sound(found: HookupList, step: Step) -> None:
    """M3.1–M3.3 for every line, all faults at once."""
    lines = lines_of(found)
    faults = faults_of(Book(found, step.at), lines)
    if faults:
        raise RuleBroken(" ".join(faults), errors={"lines": faults})
    step.found["lines"] = lines


@binding.guard
def not_opened_by_commission(found: HookupList, step: Step) -> None:
    if found.opened_at is not None:
        raise WrongState(_("The commission has opened it; ask for its return."))


@binding.guard
def persons_still_fit(found: HookupList, step: Step) -> None:
    """Accounts close and ranks change between filing and receipt; such a list goes back."""
    lines = lines_of(found)
    book = Book(found, step.at)
    faults = [f"{where(line)}：{fault}" for line in lines if (fault := book.fault(line, line.user))]
    if faults:
        raise RuleBroken(
            _("Return the list: {faults}").format(faults=" ".join(faults)), errors={"lines": faults}
        )
    step.found["lines"] = lines


@binding.guard
def no_later_list(found: HookupList, step: Step) -> None:
    """An old list must not put back what a newer one has changed."""
    newer = HookupList.objects.filter(office=found.office_id, status=ListStatus.RECEIVED)
    after = newer.filter(year__gt=found.year) | newer.filter(year=found.year, number__gt=found.number)
    if after.exists():
        raise WrongState(_("A newer list of this office is on file already; return this one."))


# ---- effects ---------------------------------------------------------------------------------------------------


@binding.effect
def keep_as_filed(found: HookupList, step: Step) -> None:
    """Names, ranks and positions as they are now; the day of the first filing decides about lateness."""
    lines: list[HookupLine] = step.found["lines"]
    now = answering(line.project_id for line in lines)
    majors = {line.project_id for line in lines if line.project_id in Book(found, step.at).majors}
    for line in lines:
        _keep_person(line, line.user)
        holder = now.get((line.project_id, line.place_id, line.post))
        line.before_text = holder.user.name if holder else ""
        line.is_major = line.project_id in majors
    HookupLine.objects.bulk_update(
        lines, ["name_text", "unit_text", "title_text", "rank_text", "before_text", "is_major"]
    )
    if not found.is_change:
        found.due_at = due_at(found.year, found.office_id)
    found.office_text = found.office.name
    found.first_filed_at = found.first_filed_at or step.at
    found.filed_at, found.filed_by = step.at, step.person.user
    found.filed_by_text = _who(step)
    found.opened_at = None
    step.record.update(lines=len(lines), late=found.is_late(step.at))


def _keep_person(line: HookupLine, user: User | None) -> None:
    if user is None:
        return
    line.name_text, line.title_text, line.rank_text = user.name, user.title, user.rank
    line.unit_text = user.organisation.name


def _who(step: Step) -> str:
    name = f"{step.person.organisation.short_name} {step.person.user.name}"
    if step.holder and step.holder.principal:
        name = _("%(name)s for %(principal)s") % {"name": name, "principal": step.holder.principal.name}
    return name[:80]


@binding.effect
def undo_filing(found: HookupList, step: Step) -> None:
    """A recalled filing does not count, unless the list was returned once."""
    if found.returned_at is None:
        found.first_filed_at = None
    found.filed_at = found.filed_by = None
    found.filed_by_text = ""


@binding.effect
def mark_returned(found: HookupList, step: Step) -> None:
    found.return_reason, found.returned_at, found.returned_by_text = step.reason, step.at, _who(step)


@binding.effect
def take_effect(found: HookupList, step: Step) -> None:
    """From here on the persons of the list answer (M3.4); those replaced hand over with a sheet (point 15)."""
    lines: list[HookupLine] = step.found["lines"]
    since = found.effective_on or local_date(step.at)
    namings = [
        Naming(line.project_id, line.place, line.post, line.user, since)
        for line in lines
        if line.user is not None
    ]
    if step.holder is None:
        raise TypeError("a list is put on file by a person")
    reason = found.reason or _("Hookup list of {year}").format(year=found.year)
    named = assign_in_sets(namings, by=step.person, at=step.at, holder=step.holder, reason=reason)
    found.received_at, found.received_by_text = step.at, _who(step)
    found.opened_at = found.opened_at or step.at
    found.return_reason = ""
    step.found["named"] = named
    step.found["sheets"] = _hand_over(named, step, reason)
    step.record.update(lines=len(lines), changed=len(named), sheets=len(step.found["sheets"]))


def _hand_over(named: list[Named], step: Step, reason: str) -> dict[tuple[int, int], str]:
    """One sheet for each pair of persons; answers (before, after) -> its address."""
    pairs: dict[tuple[int, int], list[Named]] = defaultdict(list)
    for row in named:
        if row.before is not None:
            pairs[row.before.pk, row.after.pk].append(row)
    sheets = {}
    for pair, rows in pairs.items():
        posts = [_post_item(row) for row in rows]
        before = rows[0].before
        if before is None:  # pragma: no cover - the pairs were built from rows that have one
            continue
        act = hand_over_posts(
            before, rows[0].after, posts, {row.project.pk for row in rows}, by=step.person, at=step.at,
            holder=step.holder, reason=reason,
        )  # fmt: skip
        sheets[pair] = reverse("organizations:handover_sheet", args=[act.public_id])
    return sheets


def _post_item(row: Named) -> OpenItem:
    place = f"{row.place.name} · " if row.place else ""
    url = reverse("projects:detail", args=[row.project.public_id])
    return OpenItem(row.project.name, f"{place}{Post(row.post).label}", url)
