"""What every installation starts with: places, industries, offices of the chain (facts.md §5.1, §5.6, §8).

Official names are data and stay Chinese. Full names of departments, the pairing of industries with
departments and the county departments listed here are our reading of practice; the system administrator
edits them afterwards, and loading again neither undoes an edit nor brings back an office renamed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction

from .duties import OrgKind
from .models import Industry, Organisation, Place

MUNICIPAL = "SJ"
#: key, name, short name, GB/T 2260 code, statistics code. 东侨 has no six-digit code of its own (point 1).
PLACES: tuple[tuple[str, str, str, str, str], ...] = (
    (MUNICIPAL, "市本级", "市本级", "350900", ""),
    ("JC", "蕉城区", "蕉城", "350902", ""),
    ("XP", "霞浦县", "霞浦", "350921", ""),
    ("GT", "古田县", "古田", "350922", ""),
    ("PN", "屏南县", "屏南", "350923", ""),
    ("SN", "寿宁县", "寿宁", "350924", ""),
    ("ZN", "周宁县", "周宁", "350925", ""),
    ("ZR", "柘荣县", "柘荣", "350926", ""),
    ("FA", "福安市", "福安", "350981", ""),
    ("FD", "福鼎市", "福鼎", "350982", ""),
    ("DQ", "东侨经济技术开发区", "东侨", "350902", "350902500"),
)
COUNTIES: tuple[str, ...] = tuple(row[0] for row in PLACES if row[0] != MUNICIPAL)

INDUSTRIES: tuple[tuple[str, str], ...] = (
    ("manufacturing", "工业科技"),
    ("transport", "交通"),
    ("energy", "能源"),
    ("urban", "城建环保"),
    ("social", "社会事业"),
    ("services", "服务业"),
    ("agriculture", "农林水利"),
)

GOVERNMENT, BUREAU = "zf", "fgj"
COMMISSION, CITY_GOVERNMENT = "fgw", "zf"


@dataclass(frozen=True)
class Office:
    """An office by the key that also begins its people's account names (`xp_fgj_…`)."""

    place: str
    key: str
    name: str
    short_name: str
    kind: OrgKind
    industries: tuple[str, ...] = ()
    is_factor: bool = False
    order: int = 0


_CITY_DEPARTMENTS: tuple[tuple[str, str, str, tuple[str, ...], bool], ...] = (
    ("gxj", "工业和信息化局", "市工信局", ("manufacturing",), False),
    ("jtj", "交通运输局", "市交通运输局", ("transport",), False),
    ("slj", "水利局", "市水利局", ("agriculture",), False),
    ("nyj", "农业农村局", "市农业农村局", ("agriculture",), False),
    ("lyj", "林业局", "市林业局", ("agriculture",), True),
    ("hyj", "海洋与渔业局", "市海洋与渔业局", ("agriculture",), True),
    ("zjj", "住房和城乡建设局", "市住建局", ("urban",), False),
    ("hbj", "生态环境局", "市生态环境局", ("urban",), True),
    ("cgj", "城市管理局", "市城管局", ("urban",), False),
    ("swj", "商务局", "市商务局", ("services",), False),
    ("wlj", "文化和旅游局", "市文旅局", ("services", "social"), False),
    ("jyj", "教育局", "市教育局", ("social",), False),
    ("wjw", "卫生健康委员会", "市卫健委", ("social",), False),
    ("mzj", "民政局", "市民政局", ("social",), False),
    ("czj", "财政局", "市财政局", (), True),
    ("zrj", "自然资源局", "市自然资源局", (), True),
    ("gzw", "人民政府国有资产监督管理委员会", "市国资委", (), False),
    ("tjj", "统计局", "市统计局", (), False),
)
_COUNTY_DEPARTMENTS: tuple[tuple[str, str, str, tuple[str, ...], bool], ...] = (
    # Energy lies with the commission in the city; in the counties no department of that name exists.
    ("gxj", "工业和信息化局", "工信局", ("manufacturing", "energy"), False),
    ("jtj", "交通运输局", "交通运输局", ("transport",), False),
    ("slj", "水利局", "水利局", ("agriculture",), False),
    ("nyj", "农业农村局", "农业农村局", ("agriculture",), False),
    ("lyj", "林业局", "林业局", ("agriculture",), True),
    ("zjj", "住房和城乡建设局", "住建局", ("urban",), False),
    ("swj", "商务局", "商务局", ("services",), False),
    ("wlj", "文化体育和旅游局", "文旅局", ("services", "social"), False),
    ("jyj", "教育局", "教育局", ("social",), False),
    ("wjj", "卫生健康局", "卫健局", ("social",), False),
    ("zrj", "自然资源局", "自然资源局", (), True),
    ("czj", "财政局", "财政局", (), True),
)
_CITY_OTHERS: tuple[tuple[str, str, str, OrgKind], ...] = (
    ("dcs", "宁德市人民政府督查室", "市政府督查室", OrgKind.OVERSIGHT),
    ("xnb", "宁德市机关效能建设领导小组办公室", "市效能办", OrgKind.OVERSIGHT),
    ("jwj", "中共宁德市纪律检查委员会、宁德市监察委员会", "市纪委监委", OrgKind.OVERSIGHT),
    ("zzb", "中共宁德市委组织部", "市委组织部", OrgKind.OVERSIGHT),
    ("dst", "宁德电视台", "宁德电视台", OrgKind.MEDIA),
    ("mdb", "闽东日报社", "闽东日报", OrgKind.MEDIA),
)


def city_offices() -> list[Office]:
    """The municipal offices, government first."""
    rows = [
        Office(MUNICIPAL, CITY_GOVERNMENT, "宁德市人民政府", "市政府", OrgKind.MUNICIPAL_GOVERNMENT),
        Office(MUNICIPAL, COMMISSION, "宁德市发展和改革委员会", "市发改委", OrgKind.COMMISSION, ("energy",)),
    ]
    rows += [
        Office(MUNICIPAL, key, f"宁德市{name}", short, OrgKind.MUNICIPAL_DEPARTMENT, industries, factor)
        for key, name, short, industries, factor in _CITY_DEPARTMENTS
    ]
    rows += [Office(MUNICIPAL, key, name, short, kind) for key, name, short, kind in _CITY_OTHERS]
    return _numbered(rows)


def county_offices(code: str) -> list[Office]:
    """Government (or committee), bureau and departments of one reporting place."""
    name, short = next((row[1], row[2]) for row in PLACES if row[0] == code)
    if code == "DQ":
        government = Office(
            code, GOVERNMENT, f"宁德{name}管理委员会", "东侨管委会", OrgKind.COUNTY_GOVERNMENT
        )
        prefix, shorter = f"宁德{name}", short
    else:
        government = Office(code, GOVERNMENT, f"{name}人民政府", f"{name}政府", OrgKind.COUNTY_GOVERNMENT)
        prefix, shorter = name, name
    rows = [
        government,
        Office(code, BUREAU, f"{prefix}发展和改革局", f"{shorter}发改局", OrgKind.COUNTY_BUREAU),
    ]
    rows += [
        Office(
            code, key, f"{prefix}{full}", f"{shorter}{brief}", OrgKind.COUNTY_DEPARTMENT, industries, factor
        )
        for key, full, brief, industries, factor in _COUNTY_DEPARTMENTS
    ]
    return _numbered(rows)


def all_offices() -> list[Office]:
    return city_offices() + [office for code in COUNTIES for office in county_offices(code)]


def _numbered(rows: list[Office]) -> list[Office]:
    return [Office(**{**row.__dict__, "order": number}) for number, row in enumerate(rows, start=1)]


@transaction.atomic
def load_basics() -> None:
    """Places, industries, offices: what is missing is added, what is there stays as it is."""
    load_places()
    load_industries()
    load_offices(all_offices())


def load_places() -> None:
    rows = [
        Place(
            code=code,
            name=name,
            short_name=short,
            gb_code=gb,
            stat_code=stat,
            is_municipal=code == MUNICIPAL,
            is_dev_zone=code == "DQ",
            order=order,
        )
        for order, (code, name, short, gb, stat) in enumerate(PLACES)
    ]
    Place.objects.bulk_create(rows, ignore_conflicts=True)


def load_industries() -> None:
    rows = [
        Industry(code=code, name=name, order=order) for order, (code, name) in enumerate(INDUSTRIES, start=1)
    ]
    Industry.objects.bulk_create(rows, ignore_conflicts=True)


def load_offices(offices: Iterable[Office]) -> None:
    """Add the offices that have never been there; parents before children."""
    places = {place.code: place for place in Place.objects.all()}
    known = _names_ever_used() | set(_chain_offices())
    missing = [
        office
        for office in offices
        if (places[office.place].pk, office.name) not in known
        and (places[office.place].pk, office.kind) not in known
    ]
    heads = (OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COUNTY_GOVERNMENT)
    for kind in heads:
        _create([office for office in missing if office.kind == kind], places)
    _create([office for office in missing if office.kind not in heads], places)


def _create(offices: list[Office], places: dict[str, Place]) -> None:
    chain = _chain_offices()
    city = chain.get((places[MUNICIPAL].pk, OrgKind.MUNICIPAL_GOVERNMENT))
    rows = [
        Organisation(
            place=places[office.place],
            name=office.name,
            short_name=office.short_name,
            kind=office.kind,
            parent_id=chain.get((places[office.place].pk, OrgKind.COUNTY_GOVERNMENT), city),
            is_factor_department=office.is_factor,
            order=office.order,
        )
        for office in offices
    ]
    Organisation.objects.bulk_create(rows)
    industries = {industry.code: industry.pk for industry in Industry.objects.all()}
    through = Organisation.industries.through
    through.objects.bulk_create(
        through(organisation_id=row.pk, industry_id=industries[code])
        for row, office in zip(rows, offices, strict=True)
        for code in office.industries
    )


def _chain_offices() -> dict[tuple[int, str], int]:
    """(place, kind) -> id for the kinds of which a place has one."""
    kinds = [
        OrgKind.MUNICIPAL_GOVERNMENT, OrgKind.COMMISSION, OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_BUREAU,
    ]  # fmt: skip
    return {
        (place, kind): pk
        for place, kind, pk in Organisation.objects.filter(kind__in=kinds).values_list("place", "kind", "pk")
    }


def _names_ever_used() -> set[tuple[int, str]]:
    """(place, name) of every organisation as it is and as it once was: the row history knows both."""
    history = apps.get_model("organizations", "OrganisationEvent")._default_manager
    return set(history.values_list("place_id", "name")) | set(
        Organisation.objects.values_list("place_id", "name")
    )


def office(place: str, key: str) -> Organisation:
    """The organisation of an office by its key; raises Organisation.DoesNotExist when it has been renamed."""
    rows = city_offices() if place == MUNICIPAL else county_offices(place)
    wanted = next(row for row in rows if row.key == key)
    return Organisation.objects.select_related("place").get(place__code=place, name=wanted.name)
