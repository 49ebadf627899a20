"""D12, 31 March: reminders before it, missing lists told of once, projects without leaders listed."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from hookups.models import HookupList
from hookups.selectors.coverage import rows_of
from ningde_projects.notices.models import Notice
from ningde_projects.notices.todo import todo_for
from ningde_projects.periods import engine
from ningde_projects.periods.models import Extension, JobRun
from ningde_projects.periods.month import Month
from ningde_projects.workflow.models import Act
from tests.cast import Cast
from tests.hookups.filing import DRAWERS, YEAR, filed, march, office_of, staff

DUE = march(31) + timedelta(hours=15)  # 24:00


def _quiet_before(day: int) -> None:
    """The engine catches up from its first tick on; whatever lies before is done."""
    engine.tick(march(day))
    Notice.objects.all().delete()


def test_d12_offices_that_have_not_filed_are_reminded_and_told_once(cast: Cast) -> None:
    staff(cast)
    filed(cast, "xp", march(11))
    _quiet_before(27)
    engine.tick(march(28, 9))
    engine.tick(march(28, 9, 1))
    reminded = set(Notice.objects.filter(kind="d12_remind").values_list("recipient__username", flat=True))
    assert "t_bureau_fa" in reminded
    assert "t_bureau_xp" not in reminded
    assert Notice.objects.filter(kind="d12_remind", recipient=cast.bureau_fa).count() == 1
    engine.tick(DUE - timedelta(seconds=1))
    assert not Notice.objects.filter(kind="d12_overdue").exists()
    for tick in (DUE, DUE + timedelta(minutes=1), DUE + timedelta(days=2)):
        engine.tick(tick)
    told = Notice.objects.filter(kind="d12_overdue").values_list("recipient__username", flat=True)
    assert sorted(told) == sorted({"t_bureau_fa", "t_bureau_head_fa", "t_muni_department", "t_muni_department2",
                                   "t_owner_sj"})  # fmt: skip
    city = Notice.objects.get(kind="d12_city", recipient=cast.commission)
    assert city.params["missing"] == 4
    act = Act.objects.get(machine="deadline", name="d12_deadline")
    assert act.data["missing"] == 4
    assert str(cast.project_municipal.public_id) in act.data["projects"]
    assert JobRun.objects.filter(job="D12:deadline").count() == 1


def test_d12_missing_is_computed_and_ends_with_the_filing(cast: Cast) -> None:
    staff(cast)
    after = DUE + timedelta(days=1)
    row = next(r for r in rows_of(YEAR) if r.office.pk == office_of(cast, "xp").pk)
    assert not row.is_missing(DUE - timedelta(seconds=1))
    assert row.is_missing(DUE)
    filed(cast, "xp", after)
    row = next(r for r in rows_of(YEAR) if r.office.pk == office_of(cast, "xp").pk)
    assert not row.is_missing(after)
    assert row.is_late(after)


def test_d12_an_extension_moves_the_day_of_its_office_only(cast: Cast) -> None:
    from ningde_projects.periods.extensions import followers

    staff(cast)
    found = filed(cast, "xp", march(11))
    HookupList.objects.filter(pk=found.pk).update(first_filed_at=None, status="drafting")
    more = Extension.objects.create(
        code="D12", month=Month(YEAR, 3), until=DUE + timedelta(days=7), reason="班子调整",
        decided_by=cast.commission, decided_at=march(20),
    )  # fmt: skip
    more.organisations.add(found.office)
    for follow in followers():
        follow(more)
    found.refresh_from_db()
    assert found.due_at == DUE + timedelta(days=7)
    rows = {r.office.pk: r for r in rows_of(YEAR)}
    assert not rows[found.office_id].is_missing(DUE)
    assert rows[office_of(cast, "fa").pk].is_missing(DUE)


def test_d12_stands_in_the_to_do_of_each_office_and_of_the_commission(cast: Cast) -> None:
    staff(cast)
    at = march(12)
    for role in DRAWERS.values():
        keys = [g.key for g in todo_for(cast.actor(cast.people[role], at), at)]
        assert "hookup_lists" in keys, role
    found = filed(cast, "xp", at)
    keys = [g.key for g in todo_for(cast.actor(cast.bureau_xp, at), at)]
    assert "hookup_lists" not in keys
    waiting = next(g for g in todo_for(cast.actor(cast.commission, at), at) if g.key == "hookup_receipts")
    assert waiting.items[0].url == reverse("hookups:list", args=[found.public_id])
