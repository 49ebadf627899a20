"""D1–D5 through the tick: who is told what, once (measures.md §0)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.models import User
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement, Extension, JobFailure, JobRun
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reports.basics import load_categories
from reports.models import Opinion, Report, ReportingPeriod, Summary
from reports.services import filing, opinions
from reports.services.opening import open_month
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, filed, november, opened, problem, report_of


def tick(at: datetime) -> None:
    Enforcement.objects.get_or_create(one=True, defaults={"since": OCTOBER.next.start})
    engine.tick(at)
    assert not JobFailure.objects.exists(), JobFailure.objects.first()


def told(kind: str) -> set[User]:
    return {n.recipient for n in Notice.objects.filter(kind=kind).select_related("recipient")}


def test_d1_opens_the_month_just_ended_through_the_tick(cast: Cast) -> None:
    load_categories()
    tick(november(1, 0))
    assert ReportingPeriod.objects.get().month == OCTOBER
    expected = Report.objects.monthly(OCTOBER)
    assert {(r.project, r.part_id is not None) for r in expected} == {
        (cast.project_xp, False), (cast.project_fa, False), (cast.project_municipal, False), (cast.project_cross, True),
    }  # fmt: skip
    assert all(r.due_at == november(8, 0) for r in expected)
    assert {s.place.code for s in Summary.objects.all()} == {"XP", "FA"}


def test_open_problems_are_carried_into_the_next_month(cast: Cast) -> None:
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    raised = report.problems_raised.get()
    open_month(OCTOBER.next, OCTOBER.plus(2).start)
    form = filing.form_of(report_of(cast.project_xp, OCTOBER.next), {"new": []})
    assert [p for p, _form in form.carried] == [raised]


def test_d2_tells_owner_bureau_and_direct_persons_once(cast: Cast) -> None:
    filed(cast, cast.project_fa, cast.owner_fa, november(5))
    tick(november(7, 23, 59))
    assert told("d2_overdue") == set()
    tick(november(8, 0))
    tick(november(8, 1))
    people = told("d2_overdue")
    assert {cast.owner_xp, cast.bureau_xp, cast.direct_xp, cast.owner_sj, cast.commission} <= people
    assert cast.direct_fa not in people
    assert Notice.objects.filter(kind="d2_overdue", recipient=cast.owner_xp).count() == 1
    act = Act.objects.get(name="d2_deadline")
    assert act.data["missing"] == Report.objects.missing(november(8, 0)).count()


def test_reminders_go_only_to_those_who_have_not_filed(cast: Cast) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(3))
    tick(november(4, 8))
    assert (
        cast.owner_xp not in told("d2_remind")
        or Report.objects.filter(owner=cast.owner_xp.organisation, status="todo").exists()
    )
    assert cast.owner_fa in told("d2_remind")
    assert Notice.objects.get(kind="d2_remind", recipient=cast.owner_fa).params["days"] == 3


def test_an_extended_owner_is_late_at_his_own_deadline(cast: Cast) -> None:
    opened()
    extension = Extension.objects.create(
        code="D2",
        month=OCTOBER,
        until=november(11, 0),
        reason="台风停工",
        decided_by=cast.commission,
        decided_at=november(6),
    )
    extension.organisations.add(cast.owner_xp.organisation)
    opened(at=november(6))
    assert report_of(cast.project_xp).due_at == november(11, 0)
    tick(november(8, 0))
    assert cast.owner_xp not in told("d2_overdue")
    tick(november(11, 0))
    assert cast.owner_xp in told("d2_overdue")


def test_d3_tells_county_government_and_commission(cast: Cast) -> None:
    opened()
    summary = Summary.objects.get(place__code="FA")
    bureau = cast.actor(cast.bureau_fa, november(9))
    for name, person in (("send_for_approval", bureau), ("approve", cast.actor(cast.government_fa, november(9))),
                         ("forward", bureau)):  # fmt: skip
        perform(summary, name, by=person, at=november(9))
    tick(november(11, 0))
    people = told("d3_overdue")
    assert {cast.government_xp, cast.bureau_xp, cast.commission} <= people
    assert not {cast.government_fa, cast.bureau_fa} & people
    assert Act.objects.get(name="d3_deadline").data["late"] == ["XP"]


def test_d4_reminds_the_commission(cast: Cast) -> None:
    opened()
    tick(november(11, 0))
    assert told("d4_due") == {cast.commission, cast.commission2}


def test_d5_tells_the_departments_leader_and_the_commission(cast: Cast) -> None:
    filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem(level="department"))
    raised = report_of(cast.project_xp).problems_raised.get()
    opinions.pass_to_department(
        raised,
        cast.muni_department.organisation,
        OCTOBER,
        by=cast.actor(cast.department_xp, november(6)),
        at=november(6),
    )
    tick(november(15, 23, 59))
    assert told("d5_overdue") == set()
    tick(november(16, 0))
    assert told("d5_overdue") == {cast.muni_signer, cast.commission, cast.commission2}
    assert Opinion.objects.owed().count() == 1


def test_a_municipal_managed_projects_problem_lies_with_its_department_at_once(cast: Cast) -> None:
    filed(cast, cast.project_municipal, cast.owner_sj, november(5), **problem(level="department"))
    opinion = Opinion.objects.get()
    assert opinion.department == cast.project_municipal.municipal_department
    assert opinion.due_at == november(16, 0)


def test_opening_and_sweeping_cost_the_same_number_of_statements_at_any_size(cast: Cast) -> None:
    load_categories()

    def copies(n: int, word: str) -> None:
        original = cast.project_xp
        Project.objects.bulk_create(
            Project(name=f"{word}{i}", place=original.place, owner=original.owner,
                    county_department=original.county_department,
                    municipal_department=original.municipal_department, industry=original.industry)
            for i in range(n)
        )  # fmt: skip

    def cost(month_at: datetime, due: datetime) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as opening:
            open_month(OCTOBER, month_at)
        JobRun.objects.all().delete()
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as sweeping:
            tick(due)
        return len(opening), len(sweeping)

    copies(5, "甲")
    few = cost(november(1, 0), november(8, 0))
    copies(400, "乙")
    many = cost(november(1, 0), november(8, 0))
    assert Report.objects.monthly(OCTOBER).count() > 400
    assert many[0] <= few[0]
    assert many[1] <= few[1] + 2


def test_a_form_filed_at_the_last_second_is_on_time_and_a_second_later_is_late(cast: Cast) -> None:
    opened()
    for project, person, at, late in (
        (cast.project_xp, cast.owner_xp, november(7, 23, 59, 59), False),
        (cast.project_fa, cast.owner_fa, november(8, 0, 0, 0), True),
    ):
        report = report_of(project)
        filing.submit(report, figures(), by=cast.actor(person, at), at=at)
        assert report.is_late() is late
