"""Hookup lists walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hookups.models import HookupLine, HookupList, MainLeader
from hookups.models.lists import Head
from hookups.policies.lists import side_of
from hookups.selectors.checks import Book, lines_of
from hookups.services import lists
from hookups.services.filing import file_verb
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Organisation, Rank, User
from ningde_projects.periods.month import midnight
from ningde_projects.projects.models import Post
from ningde_projects.workflow.door import perform
from tests.cast import SINCE, Cast

YEAR = 2026
#: Whose list it is -> who draws it up.
DRAWERS = {"xp": "bureau_xp", "fa": "bureau_fa", "gxj": "muni_department", "jtj": "muni_department2",
           "soe": "owner_sj"}  # fmt: skip


def march(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant in March 2026, in Ningde."""
    return midnight(date(YEAR, 3, day)).replace(hour=hour, minute=minute, second=second)


def person(office: Organisation, name: str, rank: Rank, *duties: Duty) -> User:
    """Someone more in an office, as the security administrator would have entered him."""
    user = User.objects.create(
        username=f"t_more_{User.objects.count()}", name=name, organisation=office, rank=rank, title="职务",
        must_change_password=False,
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(user=user, duty=duty, organisation=office, valid_from=SINCE) for duty in duties
    )
    return user


def staff(cast: Cast) -> dict[str, User]:
    """Those whom the cast lacks for complete lists: at the enterprise, in transport, at the head of Xiapu."""
    soe, jtj = cast.owner_sj.organisation, cast.muni_department2.organisation
    head = person(cast.government_xp.organisation, "县长甲", Rank.COUNTY_HEAD, Duty.LEAD, Duty.VIEW)
    MainLeader.objects.create(
        place=cast.place("XP"), head=Head.GOVERNMENT, user=head, valid_from=date(2025, 1, 1)
    )
    return {
        "soe_leader": person(soe, "国企副总", Rank.COUNTY, Duty.LEAD),
        "soe_direct": person(soe, "国企经理", Rank.TOWNSHIP, Duty.DIRECT),
        "jtj_direct": person(jtj, "交通科长", Rank.TOWNSHIP, Duty.DIRECT),
        "head_xp": head,
    }


def office_of(cast: Cast, key: str) -> Organisation:
    return cast.people[DRAWERS[key]].organisation


def begun(cast: Cast, key: str = "xp", at: datetime | None = None) -> HookupList:
    at = at or march(10)
    office = Organisation.objects.select_related("place").get(pk=office_of(cast, key).pk)
    return lists.open_list(office, at.year, by=cast.actor(cast.people[DRAWERS[key]], at), at=at)


def filled(cast: Cast, key: str = "xp", at: datetime | None = None) -> HookupList:
    """Every line with the first person whom the rules allow."""
    at = at or march(10)
    found = begun(cast, key, at)
    book = Book(found, at)
    chosen = []
    for line in lines_of(found):
        if book.fault(line, line.user):
            fitting = [u for u in book.candidates[line.post] if not book.fault(line, u)]
            chosen.append((line.pk, fitting[0] if fitting else None))
    lists.choose_many(found, chosen, by=cast.actor(cast.people[DRAWERS[key]], at), at=at)
    return found


def filed(cast: Cast, key: str = "xp", at: datetime | None = None) -> HookupList:
    at = at or march(11)
    found = filled(cast, key, at)
    perform(found, file_verb(found), by=cast.actor(cast.people[DRAWERS[key]], at), at=at)
    return found


def on_file(cast: Cast, key: str = "xp", at: datetime | None = None) -> HookupList:
    at = at or march(12)
    found = filed(cast, key, at)
    perform(found, "receive", by=cast.actor(cast.commission2, at), at=at)
    return found


def line_of(found: HookupList, project: Any, post: Post) -> HookupLine:
    return found.lines.select_related("list__office__place", "project__place", "place", "user").get(
        project=project, post=post
    )


def put(cast: Cast, line: HookupLine, user: User | None, at: datetime | None = None) -> HookupLine:
    """Name a person in a line as its office does; the rank is judged when the list is sent."""
    at = at or march(10)
    drawer = next(u for role, u in cast.people.items() if role in DRAWERS.values()
                  and u.organisation_id == line.list.office_id)  # fmt: skip
    assert side_of(line.list.office)
    return lists.choose(line, user, by=cast.actor(drawer, at), at=at, version=None)
