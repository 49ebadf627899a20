"""Projects in the pool, drafts and batches for the tests of targets, catalogues, the annual list and pushes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ningde_projects.organizations.models import Industry
from ningde_projects.periods.month import midnight
from ningde_projects.projects.models import NodeKind, PlanNode, Post, Project, ProjectPart, Responsible, Stage
from ningde_projects.workflow.door import perform
from reserve.models import AnnualBatch, AnnualItem, Catalogue, Push, ReserveRecord, TargetEdition
from reserve.services import annual, catalogue, pushes, targets
from reserve.services.annual import Proposal
from reserve.services.catalogue import Entry, Task
from reserve.services.targets import Target
from reserve.workflow.records import PoolStatus
from tests.cast import Cast

JUNE = midnight(date(2026, 6, 15)).replace(hour=10)


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return midnight(date(year, month, day)).replace(hour=hour)


def pooled(
    cast: Cast, name: str, place: str = "XP", *, since: datetime = JUNE, total: Any = 20000, **more: Any
) -> Project:
    """A reserve project of a county's industry office, in the pool since an instant."""
    facts = {
        "stage": Stage.RESERVE, "level": "other", "total_investment": Decimal(total), "content": f"{name}的建设内容",
        "industry": Industry.objects.get(code="manufacturing"), "owner": cast.office(place, "yz"),
        "county_department": cast.office(place, "gxj"), "municipal_department": cast.office("SJ", "gxj"),
        "start_year": 2027, "end_year": 2028,
    } | more  # fmt: skip
    project = Project.objects.create(name=name, place=cast.place(place), **facts)
    ReserveRecord.objects.create(
        project=project, status=PoolStatus.POOLED, in_pool_since=since, last_updated_at=since, nature="new"
    )
    return project


def complete(
    cast: Cast, project: Project, place: str = "XP", code: str = "2601-350921-04-01-000001"
) -> Project:
    """Every fact that both platforms ask for."""
    owner = project.owner
    owner.credit_code = "91350921MA00000001"
    owner.save()
    project.code, project.investment_kind, project.township = code, "government", "三沙镇"
    project.save()
    PlanNode.objects.create(project=project, kind=NodeKind.START, planned_on=date(2027, 3, 1))
    PlanNode.objects.create(project=project, kind=NodeKind.COMPLETION, planned_on=date(2028, 12, 1))
    person = cast.direct_xp if place == "XP" else cast.direct_fa
    Responsible.objects.create(
        project=project, post=Post.COUNTY_DIRECT, user=person, valid_from=date(2026, 1, 1)
    )
    return project


def target_draft(cast: Cast, year: int = 2027, when: datetime | None = None) -> TargetEdition:
    when = when or at(2026, 12, 10)
    by = cast.actor(cast.commission, when)
    draft = targets.begin_edition(year, by=by, at=when)
    xp, fa, gxj, jtj = (
        cast.place("XP").pk,
        cast.place("FA").pk,
        cast.office("SJ", "gxj").pk,
        cast.office("SJ", "jtj").pk,
    )
    wanted = [
        Target(xp, gxj, 5, Decimal(100000)),
        Target(fa, gxj, 3, Decimal(60000)),
        Target(xp, jtj, 2, Decimal(40000)),
    ]
    targets.save_draft(draft, wanted, by=by, at=when, version=draft.version)
    return draft


def issued_targets(cast: Cast, year: int = 2027, when: datetime | None = None) -> TargetEdition:
    when = when or at(2026, 12, 20)
    draft = target_draft(cast, year, when)
    targets.issue(draft, by=cast.actor(cast.commission, when), at=when)
    return draft


def catalogue_draft(
    cast: Cast, when: datetime | None = None, *, half: int | None = 1, canary: str = ""
) -> Catalogue:
    """The industry department's draft with one direction and tasks for both counties."""
    when = when or at(2026, 1, 10)
    by = cast.actor(cast.muni_department, when)
    made = catalogue.begin_catalogue(
        cast.office("SJ", "gxj"), when.year, half, f"工业策划指导目录{canary}", by=by, at=when
    )
    due = date(when.year, 6, 30)
    catalogue.save_content(
        made, made.title, [Entry("锂电新能源", "special_fund", "电池材料", "用地落实")],
        [Task(cast.place("XP").pk, 2, Decimal(50000), due, f"滨海项目{canary}"),
         Task(cast.place("FA").pk, 1, Decimal(30000), due, "电机项目石斛福安")],
        by=by, at=when, version=made.version,
    )  # fmt: skip
    return made


def sent_catalogue(cast: Cast, when: datetime | None = None, **more: Any) -> Catalogue:
    when = when or at(2026, 1, 12)
    made = catalogue_draft(cast, when, **more)
    perform(made, "send_for_approval", by=cast.actor(cast.muni_department, when), at=when)
    return made


def issued_catalogue(cast: Cast, when: datetime | None = None, **more: Any) -> Catalogue:
    when = when or at(2026, 1, 12)
    made = sent_catalogue(cast, when, **more)
    perform(made, "approve", by=cast.actor(cast.city_government, when), at=when)
    perform(made, "issue", by=cast.actor(cast.muni_department, when), at=when)
    return made


def open_batch(
    cast: Cast, *, level: str = "municipal", year: int = 2026, title: str = "2026年市重点项目（第一批）"
) -> AnnualBatch:
    when = at(2026, 4, 1)
    return annual.open_batch(
        year, level, "addition", title, date(2026, 4, 30), by=cast.actor(cast.commission, when), at=when
    )


def proposed(
    cast: Cast, batch: AnnualBatch, project: Project, *, stage: str = "under_way", amount: Any = 8000,
    who: Any = None, parts: dict[ProjectPart, Any] | None = None,
) -> AnnualItem:  # fmt: skip
    when = at(2026, 4, 15)
    proposal = Proposal(
        stage,
        Decimal(amount),
        {p.pk: Decimal(v) for p, v in (parts or {}).items()},
        "完成主体结构",
        "前期完成",
    )
    return annual.propose(batch, project, proposal, by=cast.actor(who or cast.bureau_xp, when), at=when)


def pushed(cast: Cast, project: Project, target: str = "provincial", when: datetime | None = None) -> Push:
    when = when or at(2026, 7, 1)
    by = cast.actor(cast.commission, when)
    pushes.put_up([project], target, by=by, at=when)
    pushes.export_batch(target, by=by, at=when)
    return Push.objects.get(project=project, target=target)
