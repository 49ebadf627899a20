"""What reports and problems say on the page of a project and in its list: figures once, each only to whom it is open."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from ningde_projects.documents.models import Attachment
from ningde_projects.organizations.models import User
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, ProjectPart
from ningde_projects.projects.progress import judgements, progress_of
from ningde_projects.projects.rules import Light
from ningde_projects.shell.curve import Curve, Series
from ningde_projects.workflow.door import perform
from reports.models import Problem, Report
from reports.services import filing, reviewing
from tests.access.contents import body_of
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.many import many_reports
from tests.reports.pen import september_filed
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of

CROSS = {"XP": ("500", "9000", "20000"), "FA": ("300", "3000", "8000")}


def page(project: Project, tab: str = "") -> str:
    return f"/projects/{project.public_id}/" + (f"?tab={tab}" if tab else "")


def part(project: Project, place: str) -> ProjectPart:
    return ProjectPart.objects.get(project=project, place__code=place)


def cross_filed(cast: Cast) -> dict[str, Report]:
    """Both counties' parts of the road, filed for October with their canaries in the text."""
    opened()
    found = {}
    for place, person in (("XP", cast.owner_xp), ("FA", cast.owner_fa)):
        report = report_of(cast.project_cross, part=part(cast.project_cross, place))
        text = f"路基完成 3 公里，桥梁桩基 12 根，{cast.canary(place.lower())}段"
        values = figures(*CROSS[place], progress=text) | problem(
            description=f"{cast.canary(place.lower())}段征迁未完成，影响路基施工 300 米"
        )
        filing.submit(report, values, by=cast.actor(person, november(5)), at=november(5))
        found[place] = report
    return found


# ---- figures ---------------------------------------------------------------------------------------------------


def test_the_row_of_figures_says_year_plan_and_schedule(cast: Cast, desk: Desk) -> None:
    september_filed(cast)
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **figures("420", "5290", "15890"))
    text = desk.text(cast.bureau_xp, page(cast.project_xp))
    for words in ("5,290", "/ 12,000", "44.1%，低于序时 39.3 个百分点", "15,890", "占总投资 44.1%", "滞后"):
        assert words in text, words


def test_a_county_sees_its_own_part_and_whoever_sees_all_sees_the_sum_once(cast: Cast, desk: Desk) -> None:
    cross_filed(cast)
    desk.at(november(8))
    whole = progress_of(cast.actor(cast.commission, november(8)), 2026, [cast.project_cross.pk])
    assert whole[cast.project_cross.pk].done == Decimal(12000)
    assert whole[cast.project_cross.pk].planned == Decimal(30000)
    own = progress_of(cast.actor(cast.bureau_xp, november(8)), 2026, None)[cast.project_cross.pk]
    assert (own.done, own.planned, own.parts) == (Decimal(9000), Decimal(18000), 1)
    text = desk.text(cast.bureau_xp, page(cast.project_cross))
    assert "仅含您可查看的 1 个县段（共 2 个）" in text
    assert "2 个县段合计" in desk.text(cast.commission, page(cast.project_cross))


@pytest.mark.parametrize("tab", ["", "reports", "problems", "documents", "record"])
@pytest.mark.parametrize(("role", "own", "other"), [
    ("bureau_xp", "xp", "fa"), ("owner_xp", "xp", "fa"), ("government_xp", "xp", "fa"),
    ("bureau_fa", "fa", "xp"), ("owner_fa", "fa", "xp"), ("government_fa", "fa", "xp"),
])  # fmt: skip
def test_e4_no_word_of_the_other_countys_part_stands_on_the_page(
    cast: Cast, desk: Desk, tab: str, role: str, own: str, other: str
) -> None:
    reports = cross_filed(cast)
    text = desk.text(cast.people[role], page(cast.project_cross, tab))
    assert f"{cast.canary(other)}段" not in text
    assert str(reports[other.upper()].public_id) not in text
    if tab in ("", "reports", "problems"):
        assert f"{cast.canary(own)}段" in text


def test_e4_the_dossier_holds_only_what_the_page_shows(cast: Cast, desk: Desk) -> None:
    cross_filed(cast)
    url = f"/projects/{cast.project_cross.public_id}/dossier.xlsx"
    for person, seen, hidden in (
        (cast.bureau_xp, "xp", "fa"), (cast.owner_fa, "fa", "xp"),
    ):  # fmt: skip
        text = words_in(desk.get(person, url))
        assert f"{cast.canary(seen)}段" in text
        assert f"{cast.canary(hidden)}段" not in text
    both = words_in(desk.get(cast.commission, url))
    assert f"{cast.canary('xp')}段" in both
    assert f"{cast.canary('fa')}段" in both


def words_in(answer: Any) -> str:
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(body_of(answer)))
    assert "月度报告单" in book.sheetnames or "月度报告" in book.sheetnames, book.sheetnames
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


@pytest.mark.parametrize("role", ["bureau_fa", "owner_fa", "government_fa", "muni_factor", "admin_audit"])
def test_e4_strangers_get_404_for_every_tab(cast: Cast, desk: Desk, role: str) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5))
    for tab in ("", "reports", "problems", "record"):
        assert desk.get(cast.people[role], page(cast.project_xp, tab)).status_code == 404


def test_what_is_recalled_does_not_count_and_what_is_typed_is_not_shown(cast: Cast, desk: Desk) -> None:
    report = filed(
        cast, cast.project_xp, cast.owner_xp, november(5), **figures(progress="鸢尾段 56%，水稳 1 公里")
    )
    filing.recall(report, by=cast.actor(cast.owner_xp, november(6)), at=november(6))
    text = desk.text(cast.bureau_xp, page(cast.project_xp))
    assert "鸢尾段" not in text
    assert "5,290" not in text
    assert "草稿" not in text
    assert not progress_of(cast.actor(cast.commission, november(6)), 2026, [cast.project_xp.pk])


def test_the_city_government_sees_accepted_reports_only(cast: Cast, desk: Desk) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    assert "5,290" not in desk.text(cast.city_government, page(cast.project_xp))
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(6)), at=november(6))
    assert "5,290" in desk.text(cast.city_government, page(cast.project_xp))


def test_last_years_figures_stand_under_last_year(cast: Cast, desk: Desk) -> None:
    december = Month(2025, 12)
    opened(december)
    report = report_of(cast.project_xp, december)
    at = december.next.start.replace(day=5)
    filing.submit(report, figures("777", "7770", "9990"), by=cast.actor(cast.owner_xp, at), at=at)
    now = desk.text(cast.bureau_xp, page(cast.project_xp, "reports"))
    assert "7,770" not in now
    assert "?tab=reports&amp;year=2025" in now
    assert "7,770" in desk.text(cast.bureau_xp, f"{page(cast.project_xp)}?tab=reports&year=2025")
    assert "7,770" not in desk.text(cast.bureau_fa, f"{page(cast.project_cross)}?tab=reports&year=2025")


@pytest.mark.parametrize("year", ["1", "9999", "2025x", "-1", "'"])
def test_an_impossible_year_is_this_year(cast: Cast, desk: Desk, year: str) -> None:
    opened()
    assert desk.get(cast.bureau_xp, f"{page(cast.project_xp)}?year={year}").context["year"] == 2026


# ---- lights and the list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "light"),
    [("10000", Light.GREEN), ("9999.99", Light.AMBER), ("8800", Light.AMBER), ("8799.99", Light.RED)],
)
def test_the_light_of_page_and_list_is_the_same(cast: Cast, desk: Desk, year: str, light: Light) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **figures("420", year, "15890"))
    actor = cast.actor(cast.bureau_xp, november(8))
    assert judgements(actor, november(8))[cast.project_xp.pk].light is light
    assert desk.get(cast.bureau_xp, page(cast.project_xp)).context["judged"].light is light
    found = desk.get(cast.bureau_xp, f"/projects/?light={light.value}").context["page"]
    assert cast.project_xp.pk in [row.pk for row in found]


def test_open_problems_are_counted_as_far_as_they_are_open_to_the_person(cast: Cast, desk: Desk) -> None:
    cross_filed(cast)
    for person, number in ((cast.commission, 2), (cast.bureau_xp, 1), (cast.bureau_fa, 1)):
        found = desk.get(person, "/projects/?problems=open").context["page"]
        (row,) = list(found)
        (cell,) = [cell for cell in row.cells if cell.column.key == "problems"]
        assert (row.pk, cell.value) == (cast.project_cross.pk, number)


def test_the_export_of_the_list_shows_a_county_its_own_figures(cast: Cast, desk: Desk) -> None:
    cross_filed(cast)
    url = "/exports/projects/?cols=done,rate,problems&sort=-done"
    for person, sum_ in ((cast.commission, 12000), (cast.bureau_xp, 9000), (cast.bureau_fa, 3000)):
        sheet = load_workbook(io.BytesIO(body_of(desk.get(person, url)))).worksheets[0]
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == cast.project_cross.name]
        assert [row[2] for row in rows] == [sum_]


# ---- months, problems, record, files ---------------------------------------------------------------------------


def test_a_late_report_is_marked_and_an_unfiled_one_has_no_figures(cast: Cast, desk: Desk) -> None:
    opened()
    desk.at(november(9))
    assert "逾期未报" in desk.text(cast.bureau_xp, page(cast.project_xp))
    report = filed(cast, cast.project_xp, cast.owner_xp, november(9))
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, november(9, 10)), at=november(9, 10))
    assert "逾期补报" in desk.text(cast.bureau_xp, page(cast.project_xp))


def test_the_timeline_shows_open_problems_with_their_days_and_settled_ones_grey(
    cast: Cast, desk: Desk
) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **(figures() | problem()))
    desk.at(november(8))
    text = desk.text(cast.bureau_xp, page(cast.project_xp, "problems"))
    assert "21 天" in text
    assert "K2+140 处管线迁改方案未定" in text
    Problem.objects.update(status="closed", resolved_at=november(7), closed_at=november(7))
    text = desk.text(cast.bureau_xp, page(cast.project_xp, "problems"))
    assert "20 天办结" in text
    assert 'class="k-done"' in text


def test_acts_of_a_report_stand_in_the_record_for_whoever_sees_the_report(cast: Cast, desk: Desk) -> None:
    reports = cross_filed(cast)
    perform(
        reports["FA"], "return", by=cast.actor(cast.bureau_fa, november(6)), at=november(6),
        reason="石斛段请写明桩号",
    )  # fmt: skip
    assert "石斛段请写明桩号" in desk.text(cast.owner_fa, page(cast.project_cross, "record"))
    assert "石斛段请写明桩号" not in desk.text(cast.owner_xp, page(cast.project_cross, "record"))
    assert "石斛段请写明桩号" not in desk.text(cast.bureau_xp, page(cast.project_cross))


def attached(report: Report, name: str, by: User) -> Attachment:
    row = Attachment(
        subject_type="report", subject_id=report.public_id, original_name=name, content_type="application/pdf",
        size=1200, uploaded_by=by, state=Attachment.State.CLEAN, uploaded_at=november(5),
        sha256=f"{hash(name):064x}"[-64:], declared_not_secret=True,
    )  # fmt: skip
    row.file.save("x.pdf", ContentFile(b"%PDF-1.4"), save=False)
    row.save()
    return row


def test_files_of_reports_are_listed_for_whoever_reads_the_report(cast: Cast, desk: Desk) -> None:
    reports = cross_filed(cast)
    attached(reports["FA"], "石斛段照片.pdf", cast.owner_fa)
    unfiled = report_of(cast.project_xp)
    attached(unfiled, "鸢尾未报.pdf", cast.owner_xp)
    assert "石斛段照片.pdf" in desk.text(cast.bureau_fa, page(cast.project_cross, "documents"))
    assert "石斛段照片.pdf" in desk.text(cast.commission, page(cast.project_cross))
    for tab in ("", "documents"):
        assert "石斛段照片" not in desk.text(cast.bureau_xp, page(cast.project_cross, tab))
        assert "鸢尾未报" not in desk.text(cast.bureau_xp, page(cast.project_xp, tab))
        assert "鸢尾未报" in desk.text(cast.owner_xp, page(cast.project_xp, tab))


# ---- the curve -------------------------------------------------------------------------------------------------


def test_the_curve_has_plan_and_reported_sums_and_the_same_as_a_table(cast: Cast, desk: Desk) -> None:
    september_filed(cast)
    filed(cast, cast.project_xp, cast.owner_xp, november(5))
    shown = desk.get(cast.bureau_xp, page(cast.project_xp))
    (curve,) = [p.data["curve"] for p in shown.context["main_panels"] if p.key == "curve"]
    assert [line.plan for line in curve.lines][:2] == [Decimal(1000), Decimal(2000)]
    assert dict(curve.chart.series[1].values) == {9: Decimal(4870), 10: Decimal(5290)}
    assert "统计" not in [str(d.series.name) for d in curve.chart.drawn]


def test_a_part_that_has_not_filed_stands_at_what_it_last_said(cast: Cast, desk: Desk) -> None:
    opened(OCTOBER.previous)
    at = OCTOBER.start.replace(day=5)
    for place, person, done in (("XP", cast.owner_xp, "8500"), ("FA", cast.owner_fa, "2700")):
        report = report_of(cast.project_cross, OCTOBER.previous, part(cast.project_cross, place))
        filing.submit(report, figures("100", done, "9000"), by=cast.actor(person, at), at=at)
    opened()
    report = report_of(cast.project_cross, OCTOBER, part(cast.project_cross, "XP"))
    filing.submit(
        report, figures("500", "9000", "9500"), by=cast.actor(cast.owner_xp, november(5)), at=november(5)
    )
    shown = desk.get(cast.commission, page(cast.project_cross))
    (curve,) = [p.data["curve"] for p in shown.context["main_panels"] if p.key == "curve"]
    assert curve.chart.series[1].values == {9: Decimal(11200), 10: Decimal(11700)}
    found = progress_of(cast.actor(cast.commission, november(8)), 2026, [cast.project_cross.pk])
    (progress,) = found.values()
    assert progress.due_twelfths == Decimal(18000) * 10 + Decimal(12000) * 9


@pytest.mark.parametrize(
    ("largest", "top"), [("8500", "10000"), ("0", "4"), ("1", "1"), ("9.5", "10"), ("123456", "160000")]
)
def test_the_axis_ends_at_a_round_figure_that_holds_every_value(largest: str, top: str) -> None:
    chart = Curve(2026, [Series("报送", "c-report", {1: Decimal(largest)})])
    assert chart.top == Decimal(top)
    assert all(0 <= float(point.y) <= 226 for line in chart.drawn for point in line.points)


# ---- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["commission", "bureau_xp", "owner_xp"])
@pytest.mark.parametrize("tab", ["", "reports", "problems", "documents", "record"])
def test_the_page_costs_the_same_with_few_and_many_reports_and_problems(
    cast: Cast, desk: Desk, role: str, tab: str
) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **(figures() | problem()))
    attached(report, "一.pdf", cast.owner_xp)
    person, path = cast.people[role], page(cast.project_xp, tab)
    desk.queries(person, path)
    few = desk.queries(person, path)
    pattern = Problem.objects.get()
    for n in range(1, 10):
        report = Report.objects.get(project=cast.project_xp, month=OCTOBER)
        report.pk, report.public_id, report.month = None, _key(n), Month(2026, n)
        report._state.adding = True
        report.save()
        attached(report, f"附件{n}.pdf", cast.owner_xp)
        for k in range(3):
            pattern.pk, pattern.public_id, pattern.number = None, _key(100 + n * 10 + k), f"X{n}-{k}"
            pattern.status, pattern.resolved_at = ("open", None) if k else ("resolved", november(6))
            pattern._state.adding = True
            pattern.save()
    assert few == desk.queries(person, path) <= 62


def _key(number: int) -> UUID:
    return UUID(int=number)


def test_the_list_costs_the_same_with_one_and_with_many_reports(cast: Cast, desk: Desk) -> None:
    opened()
    desk.queries(cast.commission, "/projects/")
    few = desk.queries(cast.commission, "/projects/?sort=-rate")
    many_reports(cast, 200)
    assert few == desk.queries(cast.commission, "/projects/?sort=-rate") <= 30


def test_reports_that_are_exempt_say_so(cast: Cast, desk: Desk) -> None:
    opened()
    report = report_of(cast.project_xp)
    perform(report, "exempt", by=cast.actor(cast.bureau_xp, november(4)), at=november(4), reason="停工经批准")
    assert "免报" in desk.text(cast.bureau_xp, page(cast.project_xp))
