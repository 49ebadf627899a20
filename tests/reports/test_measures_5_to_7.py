"""Each requirement of measures 5–7 and of “for everyone”, by its number (docs/measures.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from reports.forms.at_once import Place as Where
from reports.models import Problem, Receipt, Report, Submission, Summary
from reports.models.reports import ReportKind
from reports.selectors import month as month_read
from reports.selectors import problems as problem_read
from reports.selectors import timeliness
from reports.selectors.annex2 import content_of
from reports.services import filing, opinions, receipts, reviewing, summaries, verification
from reports.services.urgent import report_at_once
from tests.access.contents import text_of
from tests.access.world import World, build
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def test_m5_2_the_receiver_follows_from_the_project_and_both_see_the_other(cast: Cast) -> None:
    county = filed(cast, cast.project_xp, cast.owner_xp, november(5))
    municipal = filed(cast, cast.project_municipal, cast.owner_sj, november(5))
    assert county.receiver == cast.bureau_xp.organisation
    assert county.department == cast.department_xp.organisation
    assert municipal.receiver == cast.commission.organisation
    assert municipal.department == cast.project_municipal.municipal_department
    receipts.open_as(municipal, cast.actor(cast.commission, november(6)), november(6))
    states = {r.organisation: r.status for r in Receipt.objects.filter(report=municipal)}
    assert states == {municipal.receiver: "opened", municipal.department: "waiting"}
    for person in (cast.commission, cast.muni_department2, cast.owner_sj):
        visible = Report.objects.visible_to(cast.actor(person, november(6)))
        assert (municipal in visible) is (person.organisation_id in {r.organisation_id for r in municipal.receipts.all()}
                                          or person == cast.owner_sj)  # fmt: skip


def test_m5_3_an_urgent_report_reaches_everyone_at_that_moment(cast: Cast) -> None:
    opened()
    at = november(20, 22)
    report = report_at_once(
        Where(cast.project_xp, None),
        ReportKind.URGENT,
        _one_problem(),
        by=cast.actor(cast.owner_xp, at),
        at=at,
    )
    told = {
        n.recipient for n in Notice.objects.filter(kind="report_urgent", at=at).select_related("recipient")
    }
    assert {cast.bureau_xp, cast.department_xp, cast.commission, cast.government_xp, cast.direct_xp} <= told
    assert not {cast.bureau_fa, cast.owner_fa, cast.government_fa} & told
    assert {r.organisation for r in report.receipts.all()} == {
        cast.bureau_xp.organisation, cast.department_xp.organisation, cast.commission.organisation,
    }  # fmt: skip
    assert Problem.objects.get().is_urgent


def _one_problem() -> dict[str, Any]:
    return problem() | {"filler": "郑示安", "filler_phone": "10000000000"}


def test_m5_4_on_time_counts_by_the_first_valid_filing_and_late_stays_late(cast: Cast) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(7, 23, 59, 59))
    bureau, owner = cast.actor(cast.bureau_xp, november(8)), cast.actor(cast.owner_xp, november(12))
    with pytest.raises(RuleBroken):
        reviewing.return_report(report, by=bureau, at=november(8), reason=" ")
    reviewing.return_report(report, by=bureau, at=november(8), reason="请写明桩号", fields=["progress"])
    assert report.return_fields == ["progress"]
    filing.submit(
        report, report.draft | {"progress": "K2+140 路基全部完成，占 60%"}, by=owner, at=november(12)
    )
    assert not report.is_late()
    late = filed(cast, cast.project_fa, cast.owner_fa, november(8, 0, 0, 0))
    reviewing.accept(late, by=cast.actor(cast.bureau_fa, november(9)), at=november(9))
    filing.revise(late, by=cast.actor(cast.owner_fa, november(10)), at=november(10), reason="投资数更正")
    filing.submit(late, late.draft | {"month_investment": "430", "year_cumulative": "5300", "total_cumulative": "15900"},
                  by=cast.actor(cast.owner_fa, november(10)), at=november(10))  # fmt: skip
    assert late.is_late()
    first, second = Submission.objects.filter(report=late)
    assert (first.values["month_investment"], second.values["month_investment"]) == ("420.00", "430.00")
    assert second.revision_reason == "投资数更正"


def test_m5_5_a_report_exports_as_the_paper_form(world: World, client: Client) -> None:
    with time_machine.travel(november(13), tick=True):
        world.cast.login(client, world.cast.owner_xp)
        response = client.get(f"/reports/{world.report.public_id}/annex1.xlsx")
    assert response.status_code == 200
    text = text_of(response)
    assert "宁德市重点项目建设问题报告单" in text
    assert world.report.project.name in text


def test_m6_1_the_summary_names_missing_and_late_and_keeps_the_owners_words(cast: Cast) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    bureau = cast.actor(cast.bureau_xp, november(9))
    reviewing.accept(report, by=bureau, at=november(8), opinion="县级已协调")
    summary = Summary.objects.get(place__code="XP")
    summaries.draw_in(summary, by=bureau, at=november(9))
    item = summary.items.get()
    summaries.edit_item(item, {"text": "县级改写后的表述"}, by=bureau, at=november(9), version=item.version)
    summaries.send_for_approval(summary, by=bureau, at=november(9))
    content = content_of(summary)
    assert content["items"][0]["text"] == "县级改写后的表述"
    assert content["items"][0]["original_text"] == Problem.objects.get().description
    assert [m["project"] for m in content["missing"]] == [cast.project_cross.name]
    assert content["counts"]["missing"] == 1
    with pytest.raises(NotAllowed):
        summaries.approve(summary, by=bureau, at=november(9))
    perform(
        summary,
        "return_by_government",
        by=cast.actor(cast.government_xp, november(9)),
        at=november(9),
        reason="核对",
    )
    assert summary.status == "returned"


def test_m6_1_lateness_is_judged_by_the_moment_the_county_asked_its_government(cast: Cast) -> None:
    opened()
    summary = Summary.objects.get(place__code="XP")
    summaries.send_for_approval(
        summary, by=cast.actor(cast.bureau_xp, november(10)), at=november(10, 23, 59, 59)
    )
    summaries.approve(summary, by=cast.actor(cast.government_xp, november(12)), at=november(12))
    summaries.forward(summary, by=cast.actor(cast.bureau_xp, november(12)), at=november(12))
    assert not summary.is_late(november(13))
    assert Summary.objects.get(place__code="FA").is_late(november(11, 0))


def test_m6_2_both_channels_stand_side_by_side_and_contradictions_are_marked(world: World) -> None:
    cast = world.cast
    opinions.send_together(world.opinion.department, OCTOBER, by=cast.actor(cast.muni_department, november(14)),
                           at=november(14))  # fmt: skip
    view = problem_read.problem_view(world.problem, cast.actor(cast.commission, november(15)), november(15))
    assert [i.summary for i in view.summary_items] == [world.summary]
    assert [o.department for o in view.opinions] == [cast.muni_department.organisation]
    asked = view.summary_items[0].lead_department
    assert asked is not None
    assert asked != cast.muni_department.organisation
    assert any(asked.short_name in text for text in view.contradictions)
    hidden = problem_read.problem_view(world.problem, cast.actor(cast.owner_xp, november(12)), november(12))
    assert all(o.status == "sent" for o in hidden.opinions)


def test_m6_3_a_direct_report_goes_to_the_commission_and_bureau_and_department_see_it(cast: Cast) -> None:
    opened()
    at = november(18)
    report = report_at_once(
        Where(cast.project_xp, None),
        ReportKind.DIRECT,
        _one_problem(),
        by=cast.actor(cast.owner_xp, at),
        at=at,
    )
    assert report.receiver == cast.commission.organisation
    for person in (cast.bureau_xp, cast.department_xp, cast.commission):
        assert Report.objects.visible_to(cast.actor(person, at)).filter(pk=report.pk).exists()
    assert not Report.objects.visible_to(cast.actor(cast.bureau_fa, at)).filter(pk=report.pk).exists()
    assert Problem.objects.get().is_direct


def test_m6_4_the_edition_stays_as_issued(world: World) -> None:
    cast = world.cast
    edition = world.summary.editions.get()
    before = edition.content
    world.summary.refresh_from_db()
    perform(world.summary, "return_by_commission", by=cast.actor(cast.commission, november(11)), at=november(11),
            reason="请补充")  # fmt: skip
    item = world.summary.items.get()
    bureau = cast.actor(cast.bureau_xp, november(11))
    summaries.edit_item(item, {"text": "补充后的表述"}, by=bureau, at=november(11), version=item.version)
    edition.refresh_from_db()
    assert edition.content == before
    assert "补充后的表述" not in str(edition.content)
    with pytest.raises(WrongState):
        summaries.forward(world.summary, by=bureau, at=november(11))


def test_m7_1_timeliness_over_any_months_and_checks_with_findings(world: World) -> None:
    cast = world.cast
    actor = cast.actor(cast.commission, november(20))
    span = timeliness.Span(OCTOBER, OCTOBER)
    by_place = {r["key"]: r for r in timeliness.figures(actor, span, "place", november(20))}
    assert (by_place["XP"]["due"], by_place["XP"]["on_time"], by_place["XP"]["missing"]) == (2, 1, 1)
    whole = timeliness.total(list(by_place.values()))
    assert whole["due"] == Report.objects.monthly(OCTOBER).count()
    assert whole["percent"] == whole["on_time"] * 100 / whole["due"]
    by_owner = timeliness.figures(actor, span, "owner", november(20))
    assert sum(r["due"] for r in by_owner) == Report.objects.monthly(OCTOBER).count()
    values = {"checked_on": date(2026, 11, 19), "finding": "concealed", "evidence": "现场停工，报告未反映",
              "effect": "held_back", "effect_note": "延误 20 天"}  # fmt: skip
    with pytest.raises(NotAllowed):
        verification.verify(
            world.report, values, by=cast.actor(cast.bureau_xp, november(20)), at=november(20)
        )
    verification.verify(world.report, values, by=actor, at=november(20))
    assert timeliness.check_counts(actor, span) == {"concealed": 1}
    other = cast.actor(cast.bureau_fa, november(20))
    assert timeliness.check_counts(other, span) == {}
    assert {r["key"] for r in timeliness.figures(other, span, "place", november(20))} == {"FA"}


def test_e1_everyone_finds_what_he_owes(world: World) -> None:
    cast = world.cast
    owed = {
        role: {g.key for g in todo_for(cast.actor(cast.people[role], november(13)), november(13))}
        for role in ("owner_xp", "bureau_fa", "direct_fa", "muni_department2", "commission")
    }
    assert owed["owner_xp"]
    assert owed["bureau_fa"]
    assert "clocks" in owed["direct_fa"]
    assert "opinions" in owed["muni_department2"]


def test_e2_each_figure_of_the_month_equals_the_list_it_opens(world: World) -> None:
    at = november(13)
    actor = world.cast.actor(world.cast.commission, at)
    view = month_read.month_view(OCTOBER, at)
    for row in view.rows:
        for state, number in row.counts.items():
            listed = month_read.reports_of_month(actor, OCTOBER, row.code, state, at)
            assert listed.count() == number, (row.code, state)
    for state, number in view.total.counts.items():
        assert month_read.reports_of_month(actor, OCTOBER, "", state, at).count() == number


def test_e5_an_error_names_field_rule_and_way_out_and_nothing_is_half_saved(cast: Cast) -> None:
    opened()
    report = report_of(cast.project_xp)
    acts = Act.objects.count()
    typed = figures(month="4.2亿", total="15000", progress="好" * 2001) | problem(
        unit_text="", occurred_on="2026-02-31"
    )
    with pytest.raises(RuleBroken) as refused:
        filing.submit(report, typed, by=cast.actor(cast.owner_xp, november(5)), at=november(5))
    errors = refused.value.errors
    assert "42,000" in errors["month_investment"][0]
    assert "2000" in errors["progress"][0]
    assert set(errors) >= {"month_investment", "progress", "n-0a1b2c3d-unit", "n-0a1b2c3d-occurred_on"}
    report.refresh_from_db()
    assert (report.status, report.submission_count, Problem.objects.count(), Act.objects.count()) == (
        "todo",
        0,
        0,
        acts,
    )
