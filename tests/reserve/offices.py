"""Who else takes part in measure 2: finance and land, in the city and in both counties of the cast."""

from __future__ import annotations

from dataclasses import dataclass, field

from ningde_projects.organizations.basics import city_offices, county_offices, load_offices, office
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Organisation, Rank, User
from tests.cast import SINCE, Cast

#: role -> place, office, duties, name
MORE: dict[str, tuple[str, str, tuple[Duty, ...], str]] = {
    "finance": ("SJ", "czj", (Duty.HANDLE,), "高财办"),
    "finance_signer": ("SJ", "czj", (Duty.SIGN,), "方财签"),
    "land_signer": ("SJ", "zrj", (Duty.SIGN,), "丁资签"),
    "energy": ("SJ", "fgw", (Duty.HANDLE,), "邱能源"),
    "approver2": ("SJ", "zf", (Duty.APPROVE,), "孙审定"),
    "finance_xp": ("XP", "czj", (Duty.HANDLE,), "范霞财"),
    "finance_signer_xp": ("XP", "czj", (Duty.SIGN,), "潘霞签"),
    "land_xp": ("XP", "zrj", (Duty.HANDLE,), "曾霞资"),
    "land_signer_xp": ("XP", "zrj", (Duty.SIGN,), "何霞资签"),
    "finance_fa": ("FA", "czj", (Duty.HANDLE,), "江福财"),
}


@dataclass
class Offices:
    """The cast with these people beside it."""

    cast: Cast
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    def office(self, place: str, key: str) -> Organisation:
        return office(place, key)


def open_offices(cast: Cast) -> Offices:
    wanted = [row for row in city_offices() if row.key == "czj"]
    for code in ("XP", "FA"):
        wanted += [row for row in county_offices(code) if row.key in ("czj", "zrj")]
    load_offices(wanted)
    people = dict(cast.people)
    for role, (place, key, duties, name) in MORE.items():
        where = office(place, key)
        user = User.objects.create(
            username=f"t_{role}", name=name, organisation=where, rank=Rank.TOWNSHIP, must_change_password=False,
            password="!",
        )  # fmt: skip
        Assignment.objects.bulk_create(
            Assignment(user=user, duty=duty, organisation=where, valid_from=SINCE) for duty in duties
        )
        people[role] = user
    return Offices(cast, people)
