"""Targets, catalogues, the annual list and pushes in the time machine: a year's rhythm in a handful of acts a month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project, Stage
from ningde_projects.projects.playing import Schedule, moment, player, rng
from ningde_projects.workflow.door import perform, refusal

from ..models import AnnualBatch, AnnualItem, BatchKind, Catalogue, PlanningTask, Push, TargetEdition
from ..rules.push_fields import missing
from ..selectors.entries import in_pool
from ..selectors.offices import commission_ids, industry_departments, reporting_places
from ..selectors.push_facts import facts_of
from ..selectors.push_requirements import requirement_for
from ..services import annual, catalogue, planning_tasks, pushes, targets
from ..services.annual import Proposal
from ..services.catalogue import Entry, Task
from ..services.targets import Target
from ..workflow.annual import BatchStatus, ItemStatus
from ..workflow.pushes import PushStatus, PushTo

_DIRECTIONS = (
    ("产业链补短板", "special_fund"), ("基础设施补短板", "government_bond"), ("省重点储备", "provincial_key"),
)  # fmt: skip
_CENT = Decimal("0.01")
#: How many departments are late with a catalogue.
LATE = 0.12


@player
def plans(month: Month, play: Schedule) -> None:
    """December sets targets, January and July bring catalogues, spring and autumn additions; pushes once a quarter."""
    if month.number == 12:
        play.at(
            moment(rng(play.seed, "targets", month), month, 8, 20), partial(_targets, month.year + 1, play)
        )
    if month.number in (1, 7):
        half = 1 if month.number == 1 else 2
        for department in industry_departments():
            r = rng(play.seed, "catalogue", department.name, month)
            late = r.random() < LATE
            day = moment(r, month.next, 2, 9) if late else moment(r, month, 6, 20)
            play.at(day, partial(_draft, department, month.year, half, play))
            play.at(day + timedelta(days=4), partial(_approve, department, month.year, half, play))
            play.at(day + timedelta(days=6), partial(_issue, department, month.year, half, play))
    if month.number in (2, 8):
        play.at(moment(rng(play.seed, "links", month), month, 10, 25), partial(_link, play))
    if month.number in (4, 8):
        play.at(moment(rng(play.seed, "batch", month), month, 1, 5), partial(_open_batch, month, play))
        play.at(moment(rng(play.seed, "propose", month), month, 12, 25), partial(_propose, play))
    if month.number in (5, 9):
        play.at(moment(rng(play.seed, "decide", month), month, 8, 15), partial(_decide, play))
    if month.number in (3, 6, 9, 12):
        play.at(moment(rng(play.seed, "push", month), month, 5, 10), partial(_push, play))
        play.at(moment(rng(play.seed, "result", month), month, 20, 26), partial(_results, play))


def _commission(play: Schedule, at: datetime) -> Actor | None:
    office = next(iter(commission_ids()), 0)
    return play.people.holder(Duty.DISPATCH, office, at)


def _targets(year: int, play: Schedule, at: datetime) -> None:
    by = _commission(play, at)
    if by is None or TargetEdition.objects.filter(year=year).exists():
        return
    draft = targets.begin_edition(year, by=by, at=at)
    wanted = []
    for department in industry_departments():
        for place in reporting_places():
            r = rng(play.seed, "target", year, place.code, department.name)
            if r.random() < 0.7:
                count = r.randint(1, 6)
                wanted.append(Target(place.pk, department.pk, count, Decimal(count * r.randint(8000, 30000))))
    targets.save_draft(draft, wanted, by=by, at=at, version=None)
    targets.issue(draft, by=by, at=at)


def _draft(department: Organisation, year: int, half: int, play: Schedule, at: datetime) -> None:
    by = play.people.holder(Duty.HANDLE, department.pk, at)
    known = Catalogue.objects.filter(department=department, year=year, half=half)
    if by is None or known.exists():
        return
    title = f"{department.short_name}{year}年{1 if half == 1 else 7}月行业策划指导目录"
    made = catalogue.begin_catalogue(department, year, half, title, by=by, at=at)
    due = date(year, 6 if half == 1 else 12, 25)
    tasks = []
    for place in reporting_places():
        r = rng(play.seed, "task", department.name, place.code, year, half)
        if r.random() < 0.6:
            tasks.append(Task(place.pk, r.randint(1, 3), Decimal(r.randint(5000, 60000)), due))
    tasks = tasks or [Task(reporting_places()[0].pk, 1, Decimal(10000), due)]
    entries = [Entry(name, funding, "", "用地、规划条件基本落实") for name, funding in _DIRECTIONS]
    catalogue.save_content(made, title, entries, tasks, by=by, at=at, version=None)
    perform(made, "send_for_approval", by=by, at=at)


def _approve(department: Organisation, year: int, half: int, play: Schedule, at: datetime) -> None:
    found = Catalogue.objects.filter(department=department, year=year, half=half, status="approving").first()
    office = Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT).first()
    by = play.people.holder(Duty.APPROVE, office.pk, at) if office else None
    if found and by and refusal(found, "approve", by) is None:
        perform(found, "approve", by=by, at=at)


def _issue(department: Organisation, year: int, half: int, play: Schedule, at: datetime) -> None:
    found = Catalogue.objects.filter(department=department, year=year, half=half, status="approved").first()
    by = play.people.holder(Duty.HANDLE, department.pk, at)
    if found and by:
        perform(found, "issue", by=by, at=at)


def _bureau(play: Schedule, place_id: int, at: datetime) -> Actor | None:
    office = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=place_id).first()
    return play.people.holder(Duty.REVIEW, office.pk, at) if office else None


def _link(play: Schedule, at: datetime) -> None:
    """Each county links a project of the department's industry to a task that has none yet."""
    rows = PlanningTask.objects.in_force().filter(links__isnull=True).select_related("place", "catalogue")
    for task in rows:
        by = _bureau(play, task.place_id, at)
        if by is None:
            continue
        fitting = planning_tasks.fitting_projects(by, task).filter(
            municipal_department=task.catalogue.department_id, task_links__isnull=True
        )
        for project in fitting[: task.count]:
            planning_tasks.link(task, project, by=by, at=at)


def _open_batch(month: Month, play: Schedule, at: datetime) -> None:
    by = _commission(play, at)
    title = f"{month.year}年市重点项目（{'5' if month.number == 4 else '9'}月增补）"
    if by and not AnnualBatch.objects.filter(year=month.year, title=title).exists():
        annual.open_batch(month.year, "municipal", BatchKind.ADDITION, title, month.last_day, by=by, at=at)


def _propose(play: Schedule, at: datetime) -> None:
    """Each bureau proposes one or two pool projects that have a total and no parts."""
    batch = AnnualBatch.objects.filter(status=BatchStatus.OPEN).first()
    if batch is None:
        return
    for place in reporting_places():
        by = _bureau(play, place.pk, at)
        rows = in_pool().filter(place=place, total_investment__gt=100, parts__isnull=True).exclude(
            Q(level__in=["provincial", "municipal"]) | Q(annual_items__batch=batch)
        ).order_by("pk")  # fmt: skip
        r = rng(play.seed, "propose", place.code, batch.title)
        if by is None:
            continue
        for project in rows[: r.randint(1, 2)]:
            stage = Stage.UNDER_WAY if r.random() < 0.6 else Stage.PRELIMINARY
            amount = (project.total_investment / 4).quantize(_CENT)
            annual.propose(batch, project, Proposal(stage, amount, goal="完成前期并推进建设"), by=by, at=at)


def _decide(play: Schedule, at: datetime) -> None:
    by = _commission(play, at)
    batch = AnnualBatch.objects.filter(status=BatchStatus.OPEN).first()
    if by is None or batch is None:
        return
    rows = AnnualItem.objects.filter(batch=batch, status=ItemStatus.PROPOSED).select_related(
        "project", "batch"
    )
    fitting = [item for item in rows if item.project.stage in annual.ELIGIBLE_STAGES]
    for item in set(rows) - set(fitting):
        perform(item, "decline", by=by, at=at, reason="项目已退库或暂停")
    annual.accept_all(batch, fitting, by=by, at=at)
    if fitting:
        number = rng(play.seed, "decide", batch.title).randint(2, 60)
        annual.decide(batch, f"宁发改重点〔{batch.year}〕{number}号", by=by, at=at)
    else:
        perform(batch, "cancel", by=by, at=at, reason="没有符合条件的申报")


def _push(play: Schedule, at: datetime) -> None:
    by = _commission(play, at)
    if by is None:
        return
    for target in PushTo.values:
        needed = requirement_for(target, local_date(at))
        rows: list[Project] = list(in_pool().exclude(pushes__target=target).order_by("pk")[:200])
        facts = facts_of(rows, local_date(at).year)
        ready = [project for project in rows if not missing(facts[project.pk], needed.fields)][:12]
        if ready:
            pushes.put_up(ready, target, by=by, at=at)
            pushes.export_batch(target, by=by, at=at)


def _results(play: Schedule, at: datetime) -> None:
    """Most are registered, a few come back with a reason, some are still waited for."""
    by = _commission(play, at)
    if by is None:
        return
    for push in Push.objects.filter(status=PushStatus.PUSHED).select_related("project__place"):
        r = rng(play.seed, "result", push.project.name, push.target)
        chance, day = r.random(), local_date(at)
        if chance < 0.7:
            number = f"{push.target[:1].upper()}{day:%Y}{r.randint(1, 99999):05d}"
            perform(push, "register", by=by, at=at, data={"outside_number": number, "day": day})
        elif chance < 0.8:
            perform(push, "return", by=by, at=at, reason="建设规模表述与批复不一致", data={"day": day})
