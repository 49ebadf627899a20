"""The cast: the people that the tests speak of, each with a one-line biography, and their four projects.

Two counties (霞浦 XP, 福安 FA) with every duty, the municipal level, one owner each. Texts of each office's
rows carry its canary (`cast.canary("xp")`): what must not be seen is looked for by these words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from ningde_projects.organizations.actor import Actor, load_actor
from ningde_projects.organizations.basics import (
    Office,
    city_offices,
    county_offices,
    load_industries,
    load_offices,
    load_places,
    office,
)
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Industry, Organisation, Place, Rank, User
from ningde_projects.periods.month import midnight
from ningde_projects.projects.models import (
    AnnualPlan,
    Level,
    Management,
    Post,
    Project,
    ProjectPart,
    Responsible,
    Stage,
)

SINCE = midnight(date(2023, 11, 6))
PASSWORD = "Fern-Kiosk-27-Lagoon"
YEARS = range(2025, 2029)
_CITY_KEYS = {"zf", "fgw", "gxj", "jtj", "zrj", "tjj", "xnb"}
_COUNTY_KEYS = {"zf", "fgj", "gxj", "jtj"}
CANARIES = {
    "xp": "鸢尾霞浦", "fa": "石斛福安", "municipal": "木棉市管", "cross": "银杏跨县",
    "owner_xp": "白鹭霞浦业主", "owner_fa": "夜莺福安业主", "owner_sj": "信鸽市属业主",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A role of the cast: its office (place, key), duties, and who this is."""

    place: str
    key: str
    duties: tuple[Duty, ...]
    biography: str
    rank: Rank = Rank.STAFF
    name: str = ""


CAST: dict[str, Person] = {
    "owner_xp": Person(
        "XP", "yz", (Duty.REPORT,), "files the reports of the Xiapu owner", Rank.NONE, "郑示安"
    ),
    "owner_fa": Person(
        "FA", "yz", (Duty.REPORT,), "files the reports of the Fu'an owner", Rank.NONE, "林例川"
    ),
    "owner_sj": Person("SJ", "yz", (Duty.REPORT,), "files for the municipal enterprise", Rank.NONE, "陈样青"),
    "bureau_xp": Person("XP", "fgj", (Duty.REVIEW,), "reads every report of Xiapu", name="黄文澜"),
    "bureau2_xp": Person("XP", "fgj", (Duty.REVIEW,), "her colleague, compiles the summary", name="吴海棠"),
    "bureau_head_xp": Person(
        "XP", "fgj", (Duty.REVIEW, Duty.DIRECT, Duty.VIEW), "heads the Xiapu bureau", Rank.TOWNSHIP, "李若溪"
    ),
    "bureau_fa": Person("FA", "fgj", (Duty.REVIEW,), "reads every report of Fu'an", name="王知远"),
    "bureau_head_fa": Person(
        "FA", "fgj", (Duty.REVIEW, Duty.VIEW), "heads the Fu'an bureau", Rank.TOWNSHIP, "张景行"
    ),
    "government_xp": Person(
        "XP",
        "zf",
        (Duty.APPROVE, Duty.LEAD, Duty.VIEW),
        "vice-head of Xiapu, approves",
        Rank.COUNTY,
        "刘闻笛",
    ),
    "government2_xp": Person(
        "XP", "zf", (Duty.APPROVE, Duty.LEAD), "the other vice-head of Xiapu", Rank.COUNTY, "蔡清和"
    ),
    "government_fa": Person(
        "FA", "zf", (Duty.APPROVE, Duty.LEAD, Duty.VIEW), "vice-head of Fu'an", Rank.COUNTY, "杨望舒"
    ),
    "department_xp": Person("XP", "gxj", (Duty.HANDLE,), "handles industry in Xiapu", name="许砚秋"),
    "direct_xp": Person(
        "XP",
        "gxj",
        (Duty.DIRECT, Duty.SIGN),
        "answers directly for the Xiapu project",
        Rank.TOWNSHIP,
        "叶听雨",
    ),
    "department2_xp": Person("XP", "jtj", (Duty.HANDLE,), "handles transport in Xiapu", name="苏云帆"),
    "department_fa": Person("FA", "gxj", (Duty.HANDLE,), "handles industry in Fu'an", name="谢子衿"),
    "direct_fa": Person(
        "FA",
        "gxj",
        (Duty.DIRECT, Duty.SIGN),
        "answers directly for the Fu'an project",
        Rank.TOWNSHIP,
        "周南枝",
    ),
    "commission": Person(
        "SJ", "fgw", (Duty.DISPATCH, Duty.DIRECT), "dispatches for the commission", Rank.TOWNSHIP, "缪星野"
    ),
    "commission2": Person("SJ", "fgw", (Duty.DISPATCH,), "dispatches too", Rank.TOWNSHIP, "雷怀瑾"),
    "commission_head": Person(
        "SJ", "fgw", (Duty.SIGN, Duty.LEAD, Duty.VIEW), "deputy head of the commission", Rank.COUNTY, "蓝沐阳"
    ),
    "muni_department": Person(
        "SJ", "gxj", (Duty.HANDLE, Duty.DIRECT), "writes opinions on industry", Rank.TOWNSHIP, "钟采薇"
    ),
    "muni_signer": Person(
        "SJ", "gxj", (Duty.SIGN, Duty.LEAD), "deputy head, signs them, leads", Rank.COUNTY, "余长风"
    ),
    "muni_department2": Person("SJ", "jtj", (Duty.HANDLE,), "writes opinions on transport", name="魏明溪"),
    "muni_signer2": Person("SJ", "jtj", (Duty.SIGN, Duty.LEAD), "signs those", Rank.COUNTY, "阮书白"),
    "muni_factor": Person(
        "SJ", "zrj", (Duty.HANDLE,), "land: a department that leads no project", name="薛竹君"
    ),
    "city_government": Person(
        "SJ", "zf", (Duty.APPROVE, Duty.LEAD, Duty.VIEW), "approves for the city", Rank.NONE, "卓晚晴"
    ),
    "statistics": Person("SJ", "tjj", (Duty.STATISTICS,), "keeps the statistics", name="彭乐山"),
    "oversight": Person("SJ", "xnb", (Duty.SUPERVISE,), "efficiency office", name="游思齐"),
    "viewer_xp": Person("XP", "fgj", (Duty.VIEW,), "reads along in Xiapu, does nothing", name="汤鹿鸣"),
    "admin_system": Person("SJ", "fgw", (Duty.ADMIN_SYSTEM,), "keeps offices and accounts", name="程归帆"),
    "admin_security": Person("SJ", "fgw", (Duty.ADMIN_SECURITY,), "keeps rights", name="龚晓岚"),
    "admin_audit": Person("SJ", "fgw", (Duty.ADMIN_AUDIT,), "reads the record", name="陆松月"),
    "idle": Person("XP", "fgj", (), "has an account and no duty", name="江静好"),
    "disabled": Person("XP", "fgj", (Duty.REVIEW,), "left the bureau; the account is closed", name="何远舟"),
}


class Cast:
    """People as attributes (`cast.owner_xp`), projects too (`cast.project_xp`)."""

    owner_xp: User
    owner_fa: User
    owner_sj: User
    bureau_xp: User
    bureau2_xp: User
    bureau_head_xp: User
    bureau_fa: User
    bureau_head_fa: User
    government_xp: User
    government2_xp: User
    government_fa: User
    department_xp: User
    direct_xp: User
    department2_xp: User
    department_fa: User
    direct_fa: User
    commission: User
    commission2: User
    commission_head: User
    muni_department: User
    muni_signer: User
    muni_department2: User
    muni_signer2: User
    muni_factor: User
    city_government: User
    statistics: User
    oversight: User
    viewer_xp: User
    admin_system: User
    admin_security: User
    admin_audit: User
    idle: User
    disabled: User
    project_xp: Project
    project_fa: Project
    project_municipal: Project
    project_cross: Project

    def __init__(self) -> None:
        _offices()
        self.people = _people()
        for role, user in self.people.items():
            setattr(self, role, user)
        self.projects = _projects(self.people)
        for name, project in self.projects.items():
            setattr(self, name, project)

    @staticmethod
    def canary(key: str) -> str:
        """The word that only these rows carry: xp, fa, municipal, cross, owner_xp, owner_fa, owner_sj."""
        return CANARIES[key]

    @staticmethod
    def biography(role: str) -> str:
        return CAST[role].biography

    @staticmethod
    def place(code: str) -> Place:
        return Place.objects.get(code=code)

    @staticmethod
    def office(place: str, key: str) -> Organisation:
        """`cast.office("XP", "fgj")`; keys of organizations.basics, and "yz" for the owner."""
        if key == "yz":
            return Organisation.objects.get(place__code=place, kind=OrgKind.OWNER)
        return office(place, key)

    @staticmethod
    def actor(user: User, at: datetime) -> Actor:
        """The person with the duties held at the instant."""
        return load_actor(user, at, ip="127.0.0.1", request_id="test")

    @staticmethod
    def login(client: Client, user: User) -> Client:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client


def _offices() -> None:
    load_places()
    load_industries()
    wanted: list[Office] = [row for row in city_offices() if row.key in _CITY_KEYS]
    for code in ("XP", "FA"):
        wanted += [row for row in county_offices(code) if row.key in _COUNTY_KEYS]
    load_offices(wanted)
    places = {place.code: place for place in Place.objects.all()}
    owners = [("XP", "霞浦", False), ("FA", "福安", False), ("SJ", "市属", True)]
    Organisation.objects.bulk_create(
        Organisation(
            place=places[code],
            name=f"{word}建设有限公司（{CANARIES['owner_' + code.lower()]}）",
            short_name=f"{word}建设（{CANARIES['owner_' + code.lower()]}）",
            kind=OrgKind.OWNER,
            is_municipal_enterprise=is_municipal,
        )
        for code, word, is_municipal in owners
    )


def _people() -> dict[str, User]:
    names = {(row.place, row.name): row.key for row in city_offices()}
    for code in ("XP", "FA"):
        names |= {(row.place, row.name): row.key for row in county_offices(code)}
    offices = {
        (row.place.code, names.get((row.place.code, row.name), "yz")): row
        for row in Organisation.objects.select_related("place")
    }
    encoded = make_password(PASSWORD)
    people = {
        role: User(
            username=f"t_{role}",
            name=person.name,
            organisation=offices[person.place, person.key],
            title=person.biography[:40],
            rank=person.rank,
            phone=f"1000000{number:04d}",
            password=encoded,
            must_change_password=False,
            is_active=role != "disabled",
        )
        for number, (role, person) in enumerate(CAST.items())
    }
    User.objects.bulk_create(people.values())
    Assignment.objects.bulk_create(
        Assignment(user=people[role], duty=duty, organisation=people[role].organisation, valid_from=SINCE)
        for role, person in CAST.items()
        for duty in person.duties
    )
    return people


def _projects(people: dict[str, User]) -> dict[str, Project]:
    industries = {row.code: row for row in Industry.objects.all()}
    xp, fa, sj = (people[f"owner_{code}"].organisation for code in ("xp", "fa", "sj"))
    gxj, jtj = people["muni_department"].organisation, people["muni_department2"].organisation
    common: dict[str, Any] = {"stage": Stage.UNDER_WAY, "start_year": 2025, "end_year": 2027}
    projects = {
        "project_xp": Project(
            name=f"霞浦滨海产业园（{CANARIES['xp']}）", content=f"厂房12万平方米，{CANARIES['xp']}",
            code="2403-350921-04-01-123456", place=xp.place, owner=xp, industry=industries["manufacturing"],
            municipal_department=gxj, county_department=people["department_xp"].organisation,
            level=Level.PROVINCIAL, total_investment=36000, **common,
        ),
        "project_fa": Project(
            name=f"福安电机园（{CANARIES['fa']}）", content=f"生产线三条，{CANARIES['fa']}",
            place=fa.place, owner=fa, industry=industries["manufacturing"], municipal_department=gxj,
            county_department=people["department_fa"].organisation, level=Level.MUNICIPAL,
            total_investment=24000, **common,
        ),
        "project_municipal": Project(
            name=f"宁德快速通道（{CANARIES['municipal']}）", content=f"主线18公里，{CANARIES['municipal']}",
            place=sj.place, owner=sj, industry=industries["transport"], municipal_department=jtj,
            management=Management.MUNICIPAL, level=Level.MUNICIPAL, total_investment=180000, **common,
        ),
        "project_cross": Project(
            name=f"霞浦至福安公路（{CANARIES['cross']}）", content=f"全长42公里，{CANARIES['cross']}",
            place=xp.place, owner=sj, industry=industries["transport"], municipal_department=jtj,
            county_department=people["department2_xp"].organisation, management=Management.MUNICIPAL,
            level=Level.PROVINCIAL, total_investment=90000, **common,
        ),
    }  # fmt: skip
    Project.objects.bulk_create(projects.values())
    cross = projects["project_cross"]
    parts = [
        ProjectPart(project=cross, place=xp.place, owner=xp, is_lead=True, total_investment=50000,
                    county_department=people["department2_xp"].organisation),
        ProjectPart(project=cross, place=fa.place, owner=fa, total_investment=40000),
    ]  # fmt: skip
    ProjectPart.objects.bulk_create(parts)
    plans = [("project_xp", None, 12000), ("project_fa", None, 9600), ("project_municipal", None, 48000),
             ("project_cross", parts[0], 18000), ("project_cross", parts[1], 12000)]  # fmt: skip
    AnnualPlan.objects.bulk_create(
        AnnualPlan(project=projects[name], part=part, year=year, investment=sum_)
        for name, part, sum_ in plans
        for year in YEARS
    )
    answering = [
        ("project_xp", Post.COUNTY_LEADER, "government_xp"), ("project_xp", Post.COUNTY_DIRECT, "direct_xp"),
        ("project_xp", Post.INDUSTRY_LEADER, "muni_signer"),
        ("project_xp", Post.INDUSTRY_DIRECT, "muni_department"),
        ("project_fa", Post.COUNTY_LEADER, "government_fa"), ("project_fa", Post.COUNTY_DIRECT, "direct_fa"),
        ("project_municipal", Post.INDUSTRY_LEADER, "muni_signer2"),
    ]  # fmt: skip
    Responsible.objects.bulk_create(
        Responsible(project=projects[name], post=post, user=people[role], valid_from=date(2025, 1, 1))
        for name, post, role in answering
    )
    return projects


@pytest.fixture
def cast(db: None) -> Cast:
    """Two counties, the city, everyone in them, and their projects; in some twenty statements."""
    return Cast()
