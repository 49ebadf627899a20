"""Reads rows of published project lists: what the words of newspapers and approvals mean for the register.

Plain values, no ORM. Blank stays blank: nothing is made up here, and the words as published are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from ningde_projects.organizations.basics import MUNICIPAL, PLACES

from .models import Level, Stage

COLUMNS = (
    "name", "county", "industry", "owner", "total_investment_wan", "annual_plan_wan", "level", "status",
    "construction_content", "source_url",
)  # fmt: skip

#: Beginning of the published status -> stage, the first that fits.
_STAGES: tuple[tuple[str, Stage], ...] = (
    ("一期投产", Stage.UNDER_WAY),
    ("竣工", Stage.COMPLETED),
    ("投产", Stage.COMPLETED),
    ("待竣工验收", Stage.UNDER_WAY),
    ("在建", Stage.UNDER_WAY),
    ("新开工", Stage.UNDER_WAY),
    ("动工", Stage.UNDER_WAY),
    ("蓄水", Stage.UNDER_WAY),
    ("计划新开工", Stage.PRELIMINARY),
    ("前期", Stage.PRELIMINARY),
    ("预备", Stage.PRELIMINARY),
    ("核准", Stage.PRELIMINARY),
    ("招标", Stage.PRELIMINARY),
    ("中标", Stage.PRELIMINARY),
    ("签约", Stage.PLANNING),
    ("谋划", Stage.PLANNING),
)

#: Words in the name that decide between the departments of an industry; the last entry is the default.
_CITY_DEPARTMENT: dict[str, tuple[tuple[str, str], ...]] = {
    "工业科技": (("", "gxj"),),
    "交通": (("", "jtj"),),
    "能源": (("", "fgw"),),
    "农林水利": (
        (r"渔|海水|养殖|大黄鱼", "hyj"),
        (r"供水|引供水|防洪|水库|水利|渠|海堤|围垦|水系", "slj"),
        (r"林", "lyj"),
        ("", "nyj"),
    ),
    "城建环保": ((r"污水|垃圾|生态|美丽海湾|环保", "hbj"), ("", "zjj")),
    "服务业": ((r"旅游|景区|酒店|小镇|文化", "wlj"), ("", "swj")),
    "社会事业": (
        (r"医院|卫生院|疾控|保健|防治院|门诊", "wjw"),
        (r"幼儿园|小学|中学|学院|学校|实训", "jyj"),
        (r"福利|老年|养老", "mzj"),
        ("", "wlj"),
    ),
}
#: Departments that a county does not have, and who does their work there.
_COUNTY_INSTEAD = {"fgw": "gxj", "hyj": "nyj", "hbj": "zjj", "wjw": "wjj", "mzj": "wjj", "cgj": "zjj"}

#: Enterprises of the municipality among the published owners (facts.md §8.3).
MUNICIPAL_ENTERPRISES = (
    "宁德市交通投资集团有限公司",
    "福建闽东电力股份有限公司",
    "宁德市三都澳新区开发建设有限公司",
    "市临港公司",
)


@dataclass(frozen=True)
class PublishedRow:
    """One row as published, and what it says about the register's fields. Money in 万元."""

    number: int
    name: str
    places: tuple[str, ...]
    industry: str
    owner: str
    total_investment: Decimal | None
    annual_plan: Decimal | None
    level: Level
    stage: Stage
    status: str
    content: str
    source: str
    township: str = ""
    plan_year: int | None = None
    started_on: date | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def place(self) -> str:
        """The lead place; several or none make the project municipal-managed."""
        return self.places[0] if self.places else MUNICIPAL

    @property
    def is_municipal(self) -> bool:
        return len(self.places) != 1 or self.places == (MUNICIPAL,)


def read_rows(
    rows: Iterable[Mapping[str, str]], townships: Mapping[str, tuple[str, ...]] | None = None
) -> list[PublishedRow]:
    """All rows; `townships` holds the names by place code. ValueError names the row and what is wrong."""
    return [_read(number, row, townships or {}) for number, row in enumerate(rows, start=2)]


def _read(number: int, row: Mapping[str, str], townships: Mapping[str, tuple[str, ...]]) -> PublishedRow:
    missing = [column for column in COLUMNS if column not in row]
    if missing:
        raise ValueError(f"row {number}: no column {', '.join(missing)}")
    text = {column: (row[column] or "").strip() for column in COLUMNS}
    if not text["name"]:
        raise ValueError(f"row {number}: no name")
    places = places_of(text["county"], number)
    status = text["status"]
    remarks = []
    stage, is_sure = stage_of(status)
    if not is_sure:
        remarks.append("the stage is not published; taken as preliminary work")
    source = text["source_url"]
    if text["level"]:
        source += f"\n公布的级别：{text['level']}"
    if len(places) > 1:
        source += f"\n公布的地点：{text['county']}"
    return PublishedRow(
        number=number,
        name=text["name"],
        places=places,
        industry=text["industry"],
        owner=owner_name(text["owner"]),
        total_investment=amount(text["total_investment_wan"], number),
        annual_plan=amount(text["annual_plan_wan"], number),
        level=level_of(text["level"]),
        stage=stage,
        status=status,
        content=text["construction_content"],
        source=source,
        township=_township(text["name"] + text["construction_content"], places, townships),
        plan_year=_year(status),
        started_on=_day(status) if status.startswith("新开工") else None,
        remarks=tuple(remarks),
    )


def places_of(county: str, number: int = 0) -> tuple[str, ...]:
    """Codes of the places named, in their order: '跨县(蕉城区、古田县)' -> ('JC', 'GT'); blank -> ()."""
    if not county:
        return ()
    inside = re.match(r"^跨县[（(](.+)[）)]$", county)
    names = re.split(r"[、,，]", inside.group(1)) if inside else [county]
    codes = []
    for name in names:
        code = next((row[0] for row in PLACES if name.strip() in (row[1], row[2], f"{row[2]}开发区")), None)
        if code is None:
            raise ValueError(f"row {number}: unknown county {name!r}")
        codes.append(code)
    return tuple(codes)


def stage_of(status: str) -> tuple[Stage, bool]:
    """The stage that a published status means, and whether it says so itself."""
    for beginning, stage in _STAGES:
        if status.startswith(beginning):
            return stage, True
    return Stage.PRELIMINARY, False


def level_of(text: str) -> Level:
    """省重点 also when both are named; other lists ('省集中开工' …) are no key-project lists."""
    if re.search(r"省重点|省、市重点|省在建重点", text):
        return Level.PROVINCIAL
    return Level.MUNICIPAL if "市重点" in text else Level.OTHER


def owner_name(text: str) -> str:
    """The enterprise alone: '招标人:' before it and remarks in brackets after it are no part of a name."""
    return re.sub(
        r"[（(](?:[^（()）]*(?:参股|合作|中标)[^（()）]*)[）)]$", "", text.removeprefix("招标人:")
    ).strip()


def amount(text: str, number: int = 0) -> Decimal | None:
    """万元; blank is not stated."""
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"row {number}: {text!r} is no amount") from None


def city_department(industry: str, name: str) -> str:
    """Key of the municipal department that leads a project of this industry and name."""
    for words, key in _CITY_DEPARTMENT.get(industry, ()):
        if re.search(words, name):
            return key
    return ""


def county_department(industry: str, name: str) -> str:
    key = city_department(industry, name)
    return _COUNTY_INSTEAD.get(key, key)


def _township(text: str, places: tuple[str, ...], townships: Mapping[str, tuple[str, ...]]) -> str:
    """The one township of the one place that the text names; two or none stay blank."""
    if len(places) != 1:
        return ""
    found = {name for name in townships.get(places[0], ()) if name in text}
    return found.pop() if len(found) == 1 else ""


def _year(status: str) -> int | None:
    found = re.search(r"\b(20\d\d)\b", status, re.ASCII)
    return int(found.group(1)) if found else None


def _day(status: str) -> date | None:
    found = re.search(r"(20\d\d)-(\d\d)-(\d\d)", status)
    return date(*map(int, found.groups())) if found else None
