"""What the pool plays in the time machine: filed, returned, passed, items that move, out and back (M1.2, M1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Level, Post, Project, Responsible
from ningde_projects.projects.playing import People, Schedule, moment, player, rng
from ningde_projects.projects.services.people import assign
from ningde_projects.workflow.refusals import Refusal

from ..basics import load_item_kinds
from ..models import Application, ItemKind, ReserveRecord
from ..selectors.items import items_of
from ..selectors.offices import commission_ids
from ..services import applications, items, pool, reviewing

#: Made-up undertakings: what, industry, investment kind, content with figures, total in 万元.
_KINDS: tuple[tuple[str, str, str, str, int], ...] = (
    ("农村供水保障提升工程", "agriculture", "government", "新建水厂1座，日供水2万吨，铺设管网48公里", 12_800),
    ("锂电新材料配套产业园", "manufacturing", "enterprise", "标准厂房14万平方米，年产隔膜2亿平方米", 68_500),
    (
        "通港大道及配套管网工程",
        "transport",
        "government",
        "全长6.2公里，双向六车道，同步建设综合管线",
        42_300,
    ),
    ("老旧小区综合改造工程", "urban", "government", "改造小区32个、楼栋210栋，雨污分流管网26公里", 18_600),
    (
        "海上养殖转型升级示范项目",
        "agriculture",
        "enterprise",
        "深水网箱120口，陆基工厂化养殖3.5万平方米",
        9_600,
    ),
    ("县域医共体能力提升项目", "social", "government", "新建病房楼2.8万平方米，床位320张", 21_400),
    ("冷链物流集散中心", "services", "enterprise", "冷库8万立方米，分拣车间2万平方米", 15_700),
    (
        "茶产业精深加工基地",
        "manufacturing",
        "enterprise",
        "生产线6条，厂房4.2万平方米，年加工茶叶6000吨",
        11_900,
    ),
    (
        "屋顶分布式光伏整县推进项目",
        "energy",
        "enterprise",
        "装机容量86兆瓦，覆盖公共建筑屋顶92万平方米",
        33_200,
    ),
    ("中小学扩容提质工程", "social", "government", "新建扩建学校7所，新增学位5400个", 26_900),
)
#: Steps of a month: preparing takes months, and several items run beside each other; some projects hardly move.
_PACES = ((3, 4, 5, 6), (1, 2, 3), (1, 2, 3), (0, 0, 1))
_SITES = ("城东", "沿海", "北部", "溪南", "西岭", "湾头", "山前", "新区")


@dataclass
class Plan:
    """One application of the play, from its filing to its end."""

    seed: int
    month: Month
    place: Place

    def chance(self, *what: object) -> Any:
        return rng(self.seed, "reserve", self.place.code, self.month, *what)


@player
def applications_of_month(month: Month, play: Schedule) -> None:
    """About one new application in each place, reviewed in the following days; and what the pool does meanwhile."""
    play.at(month.start, lambda at: load_item_kinds())
    for place in Place.objects.order_by("order", "pk"):
        plan = Plan(play.seed, month, place)
        r = plan.chance("files")
        if r.random() < 0.8:
            instant = moment(r, month, 3, 16)
            play.at(instant, partial(_file, plan, play))
        play.at(moment(plan.chance("pool"), month, 18, 27), partial(_look_after, plan, play))


def _file(plan: Plan, play: Schedule, at: datetime) -> None:
    people, place, r = play.people, plan.place, plan.chance("typed")
    owner = _owner(place, r)
    actor = people.holder(Duty.REPORT, owner.pk, at) if owner else None
    if owner is None or actor is None:
        return
    begun = applications.start(owner, by=actor, at=at)
    try:
        applications.submit(begun, _typed(place, owner, plan, actor.user.name), by=actor, at=at)
    except Refusal:
        # No department of the industry in this place, or the name is taken: the draft stays, as in life.
        return
    first, second = ("county", "industry") if r.random() < 0.5 else ("industry", "county")
    play.at(at + timedelta(days=1, hours=2), partial(_review, begun.pk, first, play, r.random() < 0.2))
    play.at(at + timedelta(days=3, hours=1), partial(_review, begun.pk, second, play, False))


def _owner(place: Place, r: Any) -> Organisation | None:
    """A sample owner where there is one: made-up undertakings are not laid at the door of companies that exist."""
    rows = Organisation.objects.filter(kind=OrgKind.OWNER, place=place, is_active=True).order_by("name")
    found = list(rows.filter(name__contains="示例")[:12]) or list(rows[:12])
    return r.choice(found) if found else None


def _typed(place: Place, owner: Organisation, plan: Plan, name: str) -> dict[str, Any]:
    r = plan.chance("words")
    what, code, kind, content, total = r.choice(_KINDS)
    industry = Industry.objects.filter(code=code).first() or Industry.objects.earliest("order")
    total = round(total * (0.7 + r.random() * 0.9) / 10) * 10
    start = plan.month.plus(r.randint(4, 14))
    main, rest = ("special_bond", "local") if kind == "government" else ("own", "loan")
    offices = Organisation.objects.filter(is_active=True, industries=industry).order_by("order", "pk")
    county = offices.filter(kind=OrgKind.COUNTY_DEPARTMENT, place=place).first()  # none for the city's own
    city = offices.filter(kind=OrgKind.MUNICIPAL_DEPARTMENT).first()
    share = round(total * 0.7 / 10) * 10
    values: dict[str, Any] = {
        "name": f"{place.short_name}{r.choice(_SITES)}{what}（{plan.month.year}年{plan.month.number}月储备）",
        "place": place.code, "industry": industry.code, "owner": str(owner.public_id), "investment_kind": kind,
        "nature": "extension" if "改造" in what or "扩" in what else "new", "content": content,
        "total_investment": str(total), f"fund_{main}": str(share), f"fund_{rest}": str(total - share),
        "planned_start": str(start), "planned_completion": str(start.plus(r.randint(12, 30))),
        "land_mu": str(r.randint(15, 220)),
        "directions": ["government_bond"] if kind == "government" else ["provincial_key"],
        "catalogue_fit": "yes",
        "push_targets": ["national", "provincial"] if kind == "government" else ["provincial"],
        "progress_note": "选址已初步明确，可研编制单位已确定", "contact": name, "contact_phone": "05930000000",
        "confirm": "on",
    }  # fmt: skip
    for name, office in (("county_department", county), ("municipal_department", city)):
        values[name] = str(office.public_id) if office else ""
    if r.random() < 0.6:
        values[f"settled_{main}"] = "on"
    if r.random() < 0.6:
        first = plan.month.plus(-r.randint(0, 3))
        values["code"] = (
            f"{first.year % 100:02}{first.number:02}-{place.gb_code}-04-0{r.randint(1, 5)}-{r.randint(1, 999999):06}"
        )
    return values


def _review(pk: int, side: str, play: Schedule, returns: bool, at: datetime) -> None:
    found = Application.objects.select_related("applicant").get(pk=pk)
    if found.status != "submitted" or getattr(found, f"{side}_passed_at"):
        return
    office = found.county_office_id if side == "county" else found.industry_office_id
    first = Duty.DISPATCH if found.county_office_id in commission_ids() else Duty.REVIEW
    duty = first if side == "county" else Duty.HANDLE
    actor = play.people.others(duty, office or 0, at, found.submitted_by_id)
    if actor is None:
        return
    if returns:
        verb = reviewing.verb_of(found, actor, reviewing.RETURNS, side)
        reason = "用地需求与选址意见不一致，请核实后写明地块和面积。"
        reviewing.return_side(found, verb, ["land_mu", "progress_note"], reason, by=actor, at=at)
        play.at(at + timedelta(days=1), partial(_refile, pk, play))
        play.at(at + timedelta(days=2), partial(_review, pk, "county", play, False))
        play.at(at + timedelta(days=2, hours=1), partial(_review, pk, "industry", play, False))
        return
    verb = reviewing.verb_of(found, actor, reviewing.PASSES, side)
    reviewing.pass_side(found, verb, by=actor, at=at, text="符合入库条件。")
    found.refresh_from_db()
    if found.status == "passed" and found.project is not None:
        play.at(at + timedelta(days=1), partial(_name_direct, found.project, play.people))


def _name_direct(project: Project, people: People, at: datetime) -> None:
    """Who in the county's department answers for it from now on."""
    by = _bureau(project.place_id, people, at)
    direct = people.holder(Duty.DIRECT, project.county_department_id or 0, at)
    taken = Responsible.objects.filter(project=project, post=Post.COUNTY_DIRECT, valid_to__isnull=True)
    if by is None or direct is None or taken.exists():
        return
    try:
        assign(project, Post.COUNTY_DIRECT, None, direct.user, local_date(at), by=by, at=at)
    except Refusal:
        return  # below the rank that the post asks for: the post stays open


def _refile(pk: int, play: Schedule, at: datetime) -> None:
    found = Application.objects.select_related("applicant").get(pk=pk)
    actor = play.people.holder(Duty.REPORT, found.applicant_id, at)
    if found.status != "returned" or actor is None:
        return
    values = dict(found.draft) | {
        "progress_note": "已与自然资源部门核对，地块位于规划建设用地范围内",
        "confirm": "on",
    }
    applications.submit(found, values, by=actor, at=at)


# ---- in the pool -----------------------------------------------------------------------------------------------


def _look_after(plan: Plan, play: Schedule, at: datetime) -> None:
    """Owners move an item or two of some projects; the bureau takes out one now and then, and once one comes back."""
    rows = list(
        ReserveRecord.objects.in_pool()
        .filter(project__place=plan.place, status="pooled", in_pool_since__lt=at)
        .select_related("project__owner", "project__place")
        .order_by("pk")
    )
    r = plan.chance("moves")
    for record in rows:
        pace = rng(plan.seed, "pace", record.project.name).choice(_PACES)
        for _item in range(r.choice(pace)):
            _move_item(record, play.people, r, at)
    leaving = [record for record in rows if record.project.level == Level.OTHER]
    if leaving and r.random() < 0.12:
        _leave(leaving[0], play.people, at)
    if r.random() < 0.04:
        _come_back(plan.place.pk, play.people, at)


def _move_item(record: ReserveRecord, people: People, r: Any, at: datetime) -> None:
    project = record.project
    actor = people.holder(Duty.REPORT, project.owner_id, at)
    waiting = [line for line in items_of(project, at) if line.kind.required and line.state != "approved"]
    if actor is None or not waiting:
        return
    line = waiting[0] if r.random() < 0.7 else r.choice(waiting)
    values = _next(line.state, line.kind, r, at)
    items.set_item(project, line.kind, values, by=actor, at=at, version=None)


def _next(state: str, kind: ItemKind, r: Any, at: datetime) -> dict[str, Any]:
    today = local_date(at)
    if state == "not_started":
        return {"state": "preparing", "planned_on": today + timedelta(days=r.randint(40, 150))}
    if state == "preparing" and r.random() < 0.5:
        return {"state": "submitted", "planned_on": today + timedelta(days=r.randint(20, 60))}
    number = f"宁批〔{today.year}〕{r.randint(3, 180)}号"
    return {"state": "approved", "document_no": number, "approved_on": today}


def _leave(record: ReserveRecord, people: People, at: datetime) -> None:
    actor = _bureau(record.project.place_id, people, at)
    if actor is not None:
        reason = "选址与生态保护红线冲突，年内无法调整，经与业主会商同意退库。"
        pool.act(record.project, "exit", reason, by=actor, at=at, category="no_land")


def _come_back(place_id: int, people: People, at: datetime) -> None:
    actor = _bureau(place_id, people, at)
    record = (
        ReserveRecord.objects.filter(project__place=place_id, status="exited")
        .select_related("project")
        .first()
    )
    if actor is not None and record is not None:
        pool.act(record.project, "restore", "新选址已取得初步意见，恢复入库。", by=actor, at=at)


def _bureau(place_id: int, people: People, at: datetime) -> Any:
    office = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place=place_id).first()
    return people.holder(Duty.REVIEW, office.pk, at) if office else None
