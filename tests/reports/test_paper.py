"""附件1 and 附件2 as files (M5.5, M6.4): what they say, where, and that an edition is the same to the byte."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from reports.models import Report, Summary
from tests.access.contents import body_of
from tests.access.world import World, build
from tests.cast import Cast
from tests.reports.story import november


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def _cells(body: bytes, tab: int = 0) -> list[str]:
    sheet = load_workbook(io.BytesIO(body)).worksheets[tab]
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_annex_1_carries_the_filed_figures_the_problem_and_the_papers_words(
    world: World, client: Client
) -> None:
    with time_machine.travel(november(13), tick=True):
        world.cast.login(client, world.cast.owner_xp)
        body = body_of(client.get(f"/reports/{world.report.public_id}/annex1.xlsx"))
        book = body_of(client.get("/reports/annex1.xlsx?month=2026-10"))
    cells = _cells(body)
    for word in (
        "宁德市重点项目建设问题报告单",
        "单位：万元",
        world.report.project.name,
        "420",
        "5290",
        "15890",
    ):
        assert any(word in c for c in cells), word
    assert any(world.problem.description in c for c in cells)
    assert any("填表说明" in c for c in cells)
    assert len(load_workbook(io.BytesIO(book)).worksheets) >= 2


def test_text_that_looks_like_a_formula_stays_text(world: World, client: Client) -> None:

    Report.objects.filter(pk=world.report.pk).update(county_opinion="")
    world.report.project.name = "=HYPERLINK(1)"
    world.report.project.save()
    with time_machine.travel(november(13), tick=True):
        world.cast.login(client, world.cast.owner_xp)
        body = body_of(client.get(f"/reports/{world.report.public_id}/annex1.xlsx"))
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_m6_4_an_approved_summary_is_the_same_file_to_the_byte_whenever_it_is_exported(
    world: World, client: Client
) -> None:
    url = f"/summaries/{world.summary.public_id}/annex2.xlsx"
    with time_machine.travel(november(13), tick=True):
        world.cast.login(client, world.cast.bureau_xp)
        first = body_of(client.get(url))
    with time_machine.travel(november(13, 9, 9), tick=True):
        world.cast.login(client, world.cast.commission)
        second = body_of(client.get(url))
    assert first == second
    cells = _cells(first)
    assert any("重点项目问题汇总表" in c for c in cells)
    assert any(world.problem.description in c for c in cells)
    assert any(world.cast.government_xp.name in c for c in cells)
    missing = _cells(first, 1)
    assert world.cast.project_cross.name in missing


def test_what_is_not_forwarded_is_nobody_elses(world: World, client: Client) -> None:

    draft = Summary.objects.get(place__code="FA")
    with time_machine.travel(november(13), tick=True):
        for person, status in (
            (world.cast.bureau_fa, 200),
            (world.cast.commission, 404),
            (world.cast.bureau_xp, 404),
        ):
            world.cast.login(client, person)
            assert client.get(f"/summaries/{draft.public_id}/annex2.xlsx").status_code == status


def test_all_counties_come_in_one_workbook_for_the_commission_only(world: World, client: Client) -> None:
    with time_machine.travel(november(13), tick=True):
        world.cast.login(client, world.cast.commission)
        body = body_of(client.get("/summaries/all/2026-10/annex2.xlsx"))
        world.cast.login(client, world.cast.bureau_xp)
        assert client.get("/summaries/all/2026-10/annex2.xlsx").status_code == 404
    assert any("霞浦县" in c for c in _cells(body))
