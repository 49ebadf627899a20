"""The reserve record of a project: made with its first filing, kept up to date in the pool (M1.2, M1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.services.changes import kept
from ningde_projects.workflow.door import record as write_act
from ningde_projects.workflow.refusals import NotAllowed, StaleVersion, WrongState

from ..forms.record import Funding
from ..models import FundingLine, FundingSource, ReserveRecord
from ..policies.records import keeping_right
from ..querysets.records import POOL_STAGES
from ..workflow.records import PoolStatus
from .maturity import recompute

Changes = dict[str, list[Any]]


def ensure(project: Project, at: datetime) -> ReserveRecord:
    """The record; a project that was in the pool before this system kept records gets one that says so."""
    in_pool = project.stage in POOL_STAGES
    found, _made = ReserveRecord.objects.get_or_create(
        project=project,
        defaults={
            "status": PoolStatus.POOLED if in_pool else PoolStatus.APPLYING,
            "in_pool_since": project.created_at if in_pool else None,
            "last_updated_at": project.updated_at if in_pool else at,
        },
    )
    found.project = project
    return found


def write(
    project: Project,
    facts: Mapping[str, Any],
    funding: Iterable[Funding],
    *,
    applicant: Organisation,
    at: datetime,
) -> ReserveRecord:
    """What a filing says; the filing itself is the act, so nothing more is logged here."""
    found = ensure(project, at)
    found.applicant = applicant
    _apply(found, facts)
    _apply_funding(found, funding)
    touch(found, at)
    found.version += 1
    found.save()
    recompute([found.pk], at)
    return found


def update(
    found: ReserveRecord, facts: Mapping[str, Any], funding: Iterable[Funding], *, by: Actor, at: datetime,
    version: int | None,
) -> bool:  # fmt: skip
    """Whoever keeps the project keeps its reserve facts; False when nothing differs."""
    with transaction.atomic():
        found.refresh_from_db(from_queryset=ReserveRecord.objects.select_for_update())
        if version is not None and version != found.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        holder = _held(found, by)
        if found.status != PoolStatus.POOLED:
            raise WrongState(_("This project is not in the pool; its record is closed."))
        changes = _apply(found, facts) | _apply_funding(found, funding)
        if not changes:
            return False
        touch(found, at)
        found.version += 1
        found.save()
        recompute([found.pk], at)
        write_act(
            "reserve_record", "update", by=by, at=at, obj=found, holder=holder,
            data={"changes": changes}, project_id=found.project_id, place_id=found.project.place_id,
        )  # fmt: skip
    return True


def touch(found: ReserveRecord, at: datetime) -> None:
    """Something about the project has been said anew; the caller saves."""
    found.last_updated_at = at
    found.stale_warned_at = None


def in_pool(found: ReserveRecord) -> bool:
    return found.status == PoolStatus.POOLED and found.project.stage in POOL_STAGES


def stage_guard(project: Project, before: str, after: str) -> str:
    """What left the pool comes back by decision, and a merged record stays closed."""
    if before != Stage.EXITED:
        return ""
    status = ReserveRecord.objects.filter(project=project).values_list("status", flat=True).first()
    if status == PoolStatus.EXITED:
        return _("A project that left the reserve pool comes back by a decision with its reason.")
    if status == PoolStatus.MERGED:
        return _("This record has been merged into another and stays closed.")
    return ""


def _held(found: ReserveRecord, by: Actor) -> Held:
    right = keeping_right(by, found.project)
    if isinstance(right, NotAllowed):
        raise right
    return right


def _apply(found: ReserveRecord, facts: Mapping[str, Any]) -> Changes:
    changes: Changes = {}
    for name, value in facts.items():
        before, after = _text(getattr(found, name)), _text(value)
        if before != after:
            changes[name] = [before, after]
            setattr(found, name, value)
    return changes


def _text(value: Any) -> Any:
    return "、".join(value) or None if isinstance(value, list) else kept(value)


def _apply_funding(found: ReserveRecord, funding: Iterable[Funding]) -> Changes:
    """Rows follow the form: one for each source that has an amount."""
    wanted = {line.source: line for line in funding}
    before = {line.source: line for line in found.funding.all()}
    changes: Changes = {}
    for source in FundingSource:
        old, new = before.get(source.value), wanted.get(source.value)
        said = [_line(old), _line(new)]
        if said[0] == said[1]:
            continue
        changes[f"fund_{source}"] = said
        if new is None:
            found.funding.filter(source=source.value).delete()
        else:
            FundingLine.objects.update_or_create(
                record=found, source=source.value, defaults={"amount": new.amount, "settled": new.settled}
            )
    return changes


def _line(line: FundingLine | Funding | None) -> str | None:
    if line is None:
        return None
    return f"{line.amount:.2f}" + (" ✓" if line.settled else "")
