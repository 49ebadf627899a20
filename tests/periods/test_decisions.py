"""What the commission decides about time: more time for some, days of the calendar, dated rules (measures.md §0)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods import services
from ningde_projects.periods.models import CalendarDay, DeadlineRule, Extension
from ningde_projects.periods.month import ZONE, Month, midnight
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.periods.tables import item_notes, unusual_days
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken
from tests.cast import Cast

OCTOBER = Month(2026, 10)
AT = datetime(2026, 11, 6, 10, tzinfo=ZONE)


@pytest.fixture
def commission(cast: Cast) -> Actor:
    return cast.actor(cast.commission, AT)


def extend(cast: Cast, by: Actor, **more: Any) -> Extension:
    wanted: dict[str, Any] = {
        "code": "D3", "month": OCTOBER, "last_day": date(2026, 11, 13),
        "organisations": [cast.bureau_xp.organisation], "reason": "台风", "at": AT,
    } | more  # fmt: skip
    return services.extend_deadline(
        wanted["code"], wanted["month"], wanted["last_day"], wanted["organisations"], by=by, at=wanted["at"],
        reason=wanted["reason"],
    )  # fmt: skip


def test_an_extension_moves_the_named_organisation_and_no_other(cast: Cast, commission: Actor) -> None:
    extend(cast, commission)
    book = DeadlineBook()
    assert book.deadline("D3", OCTOBER, cast.bureau_xp.organisation_id) == midnight(date(2026, 11, 14))
    assert book.deadline("D3", OCTOBER, cast.bureau_fa.organisation_id) == midnight(date(2026, 11, 11))
    act = Act.objects.get(machine="period", name="extend_deadline")
    assert (act.reason, act.data["organisations"]) == ("台风", [cast.bureau_xp.organisation.name])
    told = set(
        Notice.objects.filter(kind="deadline_extended").values_list("recipient__organisation", flat=True)
    )
    assert told == {cast.bureau_xp.organisation_id}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"reason": "  "}, "reason"), ({"organisations": []}, "organisations"),
     ({"last_day": date(2026, 11, 10)}, "last_day"),
     ({"at": AT + timedelta(days=9)}, "last_day"), ({"code": "D6"}, "code"), ({"code": "D1"}, "code")],
)  # fmt: skip
def test_what_is_wrong_with_an_extension_is_named_by_its_field(
    cast: Cast, commission: Actor, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        extend(cast, commission, **more)
    assert refused.value.field == field
    assert not Extension.objects.exists()
    assert not Act.objects.filter(machine="period").exists()


def test_a_rule_is_not_extended_for_those_it_does_not_address(cast: Cast, commission: Actor) -> None:
    with pytest.raises(RuleBroken) as refused:
        extend(cast, commission, organisations=[cast.owner_xp.organisation])
    assert refused.value.field == "organisations"


@pytest.mark.parametrize("role", ["bureau_xp", "commission_head", "city_government", "admin_system", "idle"])
def test_only_those_who_dispatch_decide_about_time(cast: Cast, role: str) -> None:
    by = cast.actor(cast.people[role], AT)
    with pytest.raises(NotAllowed):
        extend(cast, by)
    with pytest.raises(NotAllowed):
        services.enter_days({date(2027, 1, 1): (False, "元旦")}, by=by, at=AT)
    with pytest.raises(NotAllowed):
        services.new_rule(
            "D2", Month(2026, 12), day=8, workdays=0, moves=False, reminder_days=[], reason="x", by=by, at=AT
        )
    assert not CalendarDay.objects.exists()
    assert not DeadlineRule.objects.exists()


def test_a_notice_is_one_act_with_each_day_before_and_after(commission: Actor) -> None:
    days = {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 3): (True, "元旦")}
    assert services.enter_days(days, by=commission, at=AT) == 2
    assert services.enter_days(days, by=commission, at=AT) == 0
    assert services.enter_days({date(2027, 1, 3): (False, "更正")}, by=commission, at=AT) == 1
    first, second = Act.objects.filter(name="enter_days").order_by("id")
    assert set(first.data["changes"]) == {"2027-01-01", "2027-01-03"}
    assert second.data["changes"] == {"2027-01-03": ["工作日 元旦", "休息日 更正"]}


def test_a_new_version_leaves_earlier_months_to_the_old_one(commission: Actor) -> None:
    for start, day in ((Month(2027, 3), 9), (Month(2026, 12), 8)):
        services.new_rule(
            "D2",
            start,
            day=day,
            workdays=0,
            moves=False,
            reminder_days=[1, 3],
            reason="调整",
            by=commission,
            at=AT,
        )
    book = DeadlineBook()
    found = [
        book.spec("D2", month).day for month in (OCTOBER, Month(2026, 12), Month(2027, 2), Month(2027, 3))
    ]
    assert found == [7, 8, 8, 9]
    spans = {str(row.valid_from): row.valid_to for row in DeadlineRule.objects.all()}
    assert spans == {"2026-12": Month(2027, 2), "2027-03": None}


def test_the_month_being_reported_keeps_the_rule_its_owners_were_told(commission: Actor) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.new_rule(
            "D2", OCTOBER, day=20, workdays=0, moves=False, reminder_days=[], reason="x", by=commission, at=AT
        )
    assert refused.value.field == "valid_from"


def test_the_page_says_which_make_up_saturday_was_counted() -> None:
    spec = DeadlineBook.__new__(DeadlineBook)
    spec._rows = []
    notes = item_notes(spec.spec("D6", OCTOBER), datetime(2026, 2, 12, 9, tzinfo=ZONE), {})
    assert any("补班计入" in note and "2月14日" in note for note in notes)
    assert any("放假不计" in note for note in notes)


@pytest.mark.django_db
def test_a_year_joins_holidays_into_spans_and_names_what_is_provisional() -> None:
    spring = next(span for span in unusual_days(2026) if span.note == "春节" and not span.is_workday)
    assert (spring.first, spring.last, spring.days) == (date(2026, 2, 15), date(2026, 2, 23), 9)
    assert all(span.source.value == "provisional" for span in unusual_days(2035))
