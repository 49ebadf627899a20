"""The three-tier list in the time machine: drawn, sent, approved and issued each month; most items end, some do not.

The list of a month is drawn up after the department's opinions have come, between the 16th and the 20th of the next
month. Units sign in some days, most report progress and finish; about one in six does nothing, month after month, so
that the ladder has something to climb on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.playing import Schedule, moment, player, rng
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.refusals import Refusal

from ..models import Item, TierList
from ..services import items, tier_lists
from ..services.item_binding import unit_offices
from ..workflow.items import ITEM_OWED, ITEM_UNSETTLED, ITEM_WORKERS, ItemStatus, ListStatus

#: How large a share of the units does nothing on an item, and how many that report are sent back once.
IDLE, SENT_BACK = 0.17, 0.12

_REQUIRED = (
    "明确责任人和时间节点，月底前完成剩余征迁并移交用地", "倒排工期，补足当月欠账投资，按周报送进度",
    "完成报批要件补正并上报，限期取得批复",
    "落实资金缺口来源，出具拨付计划", "组织专题会商，确定方案并恢复施工",
)  # fmt: skip
_PROGRESS = (
    "已召开专题协调会，明确责任到人", "剩余两户已签约一户，另一户正在洽谈", "要件已补正上报，正在审核",
    "施工班组已进场，恢复施工",
)  # fmt: skip
_FINISHED = (
    "问题已解决，现场恢复施工，佐证材料见附件",
    "批复已取得，手续办结", "资金已到位并完成拨付", "征迁扫尾完成，用地已移交",
)  # fmt: skip
_VERIFIED = ("经现场核查，情况属实", "经调阅材料核实，同意销号")


@player
def lists_of_the_month(month: Month, play: Schedule) -> None:
    """Put last month's list on the clock of this month."""
    r = rng(play.seed, "tier-list", month)
    drawn = moment(r, month, 16, 18)
    play.at(drawn, partial(_draw_up, play, month.previous))


def _commission() -> Organisation | None:
    return Organisation.objects.filter(kind=OrgKind.COMMISSION, is_active=True).first()


def _draw_up(play: Schedule, month: Month, at: datetime) -> None:
    office = _commission()
    by = play.people.holder(Duty.DISPATCH, office.pk, at) if office else None
    if office is None or by is None:
        return
    found = tier_lists.begin_list(month, by=by, at=at)
    for item in Item.objects.filter(listings__list=found, status=ItemStatus.PROPOSED).select_related(
        "project", "unit"
    ):
        _write(play, item, by, office, at)
    if not found.listings.exclude(item__status=ItemStatus.REMOVED).exists():
        return
    tier_lists.send(found, by=by, at=at + timedelta(hours=1))
    play.at(at + timedelta(hours=20), partial(_pass, play, found.pk, office.pk))


def _write(play: Schedule, item: Item, by: Actor, office: Organisation, at: datetime) -> None:
    """What the commission adds where nothing could be proposed."""
    r = rng(play.seed, "item", item.project.name, item.part_id is None, item.first_month)
    values: dict[str, object] = {"pace": "weekly" if r.random() < 0.2 else "monthly"}
    if not item.requirement:
        values["requirement"] = r.choice(_REQUIRED)
    if item.unit is None:
        values["unit"] = office
    tier_lists.edit_item(item, values, by=by, at=at, version=None)


def _pass(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    found = TierList.objects.get(pk=pk)
    by = play.people.others(Duty.SIGN, office_id, at, found.sent_by_id)
    if by is None or found.status != ListStatus.REVIEWING:
        return
    tier_lists.pass_on(found, by=by, at=at)
    play.at(at + timedelta(hours=22), partial(_approve, play, pk, office_id))


def _approve(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    found = TierList.objects.get(pk=pk)
    government = Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT).first()
    by = play.people.holder(Duty.APPROVE, government.pk, at) if government else None
    if by is None or found.status != ListStatus.APPROVING:
        return
    tier_lists.approve(found, by=by, at=at, opinion="同意")
    play.at(at + timedelta(hours=4), partial(_issue, play, pk, office_id))


def _issue(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    found = TierList.objects.get(pk=pk)
    by = play.people.holder(Duty.DISPATCH, office_id, at)
    if by is None or found.status != ListStatus.APPROVED:
        return
    tier_lists.issue(found, by=by, at=at)
    rows = Item.objects.filter(listings__list=found, status__in=ITEM_UNSETTLED).select_related(
        "project", "unit"
    )
    for item in rows:
        r = rng(play.seed, "work", item.project.name, item.part_id is None, item.first_month, found.month)
        _put_on_clock(play, item, r, at, office_id)


def _put_on_clock(play: Schedule, item: Item, r: Random, at: datetime, office_id: int) -> None:
    if item.status == ItemStatus.ISSUED:
        play.at(at + timedelta(days=r.randint(1, 4), hours=1), partial(_sign, play, item.pk))
    habit = rng(play.seed, "habit", item.project.name, item.first_month)
    if habit.random() < IDLE:
        if r.random() < 0.8:
            play.at(at + timedelta(days=20, hours=2), partial(_chase, play, item.pk, office_id))
        return
    play.at(at + timedelta(days=r.randint(5, 8), hours=2), partial(_progress, play, item.pk))
    if r.random() < 0.7:
        play.at(at + timedelta(days=r.randint(9, 22), hours=3), partial(_finish, play, item.pk, office_id))
    else:
        play.at(at + timedelta(days=15, hours=2), partial(_check, play, item.pk, office_id))


def _worker(play: Schedule, item: Item, at: datetime) -> Actor | None:
    for office in sorted(unit_offices(item.unit)):
        for _suffix, duty in ITEM_WORKERS:
            if (by := play.people.holder(duty, office, at)) is not None:
                return by
    return None


def _load(pk: int) -> Item:
    found: Item = Item.objects.select_related("project", "unit", "leader").get(pk=pk)
    return found


def _sign(play: Schedule, pk: int, at: datetime) -> None:
    item = _load(pk)
    by = _worker(play, item, at)
    if by is not None and item.status == ItemStatus.ISSUED:
        items.sign_for(item, by=by, at=at)


def _progress(play: Schedule, pk: int, at: datetime) -> None:
    item = _load(pk)
    by = _worker(play, item, at)
    if by is not None and item.status == ItemStatus.WORKING:
        items.progress(
            item, by=by, at=at, text=rng(play.seed, "said", item.number, at.date()).choice(_PROGRESS)
        )


def _finish(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    item = _load(pk)
    by = _worker(play, item, at)
    if by is None or item.status != ItemStatus.WORKING:
        return
    r = rng(play.seed, "finished", item.number, local_date(at))
    items.finish(item, by=by, at=at, text=r.choice(_FINISHED))
    play.at(
        at + timedelta(days=r.randint(1, 5), hours=1),
        partial(_verify, play, pk, office_id, r.random() < SENT_BACK),
    )


def _verify(play: Schedule, pk: int, office_id: int, back: bool, at: datetime) -> None:
    item = _load(pk)
    if item.status != ItemStatus.DONE:
        return
    text = "佐证材料不足，请补充现场照片和批复" if back else rng(play.seed, item.number).choice(_VERIFIED)
    for number in range(2):
        by = play.people.holder(Duty.DISPATCH, office_id, at, number=number)
        if by is None:
            return
        try:
            perform(item, "send_back" if back else "verify", by=by, at=at, reason=text)
        except Refusal:  # he reported it himself: his colleague verifies
            continue
        return


def _chase(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    _by_commission(play, pk, office_id, "chase", "请尽快反馈整改进展", at)


def _check(play: Schedule, pk: int, office_id: int, at: datetime) -> None:
    _by_commission(play, pk, office_id, "check", "电话了解进展，督促按期完成", at)


def _by_commission(play: Schedule, pk: int, office_id: int, verb: str, text: str, at: datetime) -> None:
    item = _load(pk)
    by = play.people.holder(Duty.DISPATCH, office_id, at)
    if by is not None and item.status in ITEM_OWED:
        perform(item, verb, by=by, at=at, reason=text)
