"""Meetings in the time machine: most leaders meet each month, most departments go out each quarter, some do not.

One meeting covers many projects, so a month has some tens of acts; every one goes through the services.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.db.models import Q

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place, User
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Post, Project, Responsible
from ningde_projects.projects.playing import Schedule, moment, player, rng
from ningde_projects.workflow.door import perform

from ..models import Decision, Session
from ..models.meetings import SessionKind
from ..rules.meetings import DEPARTMENT_KINDS, owes_sessions
from ..selectors.picking import projects_for
from ..services import decisions, meetings
from ..services.decisions import DecisionContent
from ..services.meetings import Content
from ..workflow.meetings import OWED, WORKERS, DecisionStatus

#: How often a leader meets in a month, a department goes out in a quarter, and a record is written after the month.
MEETS, GOES_OUT, WRITES_LATE = 0.82, 0.85, 0.06
#: How large a share of his projects a meeting reaches, and how many projects a session.
REACHES, VISITS = 0.85, 8

_ROOMS = (
    "县政府三楼会议室",
    "项目建设现场指挥部",
    "县行政服务中心会议室",
    "园区管委会会议室",
    "项目部会议室",
)
_TALKS = (
    "听取形象进度，研究征迁剩余户数", "研究用地报批件缺件补正", "研究施工便道与管线迁改交叉", "核对年度投资计划缺口",
    "研究资金拨付与融资衔接", "听取节点计划，要求倒排工期", "研究林地审核材料补正",
)  # fmt: skip
_TASKS = (
    "完成征迁剩余户数的签约并报送清单", "补齐用地报批材料并上报", "提出管线迁改方案并组织评审",
    "倒排下季度施工计划并报备",
    "协调落实项目资本金并提供凭证", "完成林地审核材料补正", "明确施工便道临时用地手续",
)  # fmt: skip
_PROGRESS = (
    "已组织现场踏勘，方案拟定中",
    "材料已补正，正在会签",
    "已与镇里对接，剩余两户洽谈中",
    "已约谈施工单位，加派班组",
)
_EVIDENCE = (
    "已办结，批复文件已上传",
    "已完成签约并移交施工",
    "方案评审通过，纪要已印发",
    "资金已到位，凭证已核对",
)


@player
def meetings_of_the_month(month: Month, play: Schedule) -> None:
    """Put the month's dispatch meetings on the clock, and the sessions of the departments whose turn it is."""
    governments = dict(Organisation.objects.filter(kind=OrgKind.COUNTY_GOVERNMENT).values_list("place", "pk"))
    led = _led(month)
    codes = dict(Place.objects.values_list("pk", "code"))
    leaders = User.objects.in_bulk({leader for _place, leader in led})
    for (place, number), projects in sorted(led.items()):
        leader = leaders[number]
        r = rng(play.seed, "meeting", codes[place], leader.username, month)
        if place not in governments or r.random() >= MEETS:
            continue
        held = moment(r, month, 5, 24)
        written = held + timedelta(days=r.randint(0, 3), hours=1)
        if r.random() < WRITES_LATE:
            written = moment(r, month.next, 2, 6)
        play.at(written, partial(_hold, play, month, governments[place], leader, projects, held))
    for office in _departments():
        r = rng(play.seed, "session", office.name, month.quarter)
        turn = r.randint(0, 2)
        if month == month.quarter.months[turn] and r.random() < GOES_OUT:
            held = moment(r, month, 6, 24)
            play.at(
                held + timedelta(days=r.randint(0, 2), hours=1),
                partial(_go_out, play, month, office.pk, held),
            )


def _led(month: Month) -> dict[tuple[int, int], list[int]]:
    """(place, leader) -> projects under way that he answers for."""
    rows = Responsible.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=month.first_day), post=Post.COUNTY_LEADER,
        valid_from__lte=month.first_day, project__in=Project.objects.key_under_way(),
    ).values_list("place", "project__place", "user", "project")  # fmt: skip
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, home, user, project in rows.order_by("project"):
        found[(place or home, user)].append(project)
    return found


def _departments() -> list[Organisation]:
    led = set(Project.objects.key_under_way().values_list("municipal_department", flat=True))
    rows = Organisation.objects.filter(kind__in=DEPARTMENT_KINDS, is_active=True).prefetch_related(
        "industries"
    )
    return [
        office for office in rows.order_by("pk")
        if owes_sessions(office.kind, is_factor=office.is_factor_department, industries=len(office.industries.all()),
                         led=int(office.pk in led))
    ]  # fmt: skip


# ---- a meeting -------------------------------------------------------------------------------------------------


def _hold(
    play: Schedule,
    month: Month,
    office_id: int,
    leader: User,
    projects: list[int],
    held: datetime,
    at: datetime,
) -> None:
    """The bureau writes down what the leader held."""
    office = Organisation.objects.select_related("place").get(pk=office_id)
    bureau = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=office.place_id).first()
    by = play.people.holder(Duty.REVIEW, bureau.pk, at) if bureau else None
    if by is None or bureau is None:
        return
    r = rng(play.seed, "agenda", office.place.code, leader.username, month)
    spoken = [p for p in _named(projects) if r.random() < REACHES]
    if not spoken:
        return
    content = Content(
        held_on=local_date(held), location=r.choice(_ROOMS), chair=leader, people=[by.user],
        others="各相关乡镇、部门负责人", minutes="会议听取各项目进展，逐项研究存在问题，明确责任单位和时限。",
        lines=[(p, r.choice(_TALKS)) for p in spoken], decisions=_decide(r, spoken, held),
    )  # fmt: skip
    session = meetings.begin(SessionKind.DISPATCH, office, content, by=by, at=at)
    meetings.put_on_record(session, None, by=by, at=at)
    _follow(play, session, bureau.pk, Duty.REVIEW, at)


def _go_out(play: Schedule, month: Month, office_id: int, held: datetime, at: datetime) -> None:
    """The department's section writes down where it has been."""
    office = Organisation.objects.select_related("place").get(pk=office_id)
    by = play.people.holder(Duty.HANDLE, office_id, at)
    chair = play.people.holder(Duty.LEAD, office_id, at)
    found = list(projects_for(SessionKind.ON_SITE, office))
    if by is None or chair is None or not found:
        return
    r = rng(play.seed, "visit", office.name, month)
    spoken = r.sample(found, min(VISITS, len(found)))
    content = Content(
        held_on=local_date(held), location=f"{spoken[0].place.name}项目现场", chair=chair.user, people=[by.user],
        others="项目业主、属地部门负责人", minutes="现场查看项目建设情况，当场研究要素保障问题。",
        lines=[(p, r.choice(_TALKS)) for p in spoken], decisions=_decide(r, spoken, held),
    )  # fmt: skip
    session = meetings.begin(SessionKind.ON_SITE, office, content, by=by, at=at)
    meetings.put_on_record(session, None, by=by, at=at)
    _follow(play, session, office_id, Duty.HANDLE, at)


def _named(projects: list[int]) -> list[Project]:
    rows = Project.objects.filter(pk__in=projects).select_related("owner", "county_department", "place")
    return list(rows.order_by("pk"))


def _decide(r: Random, spoken: list[Project], held: datetime) -> list[DecisionContent]:
    """One to three things to do, for the county department or the owner of a project."""
    found = []
    for project in r.sample(spoken, min(r.randint(1, 3), len(spoken))):
        unit = project.county_department if project.county_department and r.random() < 0.6 else project.owner
        day = local_date(held) + timedelta(days=r.randint(10, 28))
        found.append(DecisionContent(r.choice(_TASKS), unit=unit, due_on=day, project=project))
    return found


# ---- what follows ----------------------------------------------------------------------------------------------


def _follow(play: Schedule, session: Session, keeper: int, duty: Duty, at: datetime) -> None:
    """Most are done in time and verified, some late, some never."""
    for row in Decision.objects.filter(session=session).select_related("session__office", "session__chair"):
        r = rng(play.seed, "decision", _key(row))
        due = row.due_at or at
        luck = r.random()
        if luck < 0.85:
            play.at(at + timedelta(days=r.randint(2, 6), hours=2), partial(_progress, play, row.pk))
        if luck < 0.75:
            late = luck > 0.6
            done = (
                due + timedelta(days=r.randint(1, 6))
                if late
                else due - timedelta(days=r.randint(1, 4), hours=8)
            )
            done = max(done, at + timedelta(days=1))
            play.at(done, partial(_finish, play, row.pk))
            play.at(done + timedelta(days=r.randint(1, 3)), partial(_verify, play, row.pk, keeper, duty))


def _key(decision: Decision) -> str:
    """The same in every run, unlike the number that the database gives."""
    session = decision.session
    chair = session.chair.username if session.chair else ""
    return f"{session.office.name}:{chair}:{session.held_on}:{decision.order}"


def _worker(play: Schedule, decision: Decision, at: datetime) -> Actor | None:
    """Somebody of the unit who works on it."""
    found = (play.people.holder(duty, decision.unit_id or 0, at) for _suffix, duty in WORKERS)
    return next((actor for actor in found if actor is not None), None)


def _progress(play: Schedule, pk: int, at: datetime) -> None:
    decision = Decision.objects.select_related("session__office", "session__chair").get(pk=pk)
    actor = _worker(play, decision, at)
    if actor is not None and decision.status in OWED:
        decisions.progress(
            decision, by=actor, at=at, note=rng(play.seed, "note", _key(decision)).choice(_PROGRESS)
        )


def _finish(play: Schedule, pk: int, at: datetime) -> None:
    decision = Decision.objects.select_related("session__office", "session__chair").get(pk=pk)
    actor = _worker(play, decision, at)
    if actor is not None and decision.status in OWED:
        decisions.finish(
            decision, by=actor, at=at, evidence=rng(play.seed, "proof", _key(decision)).choice(_EVIDENCE)
        )


def _verify(play: Schedule, pk: int, keeper: int, duty: Duty, at: datetime) -> None:
    """One in eight is sent back first."""
    decision = Decision.objects.select_related("session__office", "session__chair").get(pk=pk)
    actor = play.people.others(duty, keeper, at, decision.person_id)
    if actor is None or decision.status != DecisionStatus.DONE:
        return
    if rng(play.seed, "check", _key(decision)).random() < 0.12:
        name = meetings.act_for(decision, "send_back", actor)
        perform(decision, name, by=actor, at=at, reason="佐证材料不全，请补充")
        return
    perform(decision, meetings.act_for(decision, "verify", actor), by=actor, at=at)
