"""Setting, issuing and changing a year's reserve targets (M1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, SystemActor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import Step, bind, perform, person_refusal, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import RuleBroken, StaleVersion, WrongState

from ..models import TargetCell, TargetEdition
from ..selectors.offices import commission_ids
from ..workflow.targets import TARGETS, TargetStatus

register(
    NoticeKind("reserve_targets_issued", gettext_lazy("Reserve targets of %(year)s have been issued"),
               gettext_lazy("Edition %(number)s: %(count)s projects, %(investment)s of 100 million yuan."),
               icon="target", tone="green"),
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What one county and one department are asked for; investment in 万元."""

    place: int
    department: int
    count: int
    investment: Decimal


def _offices(edition: TargetEdition, office: str) -> Iterable[int]:
    return commission_ids()


def _about(edition: TargetEdition) -> Mapping[str, Any]:
    return {"object_text": str(edition)[:200]}


targets_binding = bind(TARGETS, TargetEdition, offices=_offices, about=_about)


def begin_edition(year: int, *, by: Actor, at: datetime, reason: str = "") -> TargetEdition:
    """A draft for a year; it starts from the edition in force, which stays in force until the draft is issued."""
    draft = TargetEdition(
        year=year,
        number=1,
        status=TargetStatus.DRAFT,
        created_at=at,
        created_by=by.user,
        reason=reason.strip(),
    )
    refused = person_refusal(draft, TARGETS.by_name["issue"], by)
    if refused:
        raise refused
    with transaction.atomic():
        known = list(TargetEdition.objects.select_for_update().filter(year=year))
        if any(edition.status == TargetStatus.DRAFT for edition in known):
            raise WrongState(_("There is a draft for {year} already; go on with that one.").format(year=year))
        current = next((edition for edition in known if edition.status == TargetStatus.ISSUED), None)
        if current and not draft.reason:
            raise RuleBroken(_("Issued targets change by a new edition; say why."), field="reason")
        draft.number = max((edition.number for edition in known), default=0) + 1
        draft.save(force_insert=True)
        if current:
            TargetCell.objects.bulk_create(
                TargetCell(edition=draft, place_id=c.place_id, department_id=c.department_id, count=c.count,
                           investment=c.investment)
                for c in current.cells.all()
            )  # fmt: skip
        record("reserve_targets", "begin", by=by, at=at, obj=draft, reason=draft.reason)
    return draft


def save_draft(
    edition: TargetEdition, targets: Iterable[Target], *, by: Actor, at: datetime, version: int | None
) -> None:
    """Put the whole matrix; empty targets have no row."""
    refused = person_refusal(edition, TARGETS.by_name["issue"], by)
    if refused:
        raise refused
    wanted = {(t.place, t.department): t for t in targets if t.count or t.investment}
    with transaction.atomic():
        edition.refresh_from_db(from_queryset=TargetEdition.objects.select_for_update())
        if edition.status != TargetStatus.DRAFT:
            raise WrongState(_("Issued targets change by a new edition only."))
        if version is not None and version != edition.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        known = {(c.place_id, c.department_id): c for c in edition.cells.all()}
        gone = [cell.pk for key, cell in known.items() if key not in wanted]
        changed = [cell for key, cell in known.items() if key in wanted and _put(cell, wanted[key])]
        fresh = [_cell(edition, wanted[key]) for key in wanted if key not in known]
        if not (gone or changed or fresh):
            return
        TargetCell.objects.filter(pk__in=gone).delete()
        TargetCell.objects.bulk_update(changed, ["count", "investment"])
        TargetCell.objects.bulk_create(fresh)
        edition.version += 1
        edition.save()
        record("reserve_targets", "save", by=by, at=at, obj=edition,
               data={"set": len(fresh), "changed": len(changed), "cleared": len(gone)})  # fmt: skip


def _put(cell: TargetCell, target: Target) -> bool:
    if (cell.count, cell.investment) == (target.count, target.investment):
        return False
    cell.count, cell.investment = target.count, target.investment
    return True


def _cell(edition: TargetEdition, target: Target) -> TargetCell:
    return TargetCell(
        edition=edition, place_id=target.place, department_id=target.department, count=target.count,
        investment=target.investment,
    )  # fmt: skip


def issue(edition: TargetEdition, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(edition, "issue", by=by, at=at, version=version)


# ---- guards, effects, audiences --------------------------------------------------------------------------------


@targets_binding.guard
def targets_are_set(edition: TargetEdition, step: Step) -> None:
    if not edition.cells.exists():
        raise RuleBroken(_("No target has been set yet; fill in the matrix first."))


@targets_binding.guard
def change_has_reason(edition: TargetEdition, step: Step) -> None:
    """A later edition says why it replaces the one in force."""
    replaced = TargetEdition.objects.in_force(edition.year)
    if replaced and not edition.reason:
        raise RuleBroken(_("Issued targets change by a new edition; say why."), field="reason")


@targets_binding.effect
def put_in_force(edition: TargetEdition, step: Step) -> None:
    replaced = TargetEdition.objects.in_force(edition.year)
    if replaced:
        perform(replaced, "replace", by=SystemActor(step.at), at=step.at)
        step.record["replaces"] = replaced.number
    edition.issued_at, edition.issued_by = step.at, step.person.user


@targets_binding.audience
def reserve_targets_issued(edition: TargetEdition, step: Step, act: Act) -> None:
    """The county bureaus and governments, and the departments that have a target."""
    cells = list(edition.cells.values_list("place", "department", "count", "investment"))
    counties = Organisation.objects.filter(
        kind__in=[OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT], place__in={c[0] for c in cells}
    ).values_list("pk", flat=True)
    people = [
        *holders(Duty.REVIEW, counties, step.at), *holders(Duty.APPROVE, counties, step.at),
        *holders(Duty.HANDLE, {c[1] for c in cells}, step.at),
    ]  # fmt: skip
    total = sum((c[3] for c in cells), Decimal(0))
    params = {"year": edition.year, "number": edition.number, "count": sum(c[2] for c in cells),
              "investment": f"{total / 10000:,.1f}"}  # fmt: skip
    notify("reserve_targets_issued", people, at=step.at, dedupe=f"reserve_targets_issued:{act.pk}", params=params,
           url=f"/reserve/targets/?year={edition.year}")  # fmt: skip
