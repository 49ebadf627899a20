"""The municipal problem list: drawn, sealed, frozen (M8.1, D4, settled points 5 and 8)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from dispatch.models import Edition, EditionLine
from dispatch.selectors.editions import compare, fresh, lines_for
from dispatch.selectors.problem_list import Line, add_holders, alive_in, draw
from dispatch.services.editions import seal
from dispatch.simulation.problem_list import lists_of_the_month
from ningde_projects.documents.text import fitting_height
from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.organizations.models import User
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement, JobFailure, JobRun
from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import People, players
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.protection import append_only_tables, protect
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from tests.cast import Cast
from tests.dispatch import problem_list_story as story
from tests.reports.story import OCTOBER, november


@pytest.fixture
def october(cast: Cast) -> Cast:
    story.problems_filed(cast)
    story.forwarded(cast)
    return cast


def by_place(cast: Cast) -> dict[str, Line]:
    when = november(11)
    return {d.line.place: d.line for d in draw(cast.actor(cast.commission, when), OCTOBER, when)}


def test_m8_1_one_problem_stands_once_with_all_its_sources(october: Cast) -> None:
    story.passed(october)
    when = november(11)
    raised = story.direct(october, november(10))
    drawn = draw(october.actor(october.commission, when), OCTOBER, when)
    numbers = [d.line.number for d in drawn]
    assert len(numbers) == len(set(numbers)) == 4
    found = {d.line.number: d.line for d in drawn}
    assert found[story.problem_of("XP").number].sources == ["county", "department"]
    assert found[story.problem_of("FA").number].sources == ["waiting"]
    assert found[story.problem_of("FA").number].late
    assert found[raised.number].sources == ["direct"]
    assert next(d.line for d in drawn if "municipal" in d.line.sources).is_new


def test_m8_1_a_direct_report_does_not_wait_a_month_and_is_carried_into_the_next_list(october: Cast) -> None:
    raised = story.direct(october, november(20))

    def line(month: Month) -> Line:
        when = OCTOBER.plus(2).start
        rows = draw(october.actor(october.commission, when), month, when)
        return next(d.line for d in rows if d.line.number == raised.number)

    assert line(OCTOBER).is_new
    assert not line(OCTOBER.next).is_new
    assert raised not in alive_in(OCTOBER.previous)


def test_m8_1_a_department_reads_its_own_opinions_only(october: Cast) -> None:
    opinion = story.passed(october)
    story.answered(october, opinion, november(10))
    when = november(11)

    def read(person: User) -> dict[str, Line]:
        return {d.line.place: d.line for d in draw(october.actor(person, when), OCTOBER, when)}

    assert read(october.muni_department)["XP"].opinions
    assert "FA" not in read(october.department_xp)
    assert not read(october.muni_factor)
    assert all(not line.opinions for line in read(october.muni_department2).values())


def test_m8_1_working_days_are_shown_by_holder(october: Cast) -> None:
    when = november(11)
    drawn = draw(october.actor(october.commission, when), OCTOBER, when)
    add_holders(drawn, when)
    line = next(d.line for d in drawn if d.line.place == "XP")
    assert line.holders
    assert any(days > 0 for _name, days, _now in line.holders)
    assert line.days == (when.date() - story.problem_of("XP").occurred_on).days


def test_m8_1_contradictions_between_the_channels_are_marked(october: Cast) -> None:
    opinion = story.passed(october)
    story.answered(october, opinion, november(10), result="not_ours", proper_unit="市自然资源局")
    line = by_place(october)["XP"]
    assert line.contradictions
    assert line.opinions


def test_m8_1_what_was_settled_in_the_month_stays_and_what_was_withdrawn_goes(october: Cast) -> None:
    settled = story.problem_of("XP")
    perform(settled, "confirm_solved", by=october.actor(october.owner_xp, november(10)), at=november(10))
    line = by_place(october)["XP"]
    assert line.is_settled
    withdrawn = story.problem_of("FA")
    perform(withdrawn, "withdraw", by=october.actor(october.owner_fa, november(10)), at=november(10))
    assert "FA" not in by_place(october)


def test_m8_1_version_1_waits_for_the_10th_or_for_all_counties(october: Cast) -> None:
    with pytest.raises(WrongState):
        story.sealed(october, at=november(10, 12))
    story.forwarded(october, "FA", november(10))
    assert story.sealed(october, at=november(10, 12)).number == 1


def test_m8_1_only_the_commissions_dispatchers_seal(october: Cast) -> None:
    for person in (october.commission_head, october.city_government, october.bureau_xp, october.admin_system):
        with pytest.raises(NotAllowed):
            seal(OCTOBER, "first", by=october.actor(person, november(11)), at=november(11))
    assert not Edition.objects.exists()


def test_m8_1_what_comes_after_sealing_is_visible_and_goes_into_a_supplement(october: Cast) -> None:
    first = story.sealed(october)
    assert not fresh(OCTOBER)
    with pytest.raises(WrongState):
        story.sealed(october, "supplement", november(12))
    late = story.direct(october, november(12))
    assert fresh(OCTOBER) == {late.pk}
    more = story.sealed(october, "supplement", november(13))
    assert [line["number"] for line in more.content["lines"]] == [late.number]
    assert (first.number, more.number, fresh(OCTOBER)) == (1, 2, set())


def test_m8_1_version_2_carries_the_opinions_and_is_compared_with_version_1(october: Cast) -> None:
    opinion = story.passed(october)
    first = story.sealed(october)
    with pytest.raises(WrongState):
        story.sealed(october, "second", november(12))
    story.answered(october, opinion, november(12))
    second = story.sealed(october, "second", november(16))
    reader = october.actor(october.city_government, november(16))
    found = compare(first, second, reader)
    assert (found.came, found.went) == ([], [])
    assert any("opinions" in c.keys for c in found.changed)
    assert not any("days" in c.keys for c in found.changed)


def test_m8_1_an_erratum_is_a_new_edition_with_a_reason(october: Cast) -> None:
    first = story.sealed(october)
    with pytest.raises(RuleBroken):
        story.sealed(october, "erratum", november(12), reason=" ")
    again = story.sealed(october, "erratum", november(12), reason="项目名称有误")
    assert (again.number, again.reason, Edition.objects.count()) == (2, "项目名称有误", 2)
    assert Edition.objects.get(pk=first.pk).sha256 == first.sha256
    with pytest.raises(WrongState):
        story.sealed(october, "first", november(12))


def test_m8_1_a_sealed_edition_cannot_be_changed_in_the_database(october: Cast) -> None:
    edition = story.sealed(october)
    tables = {Edition._meta.db_table, EditionLine._meta.db_table}
    assert tables <= set(append_only_tables())
    protect(tables)  # as `apply_roles` does after each migration
    for act in (
        lambda: Edition.objects.filter(pk=edition.pk).update(reason="改"), lambda: Edition.objects.all().delete(),
        lambda: EditionLine.objects.filter(edition=edition).update(order=99),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(kind="problems", month=OCTOBER, number=1, label="erratum", reason="x",
                               sealed_at=november(12), content={}, sha256="", workbook=b"")  # fmt: skip


def test_m8_1_the_kept_bytes_are_the_paper_and_match_their_sum(october: Cast) -> None:
    edition = Edition.objects.get(pk=story.sealed(october).pk)
    data = bytes(edition.workbook)
    assert hashlib.sha256(data).hexdigest() == edition.sha256
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert page["A1"].value == "宁德市重点项目问题清单（2026年10月）"
    heads = [[c.value for c in row] for row in page.iter_rows()]
    wanted = "序号 县（市、区） 项目名称 项目类别 问题类别 存在问题 诉求 来源 责任单位 市直部门意见"
    assert [*wanted.split(), "协调层级", "已历天数", "办理情况"] in heads
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page.print_title_rows
    assert page.print_area
    assert page.oddHeader is not None
    assert "未定稿" not in (page.oddHeader.right.text or "")
    assert edition.rule["layout"] == 1
    longest = fitting_height([("管线迁改方案未定" * 6, 34.0), ("短", 10.0)])
    assert longest > fitting_height([("短", 10.0)]) == fitting_height([]) == 15


def test_m8_1_sealing_is_told_recorded_and_refused_to_a_stale_page(october: Cast) -> None:
    story.passed(october)
    edition = story.sealed(october, seen=0)
    with pytest.raises(StaleVersion):
        story.sealed(october, "erratum", november(12), reason="重复", seen=0)
    act = Act.objects.get(machine="problem_list", name="seal_first")
    assert (act.user_id, act.data["sha256"], act.data["lines"]) == (october.commission.pk, edition.sha256, 3)
    whole = Notice.objects.filter(kind="problem_list_sealed").values_list("recipient", flat=True)
    assert set(whole) == {october.city_government.pk}
    asked = set(Notice.objects.filter(kind="problem_list_sealed_yours").values_list("recipient", flat=True))
    assert october.muni_department.pk in asked
    assert not {october.muni_factor.pk, october.bureau_xp.pk} & asked


def test_m8_1_everybody_reads_his_own_lines_of_an_edition(october: Cast) -> None:
    edition = story.sealed(october)
    when = november(12)

    def places(person: User) -> set[str]:
        return {line.place for line in lines_for(edition, october.actor(person, when))}

    assert len(places(october.commission)) == len(places(october.city_government)) == 3
    assert places(october.bureau_xp) == places(october.owner_xp) == {"XP"}
    assert places(october.bureau_fa) == places(october.owner_fa) == {"FA"}
    for person in (october.admin_system, october.admin_audit, october.oversight, october.idle):
        assert not Edition.objects.visible_to(october.actor(person, when)).exists()


# ---- D4 --------------------------------------------------------------------------------------------------------


def tick(at: datetime) -> None:
    Enforcement.objects.get_or_create(one=True, defaults={"since": OCTOBER.next.start})
    engine.tick(at)
    assert not JobFailure.objects.exists(), JobFailure.objects.first()


def test_d4_the_commission_is_reminded_once_while_version_1_is_not_sealed(october: Cast) -> None:
    tick(november(9, 9))
    assert Notice.objects.filter(kind="d4_remind", recipient=october.commission).exists()
    tick(november(10, 23, 59, 59))
    assert not Notice.objects.filter(kind="d4_due").exists()
    for at in (november(11, 0), november(11, 0) + timedelta(minutes=1), november(12)):
        tick(at)
    told = Notice.objects.filter(kind="d4_due")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(
        [october.commission.pk, october.commission2.pk]
    )
    first = told[0]
    assert first.params["received"] == 1
    assert first.url == "/dispatch/problems/?month=2026-10"
    act = Act.objects.get(machine="deadline", name="d4_deadline")
    assert (act.data["lines"], act.data["sealed"]) == (3, False)
    assert JobRun.objects.filter(job="D4:deadline").count() == 1


def test_d4_nobody_is_reminded_of_what_is_sealed(october: Cast) -> None:
    story.forwarded(october, "FA", november(6, 12))
    story.sealed(october, at=november(6, 15))
    tick(november(9, 9))
    tick(november(11, 0))
    assert not Notice.objects.filter(kind__in=["d4_remind", "d4_due"]).exists()
    assert Act.objects.get(machine="deadline", name="d4_deadline").data["sealed"] is True


def test_d4_sealing_stands_in_the_to_do_of_the_dispatchers(october: Cast) -> None:
    def waiting(at: datetime) -> list[str]:
        groups = todo_for(october.actor(october.commission, at), at)
        return [item.url for group in groups if group.key == "problem_list" for item in group.items]

    assert waiting(november(11)) == ["/dispatch/problems/?month=2026-10"]
    story.sealed(october)
    story.sealed(october, "second", november(16))
    assert waiting(november(16)) == []


# ---- time machine ----------------------------------------------------------------------------------------------


class Clock:
    """A schedule that is played to its end."""

    def __init__(self) -> None:
        self.seed, self.people = 7, People()
        self.acts: list[tuple[datetime, Callable[[datetime], None]]] = []

    def at(self, instant: datetime, event: Callable[[datetime], None]) -> None:
        self.acts.append((instant, event))


def test_m8_1_the_time_machine_seals_what_the_rule_allows(october: Cast) -> None:
    assert lists_of_the_month in players()
    clock = Clock()
    for month in (OCTOBER, OCTOBER.next):  # September was never opened: it has no list
        lists_of_the_month(month, clock)
    for instant, event in sorted(clock.acts, key=lambda act: act[0]):
        event(instant)
    assert [e.label for e in Edition.objects.order_by("number")] == ["first", "second"]
    assert {e.month for e in Edition.objects.all()} == {OCTOBER}
