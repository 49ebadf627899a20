"""附件1 as a print: what it says and where, its standing, and who may have it (M5.5, facts.md §2.2)."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from ningde_projects.documents.models import ExportJob
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.models import Post, Responsible
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reports.forms.at_once import KEY, Place
from reports.models import Problem, Report
from reports.models.reports import ReportKind
from reports.services import filing, opening
from reports.services.urgent import report_at_once
from tests.access.contents import body_of
from tests.cast import Cast
from tests.reports import sheets
from tests.reports.many import many_reports
from tests.reports.sheets import answer, beside, book_of, problem_rows, texts
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of
from tests.reports.walks import report_in

SEPTEMBER = Month(2026, 9)


def url_of(report: Report, query: str = "") -> str:
    return f"/reports/{report.public_id}/annex1.xlsx{query}"


def standing(cast: Cast, report: Report, query: str = "") -> str:
    sheet = book_of(cast.owner_xp, url_of(report, query)).worksheets[0]
    return str(beside(sheet, "附件1").value or "")


@pytest.fixture
def october(cast: Cast) -> Report:
    """Filed with one new problem and one of September that makes progress."""
    opened(SEPTEMBER)
    at = midnight(date(2026, 10, 5))
    earlier = figures(month="500", year="4870", total="15470") | problem(
        occurred_on="2026-09-10", expected_on="2026-10-31", measures="镇里已开协调会", description="红线内 5 户未签约",
        category="01",
        impact="schedule", impact_amount="2600",
    )  # fmt: skip
    filing.submit(report_of(cast.project_xp, SEPTEMBER), earlier, by=cast.actor(cast.owner_xp, at), at=at)
    opening.open_month(OCTOBER, OCTOBER.next.start)
    carried = Problem.objects.get()
    typed = figures(
        next_plan="开展软基处理", in_statistics="yes", statistics_cumulative="4800.5", statistics_note="未支付",
        filler_phone="0593-8888216", head="李建国",
        **{f"p-{carried.public_id}-answer": "progress", f"p-{carried.public_id}-note": "余 2 户"},
    ) | problem(level="department")  # fmt: skip
    report = report_of(cast.project_xp)
    filing.submit(report, typed, by=cast.actor(cast.owner_xp, november(5)), at=november(5))
    return report


def test_m5_5_every_row_of_the_field_list_stands_on_the_paper(cast: Cast, october: Report) -> None:
    sheet = book_of(cast.owner_xp, url_of(october)).worksheets[0]
    shown = {
        "报告月份：": "2026年10月", "报告类型：": "☑例行月报  □重大紧急即报",
        "报送对象：": f"{cast.bureau_xp.organisation.name}、{cast.department_xp.organisation.name}",
        "有无问题：": "☑有问题  □零报告（无问题，仅报建设情况）", "项目名称": cast.project_xp.name,
        "项目代码": "2403-350921-04-01-123456", "项目级别": "省重点", "管理层级": "县管", "项目阶段": "在建",
        "所在县（市、区）、乡镇": "霞浦县", "行业类别": "工业科技", "建设单位（业主）": cast.owner_xp.organisation.name,
        "建设规模及内容": cast.project_xp.content, "总投资": 36000, "年度计划投资": 12000, "计划开工年月": "2025年",
        "计划竣工年月": "2027年", "10月完成投资": 420, "1—10月累计完成投资": 5290, "开工以来累计完成投资": 15890,
        "占年度计划": 0.441, "序时进度": 0.833, "超（欠）序时百分点": "欠39.3",
        "下月工作计划": "开展软基处理", "是否已入统计库": "是",
        "统计库1—10月累计投资": 4800.5, "差异说明": "未支付", "填报人：": "郑示安", "联系电话：": "0593-8888216",
        "单位负责人：": "李建国",
        "单位负责人（签字）：": None, "单位（盖章）：": None, "审核人（签字）：": None,
    }  # fmt: skip
    assert {label: beside(sheet, label).value for label in shown} == shown
    assert beside(sheet, "填报日期：").value.date() == date(2026, 11, 5)
    for label, name in (("属地责任领导（职务）", "government_xp"), ("属地直接责任人", "direct_xp"),
                        ("行业责任领导（职务）", "muni_signer"), ("行业直接责任人", "muni_department")):  # fmt: skip
        assert getattr(cast, name).name in beside(sheet, label).value
    assert "单位：万元" in texts(sheet)
    assert sheet["A2"].value == "宁德市重点项目建设问题报告单"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_m5_5_problems_new_and_carried_stand_in_one_table_with_all_they_said(
    cast: Cast, october: Report
) -> None:
    carried, new = problem_rows(book_of(cast.owner_xp, url_of(october)).worksheets[0])
    assert (carried["问题类别"], carried["上月问题办理情况"], carried["办理进展"]) == (
        "安征迁",
        "有进展",
        "余 2 户",
    )
    assert (carried["受影响投资"], carried["影响程度"]) == (2600, "影响序时进度")
    assert carried["产生时间"].date() == date(2026, 9, 10)
    assert carried["希望解决时限"].date() == date(2026, 10, 31)
    assert (new["问题类别"], new["建议协调层级"], new["建议责任单位"]) == (
        "用林用地报批",
        "市直部门",
        "三沙镇人民政府",
    )
    assert (new["上月问题办理情况"], new["办理进展"]) == (None, None)


def test_the_paper_of_a_month_names_the_leader_and_the_project_of_that_month(
    cast: Cast, october: Report
) -> None:
    before = beside(book_of(cast.owner_xp, url_of(october)).worksheets[0], "属地责任领导（职务）").value
    Responsible.objects.filter(project=cast.project_xp, post=Post.COUNTY_LEADER).update(
        user=cast.government2_xp.pk
    )
    cast.project_xp.content, cast.project_xp.total_investment = "改了内容", Decimal(99999)
    cast.project_xp.save()
    Problem.objects.update(description="后来改了说法", request="后来改了请求")
    sheet = book_of(cast.owner_xp, url_of(october)).worksheets[0]
    assert beside(sheet, "属地责任领导（职务）").value == before
    assert beside(sheet, "总投资").value == 36000
    assert "后来改了" not in "".join(texts(sheet))


# ---- standing ----------------------------------------------------------------------------------------------------


def test_a_draft_is_marked_and_is_its_owners_alone(cast: Cast) -> None:
    report = report_in(cast, "draft")
    assert standing(cast, report) == "草稿，未报送"
    for person in (cast.bureau_xp, cast.commission, cast.owner_fa):
        assert answer(person, url_of(report)).status_code == 404


@pytest.mark.parametrize(
    ("state", "word"),
    [("todo", "草稿"), ("submitted", "待"), ("returned", "退回"), ("accepted", "签收"), ("exempt", "免报")],
)
def test_the_head_says_how_the_report_stands(state: str, word: str, cast: Cast) -> None:
    found = standing(cast, report_in(cast, state))
    assert word in found
    if state == "returned":
        assert "无效" in found or "不作" in found


def test_a_recalled_filing_is_not_valid_and_nobody_else_gets_it(cast: Cast) -> None:
    report = report_in(cast, "submitted")
    filing.recall(report, by=cast.actor(cast.owner_xp, november(5, 10)), at=november(5, 10))
    assert "撤回" in standing(cast, report)
    assert answer(cast.bureau_xp, url_of(report)).status_code == 404
    assert standing(cast, report, "?n=draft") == "草稿，未报送"


def test_an_earlier_filing_says_that_it_was_replaced(cast: Cast) -> None:
    report = report_in(cast, "returned")
    filing.submit(
        report,
        figures(progress="K0+000—K1+000 完成"),
        by=cast.actor(cast.owner_xp, november(8)),
        at=november(8),
    )
    assert "第 1 次" in standing(cast, report, "?n=1")
    assert "第 2 次" in standing(cast, report, "?n=1")
    first = book_of(cast.bureau_xp, url_of(report, "?n=1")).worksheets[0]
    assert beside(first, "形象进度").value == figures()["progress"]
    assert answer(cast.owner_xp, url_of(report, "?n=3")).status_code == 404


def test_a_receiver_who_takes_the_file_has_opened_the_report(cast: Cast) -> None:
    report = report_in(cast, "submitted")
    book_of(cast.bureau_xp, url_of(report))
    report.refresh_from_db()
    assert report.opened_at is not None


def test_an_urgent_report_is_printed_on_the_same_form(cast: Cast) -> None:
    opened()
    typed = problem(key=KEY) | {"filler": "郑示安", "filler_phone": "0593-8888216"}
    actor = cast.actor(cast.owner_xp, november(5))
    report = report_at_once(Place(cast.project_xp, None), ReportKind.URGENT, typed, by=actor, at=november(5))
    sheet = book_of(cast.owner_xp, url_of(report)).worksheets[0]
    assert beside(sheet, "报告类型：").value == "□例行月报  ☑重大紧急即报"
    assert len(problem_rows(sheet)) == 1


# ---- the month's workbook ----------------------------------------------------------------------------------------


def test_m5_5_an_owners_month_is_one_workbook_with_a_list_in_front(cast: Cast, october: Report) -> None:
    book = book_of(cast.owner_xp, "/reports/annex1.xlsx?month=2026-10")
    assert book.sheetnames == ["目录", cast.project_xp.name, cast.project_cross.name]
    contents = texts(book.worksheets[0])
    assert "2026年10月重点项目建设问题报告单目录" in contents
    assert cast.project_xp.name in contents
    assert beside(book.worksheets[2], "附件1").value == "草稿，未报送"


def test_a_county_gets_what_was_filed_to_it_and_nobody_elses(cast: Cast, october: Report) -> None:
    filed(cast, cast.project_fa, cast.owner_fa, november(5))
    book = book_of(cast.bureau_xp, "/reports/annex1.xlsx?month=2026-10")
    assert book.sheetnames == ["目录", cast.project_xp.name]
    everything = book_of(cast.commission, "/reports/annex1.xlsx?month=2026-10")
    assert set(everything.sheetnames) == {"目录", cast.project_xp.name, cast.project_fa.name}
    only = book_of(
        cast.commission, f"/reports/annex1.xlsx?month=2026-10&owner={cast.owner_fa.organisation.public_id}"
    )
    assert only.sheetnames == ["目录", cast.project_fa.name]
    assert answer(cast.owner_fa, "/reports/annex1.xlsx?month=2026-08").status_code == 404


def test_more_reports_than_a_workbook_holds_are_refused_with_the_way_out(
    cast: Cast, october: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.paper.exports.MOST", 0)
    refused = answer(cast.bureau_xp, "/reports/annex1.xlsx?month=2026-10")
    assert refused.status_code == 422
    assert "按县或业主选择" in refused.content.decode()


def test_more_than_eighty_reports_are_written_by_a_worker_with_a_page_that_tells_when_it_is_done(
    cast: Cast, october: Report, django_capture_on_commit_callbacks: Any
) -> None:
    many_reports(cast, 90)
    client = cast.login(Client(), cast.owner_xp)
    asked = client.get("/reports/annex1.xlsx?month=2026-10")
    assert asked.status_code == 302
    assert asked["Location"] == "/exports/annex1_month/?month=2026-10"
    page = client.get(asked["Location"]).content.decode()
    assert "92" in page
    with django_capture_on_commit_callbacks(execute=True):
        started = client.post(asked["Location"])
    job = ExportJob.objects.get()
    assert started["Location"] == f"/exports/jobs/{job.public_id}/"
    assert (job.state, job.total, job.done) == (ExportJob.State.READY, 92, 92)
    file = client.get(f"/exports/jobs/{job.public_id}/file/")
    book = load_workbook(io.BytesIO(body_of(file)), read_only=True)
    assert len(book.sheetnames) == 93
    assert book.sheetnames[0] == "目录"
    assert Act.objects.filter(machine="export", name="download", user=cast.owner_xp).count() == 1
    stranger = cast.login(Client(), cast.owner_fa)
    assert stranger.get(f"/exports/jobs/{job.public_id}/file/").status_code == 404


@pytest.mark.parametrize("query", ["", "?month=x", "?month=2026-08", "?month=2026-10&owner=x"])
def test_the_workers_workbook_of_nothing_does_not_exist(cast: Cast, october: Report, query: str) -> None:
    assert answer(cast.owner_xp, f"/exports/annex1_month/{query}").status_code == 404


def test_a_county_takes_the_same_workbook_from_the_worker_and_has_seen_the_reports(
    cast: Cast, october: Report
) -> None:
    book = book_of(cast.bureau_xp, "/exports/annex1_month/?month=2026-10&form=csv")
    assert book.sheetnames == ["目录", cast.project_xp.name]
    october.refresh_from_db()
    assert october.opened_at is not None


def test_the_blank_form_is_marked_blank(cast: Cast) -> None:
    sheet = book_of(cast.owner_xp, "/reports/annex1-blank.xlsx?month=2026-10").worksheets[0]
    assert beside(sheet, "附件1").value == "空白表样"
    assert beside(sheet, "项目名称").value is None
    assert len(problem_rows(sheet)) == 4


def test_exports_are_recorded_with_what_they_held(cast: Cast, october: Report) -> None:
    book_of(cast.bureau_xp, url_of(october))
    book_of(cast.owner_xp, "/reports/annex1.xlsx?month=2026-10")
    one = Act.objects.get(machine="paper", name="annex1")
    assert (one.user, one.object_id, one.data["rows"]) == (cast.bureau_xp, october.pk, 2)
    assert Act.objects.get(machine="paper", name="annex1_month").data == {"rows": 2, "tabs": 3}


def test_the_file_is_named_as_the_offices_name_their_files(cast: Cast, october: Report) -> None:
    from urllib.parse import unquote

    header = unquote(answer(cast.owner_xp, url_of(october)).headers["Content-Disposition"])
    assert f"{cast.project_xp.name}_重点项目建设问题报告单_2026年10月_20261113.xlsx" in header


def test_a_chinese_paper_comes_out_for_a_reader_of_english(cast: Cast, october: Report) -> None:
    cast.bureau_xp.language = "en"
    cast.bureau_xp.save()
    client, clock = sheets.as_person(cast.bureau_xp)
    with clock:
        client.cookies["django_language"] = "en"
        body = body_of(client.get(url_of(october), headers={"accept-language": "en"}))
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    assert beside(sheet, "项目级别").value == "省重点"
    assert beside(sheet, "项目阶段").value == "在建"
    assert "待" in beside(sheet, "附件1").value


def test_accepting_is_shown_with_office_and_time(cast: Cast, october: Report) -> None:
    perform(october, "accept", by=cast.actor(cast.bureau_xp, november(6, 16, 40)), at=november(6, 16, 40))
    assert standing(cast, october) == f"{cast.bureau_xp.organisation.short_name}于2026-11-06 16:40签收"
