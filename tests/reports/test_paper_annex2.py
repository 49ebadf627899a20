"""附件2 as a print: living and sealed, one county and all of them, and its annex of the missing (M6.4, facts.md §2.3)."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from django.utils import translation

from ningde_projects.documents.models import LayoutVersion
from ningde_projects.documents.paper.layout import FOLDER
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reports.models import Summary, SummaryEdition
from reports.paper import files
from reports.paper.book import book_bytes
from reports.services import summaries
from tests.access.world import World, build
from tests.cast import Cast
from tests.reports.sheets import answer, beside, book_of, file_of, texts
from tests.reports.story import november
from tests.reports.walks import summary_in


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def url_of(summary: Summary, number: int | None = None) -> str:
    return f"/summaries/{summary.public_id}/annex2{'' if number is None else f'-{number}'}.xlsx"


def stamp(book: object) -> str:
    return str(beside(book.worksheets[0], "附件2").value)  # type: ignore[attr-defined]


def test_m6_4_the_approved_paper_carries_counts_lines_approver_and_room_to_sign(world: World) -> None:
    cast, summary = world.cast, world.summary
    sheet = book_of(cast.bureau_xp, url_of(summary)).worksheets[0]
    shown = {
        "县（市、区）：": "霞浦县", "报告月份：": "2026年10月", "汇总单位：": cast.bureau_xp.organisation.name,
        "县政府审定人：": cast.government_xp.name, "应报：": 2, "已报：": 1, "零报告：": 0, "有问题项目：": 1,
        "问题：": 1,
        "其中：": "用林用地报批 1", "填报单位（盖章）：": None, "审定领导（签字）：": None, "审核人：": None,
        "填表人：": cast.bureau_xp.name, "联系电话：": cast.bureau_xp.phone,
    }  # fmt: skip
    assert {label: beside(sheet, label).value for label in shown} == shown
    assert beside(sheet, "审定日期：").value.date() == date(2026, 11, 9)
    assert (
        beside(sheet, "附件2").value
        == f"审定：{cast.government_xp.organisation.name} {cast.government_xp.name} 2026-11-09 15:00"
    )
    row = next(row for row in sheet.iter_rows() if row[0].value == 1)
    values = [cell.value for cell in row]
    assert values[1:5] == [cast.project_xp.name, "省重点", "工业科技", cast.owner_xp.organisation.name]
    assert values[5:10] == [36000, 12000, 5290, 0.441, "欠39.3"]
    assert world.problem.description in str(values[11])
    assert values[14] == "市直部门"
    assert values[20] == "是"
    assert sheet.print_title_rows
    foot = sheet.oddFooter
    assert foot is not None
    assert foot.center.text == "第 &P 页，共 &N 页"


def test_m6_1_missing_and_returned_reports_are_named_on_their_own_sheet(world: World) -> None:
    annex = book_of(world.cast.bureau_xp, url_of(world.summary)).worksheets[1]
    assert annex.title == "未报与退回附表"
    assert world.cast.project_cross.name in texts(annex)
    assert "未报" in texts(annex)


@pytest.mark.parametrize(
    ("state", "word"), [("building", "送审稿"), ("approving", "送审稿"), ("returned", "送审稿")]
)
def test_what_is_not_approved_is_headed_as_a_draft_for_approval(state: str, word: str, cast: Cast) -> None:
    summary = summary_in(cast, state)
    assert word in stamp(book_of(cast.bureau_xp, url_of(summary)))


def test_an_edition_is_the_same_file_to_the_byte_whoever_takes_it_and_whenever(world: World) -> None:
    cast = world.cast
    taken = [
        file_of(cast.bureau_xp, url_of(world.summary), november(10)),
        file_of(cast.government_xp, url_of(world.summary), november(13, 8, 7, 6)),
        file_of(cast.commission, url_of(world.summary), november(28)),
        file_of(cast.commission, url_of(world.summary, 1), november(28)),
    ]
    assert len({hashlib.sha256(body).hexdigest() for body in taken}) == 1


def test_an_edition_stays_the_same_in_another_language_and_under_a_later_layout(world: World) -> None:
    edition = SummaryEdition.objects.get()
    before = book_bytes(files.edition_book(edition), edition.at)
    data = json.loads((FOLDER / "annex2.v1.json").read_text(encoding="utf-8")) | {
        "version": 2,
        "title": "新的汇总表",
    }
    LayoutVersion.objects.create(key="annex2", version=2, valid_from=date(2026, 1, 1), layout=data)
    with translation.override("en"):
        assert book_bytes(files.edition_book(edition), edition.at) == before
    assert "新的汇总表" in texts(
        book_of(world.cast.bureau_fa, url_of(Summary.objects.get(place__code="FA"))).worksheets[0]
    )


def test_what_an_english_reader_approves_is_sealed_in_chinese(cast: Cast) -> None:
    with translation.override("en"):
        summary = summary_in(cast, "forwarded")
    assert summary.editions.get().content["layouts"] == {"annex2": 1, "annex2_missing": 1}
    assert "Forwarded" not in json.dumps(summary.editions.get().content, ensure_ascii=False)
    assert {line["status_text"] for line in summary.editions.get().content["missing"]} == {"未填报"}


def test_every_edition_can_be_had_and_a_later_one_is_the_countys_until_it_is_forwarded(world: World) -> None:
    cast, summary = world.cast, world.summary
    perform(
        summary,
        "return_by_commission",
        by=cast.actor(cast.commission, november(11)),
        at=november(11),
        reason="请补充",
    )
    item = summary.items.get()
    summaries.edit_item(item, {"text": "改写后的问题"}, by=cast.actor(cast.bureau_xp, november(11)), at=november(11),
                        version=item.version)  # fmt: skip
    assert "送审稿" in stamp(book_of(cast.bureau_xp, url_of(summary)))
    summaries.send_for_approval(summary, by=cast.actor(cast.bureau_xp, november(12)), at=november(12))
    perform(summary, "approve", by=cast.actor(cast.government_xp, november(12)), at=november(12))
    assert "改写后的问题" in texts(book_of(cast.bureau_xp, url_of(summary)).worksheets[0])
    first = book_of(cast.bureau_xp, url_of(summary, 1)).worksheets[0]
    assert "改写后的问题" not in texts(first)
    assert "改写后的问题" not in texts(book_of(cast.commission, url_of(summary)).worksheets[0])
    assert answer(cast.commission, url_of(summary, 2)).status_code == 404
    perform(summary, "forward", by=cast.actor(cast.bureau_xp, november(12, 10)), at=november(12, 10))
    assert "改写后的问题" in texts(book_of(cast.commission, url_of(summary)).worksheets[0])


def test_what_a_county_has_not_forwarded_is_nobody_elses(world: World) -> None:
    draft = Summary.objects.get(place__code="FA")
    assert answer(world.cast.bureau_fa, url_of(draft)).status_code == 200
    for person in (
        world.cast.commission,
        world.cast.bureau_xp,
        world.cast.owner_fa,
        world.cast.government_fa,
    ):
        assert answer(person, url_of(draft)).status_code == 404


def test_a_government_that_takes_the_file_has_looked_at_it(cast: Cast) -> None:
    summary = summary_in(cast, "approving")
    assert "送审稿" in stamp(book_of(cast.government_xp, url_of(summary)))
    summary.refresh_from_db()
    assert summary.opened_at is not None


def test_m6_4_all_counties_of_a_month_come_in_one_workbook_with_those_missing_named(world: World) -> None:
    book = book_of(world.cast.commission, "/summaries/all/2026-10/annex2.xlsx")
    assert book.sheetnames == ["目录", "霞浦县", "未报与退回附表"]
    rows = {
        row[1].value: [cell.value for cell in row] for row in book.worksheets[0].iter_rows() if row[1].value
    }
    assert rows["霞浦县"][3:9] == [2, 1, 0, 1, 1, 1]
    assert rows["福安市"][2:4] == ["未上报", None]
    assert rows["全市"][3] == 2
    assert "审定" in beside(book.worksheets[1], "附件2").value


def test_all_counties_are_for_the_commission_and_for_months_that_were_opened(world: World) -> None:
    url = "/summaries/all/2026-10/annex2.xlsx"
    for person in (
        world.cast.bureau_xp,
        world.cast.government_xp,
        world.cast.owner_xp,
        world.cast.muni_department,
    ):
        assert answer(person, url).status_code == 404
    assert answer(world.cast.commission, "/summaries/all/2031-01/annex2.xlsx").status_code == 404
    assert answer(world.cast.commission, "/summaries/all/nonsense/annex2.xlsx").status_code == 404


def test_taking_annex_2_is_recorded_with_its_lines(world: World) -> None:
    file_of(world.cast.commission, url_of(world.summary))
    act = Act.objects.get(machine="paper", name="annex2")
    assert (act.user, act.object_id, act.data["rows"], act.place_id) == (
        world.cast.commission, world.summary.pk, 1, world.summary.place_id,
    )  # fmt: skip
