"""Thresholds and categories are dated data: old months are judged by old rules (points 9, 10)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Threshold
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.projects.services import thresholds
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reports.basics import load_categories
from reports.models import Category
from reports.paper.book import choices_of
from reports.selectors.categories import in_force, named_in
from reports.selectors.settings import category_rows
from reports.services import categories
from tests.cast import Cast

from .conftest import NOW, As

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
FACTS = {"name": "资金拨付", "help": "已批资金未到位", "factor_department": None, "order": 12}


@pytest.mark.parametrize(
    "role", ["bureau_xp", "admin_system", "admin_security", "commission_head", "owner_xp"]
)
def test_only_the_commission_sets_rules(cast: Cast, as_: As, role: str) -> None:
    mine = as_(cast.people[role])
    with pytest.raises(NotAllowed):
        thresholds.add_version("amber_points", Decimal(8), NOVEMBER, "收紧", by=mine, at=NOW)
    with pytest.raises(NotAllowed):
        categories.add("10", FACTS, NOVEMBER, "新增", by=mine, at=NOW)


def test_a_new_value_holds_from_its_month_and_old_months_keep_theirs(cast: Cast, as_: As) -> None:
    thresholds.add_version("amber_points", Decimal(8), NOVEMBER, "收紧", by=as_(cast.commission), at=NOW)
    assert Thresholds(OCTOBER)["amber_points"] == 10
    assert Thresholds(NOVEMBER)["amber_points"] == 8
    act = Act.objects.get(machine="threshold")
    assert (act.name, act.reason, act.data["before"], act.data["after"]) == ("versioned", "收紧", "10", "8")


@pytest.mark.parametrize(
    ("key", "value", "month", "field"),
    [("amber_points", 101, NOVEMBER, "value"), ("amber_points", 8, OCTOBER, "valid_from"),
     ("days_red", 60, NOVEMBER, "value"), ("days_amber", 90, NOVEMBER, "value"), ("amber_points", 10, NOVEMBER, "value")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_field(
    cast: Cast, as_: As, key: str, value: int, month: Month, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        thresholds.add_version(key, Decimal(value), month, "调整", by=as_(cast.commission), at=NOW)
    assert refused.value.field == field


def test_a_coming_value_can_be_withdrawn_one_in_force_cannot(cast: Cast, as_: As) -> None:
    mine = as_(cast.commission)
    coming = thresholds.add_version("amber_points", Decimal(8), NOVEMBER, "收紧", by=mine, at=NOW)
    later = NOW.replace(month=12)
    with pytest.raises(WrongState):
        thresholds.withdraw_version(coming, "撤回", by=cast.actor(cast.commission, later), at=later)
    thresholds.withdraw_version(coming, "撤回", by=mine, at=NOW)
    assert not Threshold.objects.exists()
    with pytest.raises(WrongState):
        thresholds.withdraw_version(coming, "撤回", by=mine, at=NOW)


def test_two_values_do_not_begin_with_one_month(cast: Cast, as_: As) -> None:
    mine = as_(cast.commission)
    thresholds.add_version("amber_points", Decimal(8), NOVEMBER, "收紧", by=mine, at=NOW)
    with pytest.raises(RuleBroken) as refused:
        thresholds.add_version("amber_points", Decimal(6), NOVEMBER, "再收紧", by=mine, at=NOW)
    assert refused.value.field == "valid_from"


def test_a_new_version_keeps_the_code_and_the_old_one_ends_the_month_before(cast: Cast, as_: As) -> None:
    load_categories()
    old = Category.objects.get(code="02")
    new = categories.replace(old, FACTS, NOVEMBER, "口径调整", by=as_(cast.commission), at=NOW, version=1)
    old.refresh_from_db()
    assert (new.code, old.name, old.valid_to, new.valid_from) == ("02", "筹融资", OCTOBER, NOVEMBER)
    assert set(Act.objects.filter(machine="category").values_list("name", flat=True)) == {"ended", "replaced"}
    with pytest.raises(WrongState):
        categories.replace(old, FACTS, NOVEMBER.next, "再调整", by=as_(cast.commission), at=NOW)
    with pytest.raises(RuleBroken):
        categories.replace(new, FACTS, NOVEMBER, "再调整", by=as_(cast.commission), at=NOW)


def test_of_the_versions_of_a_code_the_month_chooses(cast: Cast, as_: As) -> None:
    load_categories()
    categories.replace(
        Category.objects.get(code="02"), FACTS, NOVEMBER, "口径调整", by=as_(cast.commission), at=NOW
    )
    for month, name in ((OCTOBER, "筹融资"), (NOVEMBER, "资金拨付")):
        assert [c.name for c in in_force(month) if c.code == "02"] == [name]
        assert [c.name for c in named_in(month) if c.code == "02"] == [name]
        assert len(list(in_force(month))) == len(named_in(month)) == 10
        assert dict(choices_of(month)["categories"])["02"] == name


def test_an_ended_category_is_taken_up_again_under_its_code_and_named_meanwhile(cast: Cast, as_: As) -> None:
    load_categories()
    mine, row = as_(cast.commission), Category.objects.get(code="02")
    categories.end(row, OCTOBER, "停用", by=mine, at=NOW)
    assert "02" not in {c.code for c in in_force(NOVEMBER)}
    assert "02" in {c.code for c in named_in(NOVEMBER)}
    again = categories.replace(row, FACTS, NOVEMBER.next, "恢复", by=mine, at=NOW)
    row.refresh_from_db()
    assert (row.valid_to, again.valid_from) == (OCTOBER, NOVEMBER.next)
    assert [(r.category.pk, r.state, r.is_newest) for r in category_rows(NOW) if r.category.code == "02"] == [
        (again.pk, "later", True), (row.pk, "ending", False),
    ]  # fmt: skip


def test_a_used_code_is_refused_and_nothing_half_done(cast: Cast, as_: As) -> None:
    load_categories()
    mine = as_(cast.commission)
    with pytest.raises(RuleBroken) as refused:
        categories.add("03", FACTS, NOVEMBER, "新增", by=mine, at=NOW)
    assert refused.value.field == "code"
    with pytest.raises(RuleBroken):
        categories.replace(
            Category.objects.get(code="02"), FACTS | {"name": " "}, NOVEMBER, "口径", by=mine, at=NOW
        )
    assert not Category.objects.filter(valid_to__isnull=False).exists()
    assert not Act.objects.filter(machine="category").exists()


@pytest.mark.parametrize(("code", "begins", "ends"), [
    ("02", "2023-11", None), ("02", "2026-12", None), ("98", "2026-12", "2026-11"),
])  # fmt: skip
def test_the_database_keeps_versions_apart(cast: Cast, code: str, begins: str, ends: str | None) -> None:
    """Two of one month, two open ones, one that ends before it begins."""
    load_categories()
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.create(
            code=code, name="x", valid_from=Month.parse(begins), valid_to=Month.parse(ends) if ends else None
        )


def test_ending_not_before_the_month_being_filed_and_not_over_anothers_head(cast: Cast, as_: As) -> None:
    load_categories()
    row, mine = Category.objects.get(code="09"), as_(cast.commission)
    with pytest.raises(RuleBroken):
        categories.end(row, Month(2026, 9), "停用", by=mine, at=NOW)
    with pytest.raises(StaleVersion):
        categories.end(row, OCTOBER, "停用", by=mine, at=NOW, version=5)
    categories.end(row, OCTOBER, "停用", by=mine, at=NOW, version=1)
    row.refresh_from_db()
    assert row.valid_to == OCTOBER
