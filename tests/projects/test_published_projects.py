"""What the words of published lists mean, and that loading them invents nothing and repeats nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from ningde_projects.organizations.basics import load_basics
from ningde_projects.organizations.samples import seed_people
from ningde_projects.periods.month import ZONE
from ningde_projects.projects.models import AnnualPlan, Level, Project, Responsible, Stage
from ningde_projects.projects.published import (
    city_department,
    county_department,
    level_of,
    owner_name,
    places_of,
    stage_of,
)
from ningde_projects.projects.rules import rank_error
from ningde_projects.projects.samples import seed_responsibles
from ningde_projects.workflow.models import Act

FILE = Path(__file__).parents[2] / "sample_data" / "real_projects.csv"


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("在建(2024)", Stage.UNDER_WAY),
        ("新开工(2025-09-30)", Stage.UNDER_WAY),
        ("动工(2017-12)", Stage.UNDER_WAY),
        ("一期投产(2020-12)", Stage.UNDER_WAY),
        ("待竣工验收(2023-05)", Stage.UNDER_WAY),
        ("竣工投产", Stage.COMPLETED),
        ("投产(2018)", Stage.COMPLETED),
        ("前期(预可研审查通过)", Stage.PRELIMINARY),
        ("计划新开工(2014)", Stage.PRELIMINARY),
        ("核准(2025-04-27)", Stage.PRELIMINARY),
        ("签约落户(2017)", Stage.PLANNING),
    ],
)
def test_the_published_status_gives_the_stage(status: str, stage: Stage) -> None:
    assert stage_of(status) == (stage, True)


def test_a_status_that_does_not_say_is_marked_as_unsure() -> None:
    assert stage_of("(2019海洋强省重大项目)") == (Stage.PRELIMINARY, False)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("省重点", Level.PROVINCIAL),
        ("省、市重点", Level.PROVINCIAL),
        ("省在建重点(2009)", Level.PROVINCIAL),
        ("市重点(增补)", Level.MUNICIPAL),
        ("省海洋强省重大项目", Level.OTHER),
        ("省集中开工", Level.OTHER),
        ("", Level.OTHER),
    ],
)
def test_only_key_project_lists_make_a_key_project(text: str, level: Level) -> None:
    assert level_of(text) == level


def test_several_counties_are_read_in_their_order() -> None:
    assert places_of("跨县(福鼎市、柘荣县、福安市、蕉城区)") == ("FD", "ZR", "FA", "JC")
    assert places_of("东侨开发区") == ("DQ",)
    assert places_of("") == ()
    with pytest.raises(ValueError, match="row 7: unknown county '莆田市'"):
        places_of("莆田市", 7)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("招标人:宁德市霞浦生态环境局", "宁德市霞浦生态环境局"),
        ("宁德海丝公司(省国资公司、宁德交投集团参股)", "宁德海丝公司"),
        ("省水投集团(合作)", "省水投集团"),
        ("宁德时代新能源科技股份有限公司", "宁德时代新能源科技股份有限公司"),
    ],
)
def test_an_owner_is_the_enterprise_without_the_remarks(text: str, name: str) -> None:
    assert owner_name(text) == name


def test_the_lead_department_follows_from_industry_and_name() -> None:
    assert city_department("社会事业", "屏南县总医院扩容提升改造建设项目") == "wjw"
    assert city_department("农林水利", "霞浦三沙中心渔港扩建工程") == "hyj"
    assert county_department("农林水利", "霞浦三沙中心渔港扩建工程") == "nyj"
    assert county_department("能源", "宁德核电5、6号机组") == "gxj"


@pytest.fixture
def loaded(db: None) -> str:
    load_basics()
    out = StringIO()
    call_command("load_projects", str(FILE), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_all_published_projects_are_loaded_once(loaded: str) -> None:
    assert loaded == "188 projects added, 0 were there already\n"
    before = list(Project.objects.order_by("pk").values())
    out = StringIO()
    call_command("load_projects", str(FILE), "--assume-key", stdout=out, stderr=StringIO())
    assert out.getvalue() == "0 projects added, 188 were there already\n"
    assert list(Project.objects.order_by("pk").values()) == before
    assert Act.objects.filter(machine="project", name="load").count() == 188


def test_blank_stays_blank(loaded: str) -> None:
    assert Project.objects.filter(total_investment__isnull=True).count() == 126
    assert Project.objects.filter(owner__is_sample=True).count() == 152
    assert AnnualPlan.objects.count() == 6
    assert not Project.objects.exclude(code="").exists()
    assert not Project.objects.filter(level=Level.MUNICIPAL, source__contains="示例假定").exists()


def test_a_project_across_counties_has_a_part_for_each_with_one_leading(loaded: str) -> None:
    railway = Project.objects.get(name="温福高铁(宁德段)")
    assert railway.management == "municipal"
    assert [p.place.code for p in railway.parts.order_by("place__order")] == ["JC", "ZR", "FA", "FD"]
    assert railway.parts.get(is_lead=True).place == railway.place
    assert railway.nodes.get().reached_on == date(2025, 9, 29)


def test_a_project_without_a_county_is_municipal_managed_at_the_city(loaded: str) -> None:
    square = Project.objects.get(name="宁德金禾广场一期(综合体)项目")
    assert (square.place.code, square.management) == ("SJ", "municipal")
    assert square.county_department is None


def test_sums_plans_townships_and_sources_are_as_published(loaded: str) -> None:
    mushrooms = Project.objects.get(name="金唐食用菌保健品精深加工项目")
    plan = mushrooms.plans.get()
    assert (mushrooms.total_investment, plan.year, plan.investment) == (Decimal(21000), 2025, Decimal(8000))
    hospital = Project.objects.get(name="福鼎市第二医院新院区一期建设项目")
    assert hospital.township == "太姥山镇"
    assert "省重点" in hospital.source
    assert hospital.source.startswith("http")


def test_municipal_enterprises_are_flagged(loaded: str) -> None:
    owner = Project.objects.get(name="三都澳新区启动区路网(一期)工程").owner
    assert owner.is_municipal_enterprise
    assert owner.place.code == "SJ"


def test_the_overlapping_water_works_are_warned_of(db: None) -> None:
    load_basics()
    notes = StringIO()
    call_command("load_projects", str(FILE), stdout=StringIO(), stderr=notes)
    assert "福鼎市东南沿海供水工程(一期): much like 福鼎市龙安供水工程" in notes.getvalue()
    assert "泊位" not in "\n".join(line for line in notes.getvalue().splitlines() if "much like" in line)


def test_the_assumption_of_the_demonstration_stands_in_the_source(db: None) -> None:
    load_basics()
    call_command("load_projects", str(FILE), "--assume-key", stdout=StringIO(), stderr=StringIO())
    assumed = Project.objects.filter(source__contains="示例假定")
    assert assumed.count() > 50
    assert set(assumed.values_list("level", "stage")) == {("municipal", "under_way")}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("甲,莆田市,交通,,,,,,,", "row 2: unknown county"),
        ("甲,霞浦县,交通,,很多,,,,,", "row 2: '很多' is no amount"),
        (",霞浦县,交通,,,,,,,", "row 2: no name"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(
    db: None, tmp_path: Path, line: str, complaint: str
) -> None:
    load_basics()
    file = tmp_path / "list.csv"
    head = FILE.read_text(encoding="utf-8-sig").splitlines()[0]
    file.write_text(f"{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=complaint):
        call_command("load_projects", str(file))
    assert not Project.objects.exists()


def test_every_sample_project_under_way_has_people_who_answer_for_it(db: None) -> None:
    load_basics()
    call_command("load_projects", str(FILE), "--assume-key", stdout=StringIO(), stderr=StringIO())
    seed_people(datetime(2026, 11, 5, tzinfo=ZONE))
    assert seed_responsibles() > 100
    assert seed_responsibles() == 0
    assert not Project.objects.key_under_way().filter(responsibles__isnull=True).exists()
    across = Project.objects.get(name="温福高铁(宁德段)")
    leaders = across.responsibles.filter(post="county_leader")
    assert {row.place for row in leaders} == {part.place for part in across.parts.all()}
    for row in Responsible.objects.select_related("user"):
        assert rank_error(row.post, row.user.rank) == ""


def test_a_real_installation_refuses_sample_data(db: None) -> None:
    with override_settings(DEMONSTRATION=False), pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("seed_samples")
