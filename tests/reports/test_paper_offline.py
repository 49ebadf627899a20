"""Reports filled in offline: what goes out comes back, every error has its cell, all or nothing (M5.5)."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from ningde_projects.documents.models import LayoutVersion
from ningde_projects.documents.paper.layout import FOLDER
from ningde_projects.periods.month import Month, midnight
from ningde_projects.workflow.models import Act
from reports.models import Problem, Report
from reports.services import filing, opening
from tests.cast import Cast
from tests.reports import sheets
from tests.reports.sheets import (
    beside,
    confirmed,
    file_of,
    places,
    problem_rows,
    saved,
    uploaded,
    words,
    write_problem,
)
from tests.reports.story import OCTOBER, figures, november, opened, problem, report_of

SEPTEMBER = Month(2026, 9)
OFFLINE = "/reports/offline.xlsx?month=2026-10"
NEW = {
    "问题类别": "安征迁", "问题描述": "K3+800 处 5 户未签约", "产生时间": "2026年10月18日", "影响程度": "影响序时进度",
    "受影响投资": 2600, "需协调解决的事项及建议": "请镇政府本月完成签约", "建议协调层级": "县级",
    "建议责任单位": "三沙镇人民政府", "希望解决时限": date(2026, 11, 30),
}  # fmt: skip


@pytest.fixture
def owed(cast: Cast) -> Cast:
    """October is open; the Xiapu project carries a problem of September, the cross-county part is owed too."""
    opened(SEPTEMBER)
    typed = figures(month="500", year="4870", total="15470") | problem(occurred_on="2026-09-10")
    report = report_of(cast.project_xp, SEPTEMBER)
    at = midnight(date(2026, 10, 5))
    filing.submit(report, typed, by=cast.actor(cast.owner_xp, at), at=at)
    opening.open_month(OCTOBER, OCTOBER.next.start)
    return cast


def workbook(cast: Cast) -> Workbook:
    return sheets.book_of(cast.owner_xp, OFFLINE)


def name_of(cast: Cast, project: str = "project_xp") -> str:
    return str(getattr(cast, project).name)


def filled(cast: Cast) -> Workbook:
    """Both sheets sound, as a person would fill them in."""
    book = workbook(cast)
    for sheet in sheets.sheets_of(book):
        beside(sheet, "10月完成投资").value = 420
        beside(sheet, "开工以来累计完成投资").value = 15890
        beside(sheet, "形象进度").value = "K2+140—K3+800 清表完成，占 75%\n水稳层完成 1.42 公里"
        beside(sheet, "填报人：").value = "郑示安"
        for row in problem_rows(sheet):
            if row["问题描述"]:
                write_problem(sheet, row["row"], {"上月问题办理情况": "有进展", "办理进展": "方案已过初审"})
        first = next(row["row"] for row in problem_rows(sheet) if not row["问题描述"])
        write_problem(sheet, first, NEW)
        beside(sheet, "有无问题：").value = "☑有问题  □零报告（无问题，仅报建设情况）"
    beside(book[name_of(cast, "project_cross")], "1—10月累计完成投资").value = 5290
    return book


# ---- out and back ------------------------------------------------------------------------------------------------


def test_m5_5_a_workbook_that_nobody_touched_changes_nothing(owed: Cast) -> None:
    batch = uploaded(owed.owner_xp, file_of(owed.owner_xp, OFFLINE))
    assert batch.errors == []
    assert batch.counts["unchanged"] == 2
    assert batch.counts["update"] == 0


def test_m5_5_what_is_typed_offline_is_kept_as_the_draft_and_goes_out_again_as_it_was_typed(
    owed: Cast,
) -> None:
    batch = uploaded(owed.owner_xp, saved(filled(owed)))
    assert places(batch) == []
    assert batch.counts["update"] == 2
    assert confirmed(owed.owner_xp, batch).state == "committed"
    report = report_of(owed.project_xp)
    assert report.status == "draft"
    assert report.draft["month_investment"] == "420"
    assert report.draft["year_cumulative"] == "5,290", "computed from September's report"
    (carried,) = Problem.objects.all()
    assert report.draft[f"p-{carried.public_id}-answer"] == "progress"
    (key,) = report.draft["new"]
    assert report.draft[f"n-{key}-category"] == "01"
    assert report.draft[f"n-{key}-unit_text"] == "三沙镇人民政府"
    sheet = workbook(owed)[name_of(owed)]
    assert beside(sheet, "10月完成投资").value == 420
    assert beside(sheet, "形象进度").value == "K2+140—K3+800 清表完成，占 75%\n水稳层完成 1.42 公里"
    first, second = problem_rows(sheet)[:2]
    assert first["上月问题办理情况"] == "有进展"
    assert (second["问题描述"], second["受影响投资"]) == (NEW["问题描述"], 2600)
    assert second["产生时间"].date() == date(2026, 10, 18)


def test_m5_5_the_same_file_twice_adds_nothing_twice(owed: Cast) -> None:
    body = saved(filled(owed))
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, body))
    before = {r.pk: (r.draft, r.version) for r in Report.objects.all()}
    again = uploaded(owed.owner_xp, body)
    assert "完全相同" in words(again) or again.errors, "the same file is said to be the same"
    assert again.counts["update"] == 0
    assert again.counts["unchanged"] == 2
    confirmed(owed.owner_xp, again)
    assert {r.pk: (r.draft, r.version) for r in Report.objects.all()} == before


def test_a_unit_of_the_list_is_recognised_by_its_short_name(owed: Cast) -> None:
    book = filled(owed)
    unit = owed.office("XP", "gxj")
    sheet = book[name_of(owed)]
    write_problem(sheet, problem_rows(sheet)[1]["row"], {"建议责任单位": unit.short_name})
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, saved(book)))
    draft = report_of(owed.project_xp).draft
    assert draft[f"n-{draft['new'][0]}-unit"] == str(unit.public_id)


def test_a_new_problem_whose_row_is_emptied_is_taken_out_again(owed: Cast) -> None:
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, saved(filled(owed))))
    book = workbook(owed)
    sheet = book[name_of(owed)]
    write_problem(sheet, problem_rows(sheet)[1]["row"], dict.fromkeys(NEW))
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, saved(book)))
    assert report_of(owed.project_xp).draft["new"] == []
    assert (
        len(report_of(owed.project_cross, part=owed.project_cross.parts.get(place__code="XP")).draft["new"])
        == 1
    )


# ---- filed at once -----------------------------------------------------------------------------------------------


def test_m5_5_all_sheets_are_filed_together_when_all_are_sound(owed: Cast) -> None:
    batch = uploaded(owed.owner_xp, saved(filled(owed)), "file")
    assert places(batch) == []
    assert confirmed(owed.owner_xp, batch).result == {"saved": 2, "filed": 2}
    reports = Report.objects.filter(month=OCTOBER, owner=owed.owner_xp.organisation)
    assert {r.status for r in reports} == {"submitted"}
    assert Act.objects.filter(machine="report", name="submit", data__number=1).count() == 3


def test_m5_5_one_unsound_sheet_keeps_all_from_being_filed_and_is_named_to_the_cell(owed: Cast) -> None:
    book = filled(owed)
    sheet = book[name_of(owed)]
    beside(sheet, "开工以来累计完成投资").value = 15000
    beside(sheet, "形象进度").value = None
    row = problem_rows(sheet)[0]["row"]
    write_problem(sheet, row, {"办理进展": None})
    new = problem_rows(sheet)[1]["row"]
    write_problem(sheet, new, {"需协调解决的事项及建议": None})
    batch = uploaded(owed.owner_xp, saved(book), "file")
    assert batch.state == "refused"
    name = name_of(owed)
    assert set(places(batch)) == {
        (name, beside(sheet, "开工以来累计完成投资").coordinate, "开工以来累计完成投资"),
        (name, beside(sheet, "形象进度").coordinate, "形象进度"),
        (name, f"P{row}", "办理进展"),
        (name, f"J{new}", "需协调解决的事项及建议"),
    }
    assert "15,890" in words(batch), "the right value is given"
    confirmed(owed.owner_xp, batch)
    assert {r.status for r in Report.objects.filter(month=OCTOBER)} == {"todo"}


def test_an_unfinished_sheet_is_kept_as_a_draft_with_its_gaps_named(owed: Cast) -> None:
    book = workbook(owed)
    beside(book[name_of(owed)], "10月完成投资").value = 420
    batch = uploaded(owed.owner_xp, saved(book))
    assert places(batch) == []
    asked = places(batch, questions=True)
    assert {sheet for sheet, _cell, _title in asked} == {name_of(owed)}
    assert "形象进度" in {title for _sheet, _cell, title in asked}
    confirmed(owed.owner_xp, batch)
    assert report_of(owed.project_xp).draft["month_investment"] == "420"
    assert report_of(owed.project_cross, part=owed.project_cross.parts.get(place__code="XP")).status == "todo"


def test_a_nil_report_with_a_problem_beside_it_is_refused(owed: Cast) -> None:
    book = filled(owed)
    sheet = book[name_of(owed)]
    cell = beside(sheet, "有无问题：")
    cell.value = "□有问题  ☑零报告（无问题，仅报建设情况）"
    batch = uploaded(owed.owner_xp, saved(book), "file")
    assert (name_of(owed), cell.coordinate, "有无问题") in places(batch)


def test_m5_5_what_is_refused_while_it_is_carried_out_undoes_everything(owed: Cast) -> None:
    batch = uploaded(owed.owner_xp, saved(filled(owed)), "file")
    report = report_of(owed.project_cross, part=owed.project_cross.parts.get(place__code="XP"))
    filing.save_draft(
        report, figures(month="1", year="1", total="1"), by=owed.actor(owed.owner_xp, november(12)), at=november(12),
        version=report.version,
    )  # fmt: skip
    assert confirmed(owed.owner_xp, batch).state == "refused"
    assert report_of(owed.project_xp).status == "todo"
    assert report_of(owed.project_xp).draft == {}


# ---- what is refused ---------------------------------------------------------------------------------------------


def test_a_sheet_of_another_owner_is_refused_kindly_and_says_nothing_about_it(owed: Cast) -> None:
    body = file_of(owed.owner_fa, OFFLINE)
    batch = uploaded(owed.owner_xp, body)
    assert batch.state == "refused"
    assert {cell for _sheet, cell, _title in places(batch)} == {""}
    assert owed.owner_fa.organisation.name not in words(batch)


def test_the_draft_changed_in_the_system_meanwhile_is_never_overwritten(owed: Cast) -> None:
    body = saved(filled(owed))
    report = report_of(owed.project_xp)
    filing.save_draft(report, {"new": [], "progress": "同事已改"}, by=owed.actor(owed.owner_xp, november(12)),
                      at=november(12), version=report.version)  # fmt: skip
    batch = uploaded(owed.owner_xp, body)
    assert batch.state == "refused"
    assert owed.owner_xp.name in words(batch)
    assert [sheet for sheet, _cell, _title in places(batch)] == [name_of(owed)]
    assert report_of(owed.project_xp).draft["progress"] == "同事已改"


def test_a_sheet_left_alone_does_not_stand_in_the_way_when_its_draft_is_newer(owed: Cast) -> None:
    book = workbook(owed)
    cross = name_of(owed, "project_cross")
    beside(book[cross], "形象进度").value = "线下写的"
    report = report_of(owed.project_xp)
    filing.save_draft(report, {"new": [], "progress": "网上写的"}, by=owed.actor(owed.owner_xp, november(12)),
                      at=november(12), version=report.version)  # fmt: skip
    batch = uploaded(owed.owner_xp, saved(book))
    assert places(batch) == []
    assert (batch.counts["update"], batch.counts["skip"]) == (1, 1)
    confirmed(owed.owner_xp, batch)
    assert report_of(owed.project_xp).draft["progress"] == "网上写的"


def test_a_form_of_an_older_version_is_refused_with_both_numbers(owed: Cast) -> None:
    body = saved(filled(owed))
    data = json.loads((FOLDER / "annex1.v1.json").read_text(encoding="utf-8")) | {"version": 2}
    LayoutVersion.objects.create(key="annex1", version=2, valid_from=date(2026, 11, 1), layout=data)
    batch = uploaded(owed.owner_xp, body)
    assert batch.state == "refused"
    assert "1" in words(batch)
    assert "2" in words(batch)


def test_a_print_or_a_blank_form_is_no_sheet_to_upload(owed: Cast) -> None:
    batch = uploaded(owed.owner_xp, file_of(owed.owner_xp, "/reports/annex1-blank.xlsx?month=2026-10"))
    assert batch.state == "refused"
    assert batch.errors[-1]["way_out"]


def test_the_same_report_on_two_sheets_is_named(owed: Cast) -> None:
    book = filled(owed)
    book.copy_worksheet(book[name_of(owed)])
    batch = uploaded(owed.owner_xp, saved(book))
    assert batch.state == "refused"
    assert name_of(owed) in words(batch)


def test_a_filed_report_cannot_be_changed_by_a_file(owed: Cast) -> None:
    body = saved(filled(owed))
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, body, "file"))
    book = load_workbook(io.BytesIO(body))
    beside(book[name_of(owed)], "形象进度").value = "报送以后又改"
    batch = uploaded(owed.owner_xp, saved(book))
    assert [sheet for sheet, _cell, _title in places(batch)] == [name_of(owed)]
    assert "待审核" in words(batch)


def test_a_formula_is_not_trusted_and_hostile_text_stays_text(owed: Cast) -> None:
    book = filled(owed)
    sheet = book[name_of(owed)]
    beside(sheet, "10月完成投资").value = "=400+20"
    batch = uploaded(owed.owner_xp, saved(book))
    assert (name_of(owed), beside(sheet, "10月完成投资").coordinate, "10月完成投资") in places(batch)
    beside(sheet, "10月完成投资").value = 420
    progress = beside(sheet, "形象进度")
    progress.value, progress.data_type = '=HYPERLINK("x")', "s"
    confirmed(owed.owner_xp, uploaded(owed.owner_xp, saved(book)))
    kept = beside(workbook(owed)[name_of(owed)], "形象进度")
    assert kept.data_type == "s"
    assert kept.value == '=HYPERLINK("x")'


def test_a_carried_problem_keeps_its_words_and_its_cells_are_closed(owed: Cast) -> None:
    book = filled(owed)
    sheet = book[name_of(owed)]
    row = problem_rows(sheet)[0]["row"]
    assert sheet.cell(row, 3).protection.locked
    assert not sheet.cell(row, 16).protection.locked
    sheet.cell(row, 3).value = "改写别的"
    batch = uploaded(owed.owner_xp, saved(book))
    assert (name_of(owed), f"C{row}", "问题描述") in places(batch, questions=True)
    confirmed(owed.owner_xp, batch)
    assert "改写别的" not in json.dumps(report_of(owed.project_xp).draft, ensure_ascii=False)


def test_who_reports_for_nobody_gets_neither_workbook_nor_page(owed: Cast) -> None:
    for person in (owed.bureau_xp, owed.commission, owed.idle):
        for url in (OFFLINE, "/reports/offline/"):
            assert sheets.answer(person, url).status_code == 403


@pytest.mark.parametrize("url", [OFFLINE, "/imports/reports-offline/form.xlsx?month=2026-10"])
def test_taking_the_workbook_is_recorded_with_its_sheets(url: str, owed: Cast) -> None:
    sheets.book_of(owed.owner_xp, url)
    act = Act.objects.get(machine="paper", name="offline")
    assert act.user == owed.owner_xp
    assert act.data["rows"] == 2


def test_without_anything_owed_there_is_no_workbook_and_it_is_said(owed: Cast) -> None:
    Report.objects.filter(owner=owed.owner_xp.organisation).update(status="exempt", exempt_reason="停工")
    assert sheets.answer(owed.owner_xp, OFFLINE).status_code == 302
    refused = sheets.answer(owed.owner_xp, "/imports/reports-offline/form.xlsx?month=2026-10")
    assert refused.status_code == 409
    assert "没有未报送的报告单" in refused.content.decode()


def test_the_page_names_what_is_owed_and_refuses_what_is_no_workbook(owed: Cast) -> None:
    page = sheets.answer(owed.owner_xp, "/reports/offline/?month=2026-10").content.decode()
    assert name_of(owed) in page
    assert "2 份" in page
    client, clock = sheets.as_person(owed.owner_xp)
    with clock:
        file = SimpleUploadedFile("x.xlsx", b"not a workbook", sheets.XLSX)
        response = client.post("/reports/offline/", {"file": file, "way": "draft"})
    assert response.status_code == 422
