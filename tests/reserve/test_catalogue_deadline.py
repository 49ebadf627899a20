"""D11: catalogues of January and July are reminded of, late ones marked and told; late is computed (M1.5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.periods import engine
from ningde_projects.periods.models import Enforcement, JobFailure
from ningde_projects.periods.month import Month
from ningde_projects.periods.services import extend_deadline
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reserve.models import Catalogue
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, catalogue_draft, sent_catalogue

DEADLINE = at(2026, 2, 1, 0)


@pytest.fixture(autouse=True)
def enforced(cast: Cast) -> None:
    Enforcement.objects.get_or_create(one=True, defaults={"since": Month(2026, 1).start})


def tick(when: object) -> None:
    engine.tick(when)  # type: ignore[arg-type]
    failures = [f.error for f in JobFailure.objects.filter(job__startswith="D11")]
    assert failures == []


def test_d11_reminds_those_who_have_not_sent_and_marks_them_late(cast: Cast) -> None:
    sent_catalogue(cast)
    tick(at(2026, 1, 31, 9))
    reminded = {n.recipient for n in Notice.objects.filter(kind="d11_remind")}
    assert cast.muni_department2 in reminded
    assert cast.muni_department not in reminded
    tick(DEADLINE - timedelta(seconds=1))
    assert not Notice.objects.filter(kind="d11_overdue").exists()
    tick(DEADLINE)
    tick(DEADLINE + timedelta(minutes=1))
    late = Notice.objects.filter(kind="d11_overdue")
    assert late.filter(recipient=cast.muni_department2).count() == 1
    assert not late.filter(recipient=cast.muni_department).exists()
    assert late.filter(recipient=cast.commission).count() == 2  # transport's, and its own for energy
    assert set(Act.objects.get(name="d11_deadline").data["missing"]) == {"市发改委", "市交通运输局"}


@pytest.mark.parametrize(("when", "late"), [(-1, False), (0, True), (1, True)])
def test_d11_is_judged_by_the_moment_of_the_first_asking(cast: Cast, when: int, late: bool) -> None:
    made = catalogue_draft(cast)
    moment = DEADLINE + timedelta(seconds=when)
    perform(made, "send_for_approval", by=cast.actor(cast.muni_department, moment), at=moment)
    assert made.is_late(at(2026, 5, 1)) is late
    assert Act.objects.get(name="send_for_approval").data["late"] is late


def test_d11_runs_for_july_too(cast: Cast) -> None:
    engine.tick(at(2026, 8, 1, 1))
    assert Act.objects.filter(name="d11_deadline", data__month="2026-07").count() == 1
    assert Notice.objects.filter(kind="d11_overdue", recipient=cast.muni_department).count() == 2


def test_a_catalogue_sent_late_stays_marked_on_the_overview(cast: Cast, desk: Desk) -> None:
    desk.at(at(2026, 3, 1))
    sent_catalogue(cast, at(2026, 2, 10))
    page = desk.text(cast.commission, "/reserve/catalogues/overview/?year=2026")
    assert page.count("逾期") >= 2 or page.count("late") >= 2
    assert "02-10" in page


def test_an_extension_moves_the_day_of_the_named_department(cast: Cast) -> None:
    made = catalogue_draft(cast)
    later = at(2026, 2, 6, 0)
    extend_deadline("D11", Month(2026, 1), date(2026, 2, 5), [cast.office("SJ", "gxj")], reason="机构调整",
                    by=cast.actor(cast.commission, at(2026, 1, 15)), at=at(2026, 1, 15))  # fmt: skip
    assert Catalogue.objects.get(pk=made.pk).due_at == later
    tick(DEADLINE)
    assert not Notice.objects.filter(kind="d11_overdue", recipient=cast.muni_department).exists()
    tick(later)
    assert Notice.objects.filter(kind="d11_overdue", recipient=cast.muni_department).exists()


def test_the_issue_of_the_half_year_is_in_the_departments_to_do_until_begun(cast: Cast) -> None:
    when = at(2026, 1, 29)
    groups = {g.key: g for g in todo_for(cast.actor(cast.muni_department, when), when)}
    assert [item.due for item in groups["catalogues"].items] == [DEADLINE]
    assert groups["catalogues"].items[0].rank == 2 or groups["catalogues"].items[0].rank == 3
    made = catalogue_draft(cast)
    groups = {g.key: g for g in todo_for(cast.actor(cast.muni_department, when), when)}
    assert [item.title for item in groups["catalogues"].items] == [made.title]
    assert "catalogue_approvals" not in {
        g.key for g in todo_for(cast.actor(cast.city_government, when), when)
    }
