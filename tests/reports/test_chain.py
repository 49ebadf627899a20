"""The chain from the owner's filing to the commission's receipt, through the services (M5.1, M6.1, M6.2)."""

from __future__ import annotations

import pytest

from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken
from reports.models import Holding, Opinion, Problem, Summary
from reports.models.problems import HolderKind
from reports.services import filing, opinions, receipts, reviewing, summaries
from reports.services.problems import pass_up_overdue
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of


def test_m5_1_opening_expects_one_report_per_key_project_and_part_and_is_safe_to_repeat(cast: Cast) -> None:
    opened()
    reports = list(Summary.objects.filter(month=OCTOBER))
    assert len(reports) == 2
    first = set(report_of(cast.project_xp).__class__.objects.values_list("project_id", "part_id"))
    opened(at=november(2))
    assert set(report_of(cast.project_xp).__class__.objects.values_list("project_id", "part_id")) == first
    assert report_of(cast.project_xp).receiver == cast.bureau_xp.organisation
    assert report_of(cast.project_municipal).receiver == cast.commission.organisation


def test_the_whole_chain_from_filing_to_receipt(cast: Cast) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem(level="department"))
    raised = Problem.objects.get()
    assert raised.number == "XP-2026-0001"
    assert Holding.objects.get(problem=raised).kind == HolderKind.DIRECT
    bureau = cast.actor(cast.bureau_xp, november(8))
    reviewing.accept(report, by=bureau, at=november(8), opinion="县自然资源局已组卷")
    summary = Summary.objects.get(place__code="XP")
    summaries.draw_in(summary, by=bureau, at=november(8, 10))
    item = summary.items.get()
    summaries.edit_item(item, {"lead_department": None}, by=bureau, at=november(8, 11), version=item.version)
    with pytest.raises(RuleBroken):
        summaries.send_for_approval(summary, by=bureau, at=november(9))
    summaries.edit_item(
        item,
        {"lead_department": cast.muni_department.organisation},
        by=bureau,
        at=november(9),
        version=item.version,
    )
    summaries.send_for_approval(summary, by=bureau, at=november(9))
    summaries.approve(summary, by=cast.actor(cast.government_xp, november(9, 15)), at=november(9, 15))
    summaries.forward(summary, by=bureau, at=november(10))
    assert summary.status == "forwarded"
    assert summary.editions.get().content["items"][0]["category"]
    opinion = opinions.pass_to_department(
        raised,
        cast.muni_department.organisation,
        OCTOBER,
        by=cast.actor(cast.commission, november(9)),
        at=november(9),
    )
    values = {"result": "solved", "text": "论证报告已批复", "section": "海域科"}
    opinions.send_to_sign(
        opinion,
        values,
        by=cast.actor(cast.muni_department, november(12)),
        at=november(12),
        version=opinion.version,
    )
    with pytest.raises(NotAllowed):
        perform(opinion, "sign", by=cast.actor(cast.muni_department, november(12)), at=november(12))
    perform(opinion, "sign", by=cast.actor(cast.muni_signer, november(13)), at=november(13))
    opinions.send_together(
        opinion.department, OCTOBER, by=cast.actor(cast.muni_department, november(14)), at=november(14)
    )
    raised.refresh_from_db()
    assert Opinion.objects.get().status == "sent"
    assert raised.status == "confirm"
    assert Act.objects.filter(machine="report", name="submit").count() == 1


def test_d6_a_problem_unsettled_after_three_working_days_goes_to_the_leader_once(cast: Cast) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())  # a Thursday
    assert pass_up_overdue(november(10, 23, 59, 59)) == 0
    assert pass_up_overdue(november(11, 0)) == 1
    assert pass_up_overdue(november(11, 1)) == 0
    holding = Holding.objects.get(until__isnull=True)
    assert holding.kind == HolderKind.LEADER
    assert Holding.objects.get(kind=HolderKind.DIRECT).workdays == 3


def test_recall_is_possible_until_a_receiver_opened_it_and_withdraws_what_was_said(cast: Cast) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    owner = cast.actor(cast.owner_xp, november(5, 10))
    filing.recall(report, by=owner, at=november(5, 10))
    assert report.status == "draft"
    assert report.first_submitted_at is None
    assert Problem.objects.get().status == "closed"
    filing.submit(report, report.draft, by=owner, at=november(5, 11))
    assert Problem.objects.get().status == "open"
    receipts.open_as(report, cast.actor(cast.bureau_xp, november(6)), november(6))
    report.refresh_from_db()
    with pytest.raises(RuleBroken.__mro__[1]):
        filing.recall(report, by=owner, at=november(6, 1))


def test_a_nil_report_is_questioned_when_behind_schedule(cast: Cast) -> None:
    opened()
    report = report_of(cast.project_xp)
    owner = cast.actor(cast.owner_xp, november(3))
    report.annual_plan = 10000
    report.save()
    with pytest.raises(RuleBroken) as refused:
        filing.submit(report, figures(is_nil="on"), by=owner, at=november(3))
    assert "nil_answer" in refused.value.errors
    filing.submit(report, figures(is_nil="on", nil_answer="用海批复后已恢复施工"), by=owner, at=november(3))
    assert report.is_nil
