"""D2 in one statement tells the same people as the rules name, each once, and whoever wants it by e-mail too."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ningde_projects.notices.models import Delivery, Notice
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, Delegation, User
from ningde_projects.periods.consequences import Firing
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.models import Post, Responsible
from reports.models import Report
from reports.services.deadlines import mark_missing_reports, remind_owners
from tests.cast import SINCE, Cast
from tests.reports.story import OCTOBER, filed, november, opened

DUE = november(8, 0)


def firing(**scope: frozenset[int]) -> Firing:
    return Firing("D2", "deadline", OCTOBER, DeadlineBook().deadline("D2", OCTOBER), **scope)  # type: ignore[arg-type]


def digest(person: User, matter: str = "") -> Notice:
    return Notice.objects.get(recipient=person, dedupe=f"D2:deadline:2026-10{matter and ':'}{matter}")


def test_each_person_is_told_once_with_all_of_his_reports_and_the_first_of_the_register(cast: Cast) -> None:
    opened()
    Assignment.objects.create(
        user=cast.owner_xp, duty=Duty.REPORT, organisation=cast.owner_fa.organisation, valid_from=SINCE,
        granted_by=cast.admin_system,
    )  # fmt: skip
    assert mark_missing_reports(firing(), DUE) == Report.objects.count()
    mine = Report.objects.filter(owner__in=[cast.owner_xp.organisation_id, cast.owner_fa.organisation_id])
    first = mine.order_by("project", "pk").select_related("project")[0].project.name
    told = digest(cast.owner_xp)
    assert told.params == {"count": mine.count(), "first": first, "month": "2026-10", "days": None}
    assert told.url == "/reports/"
    received = Report.objects.filter(receiver=cast.bureau_xp.organisation)
    assert digest(cast.bureau_xp, "receiver").params["count"] == received.count()
    assert digest(cast.bureau_xp, "receiver").url == "/review/?month=2026-10&status=missing"


def test_a_person_in_two_posts_of_a_project_counts_its_report_once(cast: Cast) -> None:
    opened()
    Responsible.objects.filter(project=cast.project_xp, post=Post.INDUSTRY_DIRECT).delete()
    Responsible.objects.create(
        project=cast.project_xp, post=Post.INDUSTRY_DIRECT, user=cast.direct_xp, valid_from=SINCE.date()
    )
    mark_missing_reports(firing(), DUE)
    projects = Responsible.objects.filter(
        user=cast.direct_xp, valid_to__isnull=True, post__in=[Post.COUNTY_DIRECT, Post.INDUSTRY_DIRECT]
    ).values("project")
    assert (
        digest(cast.direct_xp, "direct").params["count"]
        == Report.objects.filter(project__in=projects).count()
    )
    assert digest(cast.direct_xp, "direct").url == "/problems/"


def test_an_acting_person_is_told_and_one_whose_duty_has_ended_is_not(cast: Cast) -> None:
    opened()
    Assignment.objects.filter(user=cast.owner_fa).update(valid_to=DUE)
    Delegation.objects.create(
        principal=cast.owner_xp, delegate=cast.owner_sj, duty=Duty.REPORT, reason="出差",
        organisation=cast.owner_xp.organisation, valid_from=DUE, valid_to=DUE + timedelta(days=1),
        created_by=cast.owner_xp, created_at=DUE,
    )  # fmt: skip
    mark_missing_reports(firing(), DUE)
    offices = [cast.owner_xp.organisation_id, cast.owner_sj.organisation_id]
    assert digest(cast.owner_sj).params["count"] == Report.objects.filter(owner__in=offices).count()
    assert not Notice.objects.filter(recipient=cast.owner_fa, dedupe="D2:deadline:2026-10").exists()


def test_only_those_whose_deadline_it_is_are_told(cast: Cast) -> None:
    opened()
    xp = frozenset([cast.owner_xp.organisation_id])
    mark_missing_reports(firing(excluded=xp), DUE)
    assert not Notice.objects.filter(recipient=cast.owner_xp).exists()
    assert digest(cast.owner_fa)
    Notice.objects.all().delete()
    assert mark_missing_reports(firing(only=xp), DUE) == Report.objects.filter(owner__in=xp).count()
    assert digest(cast.owner_xp)
    assert not Notice.objects.filter(recipient=cast.owner_fa).exists()


def test_a_second_run_tells_nobody_again_and_email_goes_to_those_who_want_it(cast: Cast) -> None:
    opened()
    User.objects.filter(pk=cast.owner_xp.pk).update(channels=["email"], email="yz@example.test")
    User.objects.filter(pk=cast.owner_fa.pk).update(channels=["email"], email="")
    mark_missing_reports(firing(), DUE)
    number = Notice.objects.count()
    assert number
    sent = Delivery.objects.get()
    assert (sent.notice, sent.address, sent.next_at) == (digest(cast.owner_xp), "yz@example.test", DUE)
    with CaptureQueriesContext(connection) as queries:
        mark_missing_reports(firing(), DUE)
    assert (Notice.objects.count(), Delivery.objects.count()) == (number, 1)
    assert len(queries) <= 4  # one for all people, one for the act


def test_a_reminder_goes_to_owners_alone(cast: Cast) -> None:
    filed(cast, cast.project_fa, cast.owner_fa, november(3))
    ahead = Firing("D2", "remind-3", OCTOBER, DUE)
    before = Notice.objects.count()
    told = remind_owners(ahead, november(4, 8))
    assert Notice.objects.count() == before + told
    notice = Notice.objects.get(recipient=cast.owner_xp)
    assert (notice.kind, notice.params["days"], notice.dedupe) == ("d2_remind", 3, "D2:remind-3:2026-10")
    assert not Notice.objects.filter(kind="d2_remind", recipient=cast.bureau_xp).exists()
