"""Projects from Excel and CSV: every fault named by its cell, all or nothing, the same rights as on the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from ningde_projects.documents.models import ImportBatch
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from tests.cast import Cast

HEAD = ["项目名称", "所在县（市、区）", "建设单位（业主）", "项目级别", "项目阶段", "行业类别", "总投资", "年度计划投资",
        "国家统一项目代码", "管理层级"]  # fmt: skip
OWNER = "霞浦建设有限公司（白鹭霞浦业主）"


@pytest.fixture(autouse=True)
def private_store(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_ROOT = tmp_path / "store"


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> SimpleUploadedFile:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "项目"
    for row in [head, *rows]:
        sheet.append(list(row))
    target = io.BytesIO()
    workbook.save(target)
    return SimpleUploadedFile("项目.xlsx", target.getvalue())


def table(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return SimpleUploadedFile("项目.csv", text.getvalue().encode(encoding))


def upload(client: Client, file: SimpleUploadedFile) -> ImportBatch:
    answer = client.post(reverse("documents:import-start", args=["projects"]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return ImportBatch.objects.latest("pk")


def confirm(client: Client, batch: ImportBatch) -> str:
    client.post(reverse("documents:import-confirm", args=["projects", batch.public_id]))
    batch.refresh_from_db()
    return str(batch.state)


def errors(batch: ImportBatch) -> list[tuple[str, str]]:
    """(address, rule) of what blocks."""
    return [(f"{e['column_letter']}{e['row']}", e["rule"]) for e in batch.errors if not e["is_question"]]


def questions(batch: ImportBatch) -> str:
    return " ".join(e["rule"] for e in batch.errors if e["is_question"])


def row(name: str = "霞浦牙城互通", **cells: Any) -> list[Any]:
    values: dict[str, Any] = dict.fromkeys(HEAD)
    values |= {"项目名称": name, "所在县（市、区）": "霞浦县", "建设单位（业主）": OWNER} | cells
    return [values[title] for title in HEAD]


def test_the_commission_imports_new_projects_and_plans_after_a_preview(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    rows = [
        row(
            "霞浦牙城互通",
            项目级别="市重点",
            项目阶段="在建",
            行业类别="工业科技",
            总投资=26400,
            年度计划投资=9000,
        ),
        row("福安赛岐大桥", **{"所在县（市、区）": "福安市", "建设单位（业主）": "福安建设（夜莺福安业主）"}),
    ]
    batch = upload(client, book(rows))
    assert batch.state == "previewed", batch.errors
    assert not Project.objects.filter(name="霞浦牙城互通").exists()
    page = client.get(reverse("documents:import-batch", args=["projects", batch.public_id])).content.decode()
    assert "霞浦牙城互通" in page
    assert confirm(client, batch) == "committed"
    project = Project.objects.get(name="霞浦牙城互通")
    assert (project.level, project.stage, project.total_investment) == (
        "municipal",
        "under_way",
        Decimal(26400),
    )
    assert project.plans.get().investment == 9000
    assert project.municipal_department == cast.office("SJ", "gxj")  # by industry, where the row says nothing
    assert project.county_department == cast.office("XP", "gxj")
    assert Project.objects.get(name="福安赛岐大桥").owner == cast.office("FA", "yz")
    assert Act.objects.filter(machine="project", name="create", user=cast.commission).count() == 2


def test_importing_the_same_table_again_changes_nothing(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    rows = [row(总投资=26400, 年度计划投资=9000)]
    confirm(client, upload(client, book(rows)))
    acts = Act.objects.filter(machine="project").count()
    batch = upload(client, book(rows))
    assert batch.counts["unchanged"] == 1
    assert batch.counts["update"] == batch.counts["create"] == 0
    confirm(client, batch)
    assert Act.objects.filter(machine="project").count() == acts


def test_a_known_project_is_changed_by_name_or_code_and_blank_cells_leave_it_as_it_is(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.commission)
    rows = [
        row(cast.project_xp.name, **{"建设单位（业主）": cast.project_xp.owner.name, "总投资": 40000}),
    ]
    batch = upload(client, book(rows))
    assert batch.counts["update"] == 1, batch.errors
    assert [change[:3] for change in batch.plan[0]["changes"]] == [["总投资", "36,000", "40,000"]]
    confirm(client, batch)
    project = Project.objects.get(pk=cast.project_xp.pk)
    assert (project.total_investment, project.content) == (40000, cast.project_xp.content)
    renamed = [row("霞浦滨海产业园一期", 国家统一项目代码=project.code)]
    confirm(client, upload(client, book(renamed)))
    assert Project.objects.get(pk=project.pk).name == "霞浦滨海产业园一期"


@pytest.mark.parametrize(
    ("cells", "address", "words"),
    [
        ({"项目名称": ""}, "A2", ""),
        ({"所在县（市、区）": "莆田市"}, "B2", "莆田市"),
        ({"所在县（市、区）": None}, "B2", ""),
        ({"建设单位（业主）": None}, "C2", ""),
        ({"项目级别": "国重点"}, "D2", "国重点"),
        ({"项目阶段": "飞行中"}, "E2", "飞行中"),
        ({"行业类别": "魔法"}, "F2", "魔法"),
        ({"总投资": "很多"}, "G2", ""),
        ({"总投资": -5}, "G2", ""),
        ({"总投资": "=1+1"}, "G2", ""),
        ({"国家统一项目代码": "2403-1"}, "I2", "2403-350902-04-01-123456"),
        ({"国家统一项目代码": "2403-350921-04-01-123456", "所在县（市、区）": "福安市"}, "I2", "另一个项目"),
        ({"所在县（市、区）": "市本级", "管理层级": "县管"}, "J2", "市管"),
    ],
)
def test_each_fault_is_named_by_its_cell_and_nothing_is_kept(
    cast: Cast, client: Client, cells: dict[str, Any], address: str, words: str
) -> None:
    cast.login(client, cast.commission)
    before = Project.objects.count()
    batch = upload(client, book([row("", **cells) if "项目名称" in cells else row(**cells), row("好的项目")]))
    found = errors(batch)
    assert batch.state == "refused"
    assert address in [place for place, _rule in found], found
    assert any(words in rule for place, rule in found if place == address), found
    assert confirm(client, batch) == "refused"
    assert Project.objects.count() == before


def test_all_faults_of_all_rows_are_told_at_once(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    batch = upload(
        client,
        book([row("甲", 项目级别="国重点"), row("乙", 总投资="很多"), row("丙", 国家统一项目代码="1")]),
    )
    assert [place for place, _rule in errors(batch)] == ["D2", "G3", "I4"]


def test_a_project_twice_in_one_file_is_named(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    code = "2403-350921-04-01-777777"
    batch = upload(
        client,
        book([row("甲项目", 国家统一项目代码=code), row("甲项目"), row("乙项目", 国家统一项目代码=code)]),
    )
    assert [place for place, _rule in errors(batch)] == ["A3", "I4"]


def test_slips_and_likenesses_and_new_owners_are_asked_about_not_refused(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    name = f"霞浦县滨海产业园建设项目（{cast.canary('xp')}）"
    batch = upload(
        client, book([row(name, 总投资=3.6, 年度计划投资=5, **{"建设单位（业主）": "全新的业主公司"})])
    )
    assert batch.state == "previewed"
    text = questions(batch)
    assert "36,000" in text
    assert cast.project_xp.name in text
    assert "全新的业主公司" in text
    assert "年度计划投资" in text
    assert not Organisation.objects.filter(name="全新的业主公司").exists()
    assert confirm(client, batch) == "committed"
    owner = Organisation.objects.get(name="全新的业主公司")
    assert (owner.kind, owner.place.code) == ("owner", "XP")


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        ({"所在县（市、区）": "福安市"}, "B2"),
        ({"项目级别": "省重点"}, "D2"),
        ({"管理层级": "市管"}, "J2"),
    ],
)
def test_a_county_bureau_imports_for_its_own_county_and_only_what_it_decides(
    cast: Cast, client: Client, cells: dict[str, str], address: str
) -> None:
    cast.login(client, cast.bureau_xp)
    batch = upload(client, book([row(**cells)]))
    assert [place for place, _rule in errors(batch)] == [address]
    good = upload(client, book([row("牙城互通二期")]))
    assert confirm(client, good) == "committed"
    assert Project.objects.get(name="牙城互通二期").level == "other"


def test_a_county_bureau_cannot_suspend_or_touch_a_municipal_project_by_import(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.bureau_xp)
    batch = upload(
        client, book([row(cast.project_xp.name, 项目阶段="暂停"), row(cast.project_cross.name, 总投资=1000)])
    )
    assert [place for place, _rule in errors(batch)] == ["E2", "B3"]


def test_a_bureau_learns_nothing_of_another_county_from_its_codes(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_fa)
    batch = upload(
        client,
        book([row("新项目", 国家统一项目代码=cast.project_xp.code, **{"所在县（市、区）": "福安市"})]),
    )
    told = str(batch.errors) + str(batch.plan)
    assert "另一个项目" in told
    assert cast.canary("xp") not in told


@pytest.mark.parametrize(
    "role",
    [
        "owner_xp",
        "government_xp",
        "department_xp",
        "muni_department",
        "statistics",
        "oversight",
        "admin_system",
    ],
)
def test_nobody_else_reaches_the_import(cast: Cast, client: Client, role: str) -> None:
    refused = 404 if role == "admin_system" else 403
    cast.login(client, cast.people[role])
    assert client.get(reverse("documents:import-start", args=["projects"])).status_code == refused
    answer = client.post(reverse("documents:import-start", args=["projects"]), {"file": book([row()])})
    assert answer.status_code == refused
    assert not ImportBatch.objects.exists()


def test_a_change_between_preview_and_confirmation_is_shown_anew(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    batch = upload(client, book([row(cast.project_xp.name, 总投资=40000)]))
    Project.objects.filter(pk=cast.project_xp.pk).update(total_investment=38000, version=2)
    assert confirm(client, batch) == "previewed"
    assert batch.plan[0]["changes"][0][1] == "38,000"
    assert Project.objects.get(pk=cast.project_xp.pk).total_investment == 38000
    assert confirm(client, batch) == "committed"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_taken_in_too(cast: Cast, client: Client, encoding: str) -> None:
    cast.login(client, cast.commission)
    batch = upload(client, table([row(总投资="26,400")], encoding))
    assert batch.state == "previewed", batch.errors
    assert confirm(client, batch) == "committed"
    assert Project.objects.get(name="霞浦牙城互通").total_investment == 26400


def test_tables_made_elsewhere_are_understood_by_their_usual_titles(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    head = ["项目名称", "县区", "业主单位", "所属行业", "总投资（万元）", "主要建设内容"]
    batch = upload(client, book([["牙城互通", "霞浦县", OWNER, "交通", 9000, "互通一处"]], head=head))
    assert confirm(client, batch) == "committed"
    project = Project.objects.select_related("industry").get(name="牙城互通")
    assert project.industry
    assert (project.industry.name, project.total_investment, project.content) == ("交通", 9000, "互通一处")


def test_what_looks_like_a_formula_stays_text(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    batch = upload(client, table([row("'=HYPERLINK(1)项目")]))
    confirm(client, batch)
    assert Project.objects.filter(name="=HYPERLINK(1)项目").exists()
    exported = client.get(reverse("documents:export", args=["projects"]), {"form": "csv"})
    assert "'=HYPERLINK(1)项目" in exported.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("项目.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600),
        ("项目.xlsx", b"not a workbook"),
        ("项目.pdf", b"%PDF-1.7"),
        ("项目.xlsx", b""),
    ],
)
def test_what_is_no_table_is_refused_beside_the_field(
    cast: Cast, client: Client, name: str, content: bytes
) -> None:
    cast.login(client, cast.commission)
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("documents:import-start", args=["projects"]), {"file": file})
    assert answer.status_code == 422
    assert not ImportBatch.objects.exists()


def test_a_table_without_the_needed_columns_says_which_are_missing(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    batch = upload(client, book([["甲", 5]], head=["项目名称", "总投资"]))
    assert batch.state == "refused"
    assert "建设单位" in str(batch.errors)


def test_the_blank_form_can_be_filled_in_and_uploaded(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    answer = client.get(reverse("documents:import-template", args=["projects"]))
    workbook = load_workbook(io.BytesIO(answer.getvalue()))
    sheet = next(page for page in workbook.worksheets if page.sheet_state == "visible")
    header = next(line for line in sheet.iter_rows() if any("项目名称" in str(cell.value) for cell in line))
    number = int(header[0].row or 0) + 1
    entries: dict[str, Any] = {
        "项目名称": "表内新项目",
        "所在县": "霞浦县",
        "建设单位": OWNER,
        "总投资": 8000,
    }
    for cell in header:
        for title, value in entries.items():
            if str(cell.value or "").startswith(title):
                sheet.cell(number, int(cell.column or 0)).value = value
    target = io.BytesIO()
    workbook.save(target)
    batch = upload(client, SimpleUploadedFile("导入表.xlsx", target.getvalue()))
    assert batch.state == "previewed", batch.errors
    assert confirm(client, batch) == "committed"
    assert Project.objects.get(name="表内新项目").total_investment == 8000


def test_a_long_table_is_checked_with_a_fixed_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    from datetime import datetime

    from ningde_projects.documents.rows import ParsedRow
    from ningde_projects.periods.month import ZONE
    from ningde_projects.projects.imports.check import check_rows

    at = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
    rows = [
        ParsedRow(
            "表",
            n,
            {
                "name": f"霞浦第{n}号供水工程",
                "place": "XP",
                "owner": OWNER,
                "total_investment": Decimal(9000),
            },
        )
        for n in range(2, 2002)
    ]
    actor = cast.actor(cast.commission, at)
    with django_assert_max_num_queries(15):
        plan = check_rows(rows, actor, at, {})
    assert plan.counts["create"] == 2000
