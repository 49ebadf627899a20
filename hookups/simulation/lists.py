"""Hookup lists in the time machine: picked and filed in March, and a person changed now and then.

A few offices file late, one list comes back; whoever cannot be named by the rules leaves the list unsent, as in life.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.playing import People, Schedule, moment, player, rng
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.refusals import Refusal

from ..models import HookupLine, HookupList
from ..policies.lists import side_of
from ..selectors.checks import Book, lines_of, picked
from ..selectors.on_file import since_filing
from ..selectors.slots import answering, key_projects, slots_of
from ..services import changing, lists, majors
from ..services.filing import file_verb
from ..services.telling import FILING_DUTY

MAJORS = 6
LATE, RETURNED = 0.12, 0.08


@player
def hookup_lists(month: Month, play: Schedule) -> None:
    """March is the season; every fourth month or so somebody is changed."""
    seed, people = play.seed, play.people
    if month.number == 3:
        play.at(moment(rng(seed, "majors", month), month, 2, 4), partial(pick_majors, month.year, people))
        play.at(moment(rng(seed, "lists", month), month, 5, 5), partial(plan_lists, month, play))
    r = rng(seed, "hookup-change", month)
    if month.number > 4 and r.random() < 0.3:
        play.at(moment(r, month, 8, 24), partial(change_someone, month, play))
    if month.number > 4:
        play.at(
            moment(rng(seed, "hookup-new", month), month, 25, 27), partial(name_for_newcomers, month, play)
        )


def commission() -> int:
    return Organisation.objects.get(kind=OrgKind.COMMISSION).pk


def pick_majors(year: int, people: People, at: datetime) -> None:
    """The largest county projects of the year."""
    actor = people.holder(Duty.DISPATCH, commission(), at)
    if actor is None or picked(year):
        return
    rows = Project.objects.filter(key_projects(), place__is_municipal=False, total_investment__isnull=False)
    for project in rows.order_by("-total_investment", "pk")[:MAJORS]:
        majors.pick(project, year, "投资规模大、带动作用强", by=actor, at=at)


def plan_lists(month: Month, play: Schedule, at: datetime) -> None:
    """Each office draws up its list on a day of its own."""
    offices = Organisation.objects.filter(pk__in=slots_of()).select_related("place").order_by("pk")
    for office in offices:
        r = rng(play.seed, "list", office.name, month.year)
        late, returned = r.random() < LATE, r.random() < RETURNED
        day = moment(r, month.next, 1, 9) if late else moment(r, month, 6, 30)
        play.at(max(day, at + timedelta(hours=1)), partial(file_list, office, play, returned))


def file_list(office: Organisation, play: Schedule, returned: bool, at: datetime) -> None:
    actor = play.people.holder(FILING_DUTY[side_of(office)], office.pk, at)
    if actor is None:
        return
    try:
        found = lists.open_list(office, local_date(at).year, by=actor, at=at)
    except Refusal:
        return  # no key project any more: no list is owed
    _fill(found, actor, at)
    if not _send(found, actor, at):
        return
    step = partial(give_back, found, play) if returned else partial(receive, found, play.people)
    play.at(at + timedelta(days=1, hours=2), step)


def _fill(found: HookupList, actor: Actor, at: datetime) -> None:
    """Every line gets the first person whom the rules allow; one statement for all."""
    book = Book(found, at)
    chosen: list[tuple[int, User | None]] = []
    for number, line in enumerate(lines_of(found)):
        if book.fault(line, line.user):
            fitting = [u for u in book.candidates.get(line.post, []) if not book.fault(line, u)]
            if fitting:
                chosen.append((line.pk, fitting[number % len(fitting)]))
    if chosen:
        lists.choose_many(found, chosen, by=actor, at=at)


def _send(found: HookupList, actor: Actor, at: datetime) -> bool:
    try:
        perform(found, file_verb(found), by=actor, at=at)
    except Refusal:
        return False  # posts that nobody of the office may fill: the list stays unsent and D12 tells of it
    return True


def give_back(found: HookupList, play: Schedule, at: datetime) -> None:
    actor = play.people.holder(Duty.DISPATCH, commission(), at)
    found.refresh_from_db()
    if actor is None or found.status != "filed":
        return
    perform(found, "return", by=actor, at=at, reason="个别直接责任人与实际分工不符，请核对后重新报送")
    play.at(at + timedelta(days=2), partial(send_again, found, play))


def send_again(found: HookupList, play: Schedule, at: datetime) -> None:
    found.refresh_from_db()
    actor = play.people.holder(FILING_DUTY[found.side], found.office_id, at)
    if actor is not None and found.status == "returned" and _send(found, actor, at):
        play.at(at + timedelta(days=1), partial(receive, found, play.people))


def receive(found: HookupList, people: People, at: datetime) -> None:
    found.refresh_from_db()
    actor = people.others(Duty.DISPATCH, commission(), at, found.filed_by_id)
    if actor is None or found.status != "filed":
        return
    try:
        perform(found, "receive", by=actor, at=at)
    except Refusal:
        return  # a rank or an account has changed since; the list waits


def change_someone(month: Month, play: Schedule, at: datetime) -> None:
    """One office changes one of its persons and files the change."""
    r = rng(play.seed, "hookup-change-who", month)
    on_file = HookupList.objects.filter(year=month.year, number=0, status="received").select_related(
        "office__place"
    )
    rows = list(on_file.order_by("pk"))
    r.shuffle(rows)
    for annual in rows:
        actor = play.people.holder(FILING_DUTY[annual.side], annual.office_id, at)
        if actor is not None and (line := _change(annual, actor, at)) is not None:
            if _send(line.list, actor, at):
                play.at(at + timedelta(days=1), partial(receive, line.list, play.people))
            return


def name_for_newcomers(month: Month, play: Schedule, at: datetime) -> None:
    """Projects promoted since the lists were filed: each office names its persons and files them as a change."""
    on_file = HookupList.objects.filter(year=month.year, number=0, status="received")
    for annual in on_file.select_related("office__place").order_by("office__name"):
        actor = play.people.holder(FILING_DUTY[annual.side], annual.office_id, at)
        if actor is None or changing.open_change(annual) is not None:
            continue
        lines = _name_newcomers(annual, actor, at)
        if lines and _send(lines[0].list, actor, at):
            play.at(at + timedelta(days=1), partial(receive, lines[0].list, play.people))


def _name_newcomers(annual: HookupList, actor: Actor, at: datetime) -> list[HookupLine]:
    book, made = Book(annual, at), []
    now = answering(slot.project.pk for slot in book.slots)
    for slot in since_filing(annual):
        line = HookupLine(list=annual, project=slot.project, place=slot.place, post=slot.post)
        holder = now.get(slot.key)
        wanted = [holder.user] if holder else []
        wanted += book.candidates.get(str(slot.post), [])
        fitting = [user for user in wanted if not book.fault(line, user)]
        if fitting:
            made.append(
                changing.change_post(
                    annual, slot, fitting[0], effective_on=local_date(at), reason="新增重点项目，补充备案",
                    by=actor, at=at,
                )
            )  # fmt: skip
    return made


def _change(annual: HookupList, actor: Actor, at: datetime) -> HookupLine | None:
    """The first post of the list that someone else may hold by the rules."""
    book = Book(annual, at)
    lines = {(x.project_id, x.place_id, x.post): x for x in lines_of(annual)}
    now = answering(slot.project.pk for slot in book.slots)
    for slot in book.slots:
        line, holder = lines.get(slot.key), now.get(slot.key)
        if line is None or holder is None:
            continue
        others = [
            u for u in book.candidates[str(slot.post)] if u.pk != holder.user_id and not book.fault(line, u)
        ]
        if others:
            return changing.change_post(
                annual, slot, others[0], effective_on=local_date(at), reason="工作分工调整", by=actor, at=at
            )
    return None
