"""Preliminary funds: only after passing, approved line by line, paid within what is approved (M2.3)."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from ningde_projects.notices.models import Notice
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, RuleBroken, WrongState
from reserve.models import FundingBatch, FundingRequest, Payment
from reserve.rules.funding import amount_error, request_doubt
from reserve.selectors import funding as read
from reserve.services import funding, funding_batches
from tests.cast import Cast
from tests.reserve.case_story import Walk, may
from tests.reserve.offices import open_offices

DOC = "宁财建〔2026〕12号"


def _pay(walk: Walk, line: FundingRequest, amount: Any, day: int = 19, **more: Any) -> Payment:
    return funding.pay(line, Decimal(amount), date(2026, 5, day), more.get("document", DOC),
                       by=walk.actor(more.get("by", walk.finance), may(20)), at=may(20))  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "submitted", "consulting"])
def test_m2_3_before_the_consultation_has_passed_the_refusal_names_the_rule(city: Walk, status: str) -> None:
    case = {"draft": city.draft, "submitted": city.submitted, "consulting": city.consulting}[status]()
    with pytest.raises(WrongState, match="会商通过"):
        city.requested(case)
    assert not FundingRequest.objects.exists()


def test_m2_3_requests_are_bundled_approved_by_the_government_and_disbursed_by_finance(city: Walk) -> None:
    batch = city.approved(60)
    line = FundingRequest.objects.get()
    assert (batch.status, line.status, line.amount, line.approved) == ("approved", "approved", 80, 60)
    _pay(city, line, 20)
    _pay(city, line, "39.99")
    assert (line.status, line.paid, line.open_amount) == ("approved", Decimal("59.99"), Decimal("0.01"))
    _pay(city, line, "0.01")
    line.refresh_from_db()
    assert (line.status, line.paid) == ("paid", 60)
    names = list(
        Act.objects.filter(machine="funding", object_id=line.pk).order_by("id").values_list("name", flat=True)
    )
    assert names == ["request", "bundle", "grant", "pay", "pay", "pay", "settle"]
    told = set(Notice.objects.filter(kind="funding_paid").values_list("recipient__username", flat=True))
    assert told == {"t_muni_department2"}


@pytest.mark.parametrize(
    ("amount", "words"), [("60.01", "60"), ("-1", "0"), ("0", "0"), ("0.001", "两位小数")]
)
def test_m2_3_never_more_than_approved_and_never_nothing(city: Walk, amount: str, words: str) -> None:
    city.approved(60)
    line = FundingRequest.objects.get()
    with pytest.raises(RuleBroken) as refused:
        _pay(city, line, amount)
    assert words in refused.value.errors["amount"][0]
    assert not Payment.objects.exists()


def test_a_payment_needs_a_day_between_approval_and_today_and_a_document(city: Walk) -> None:
    city.approved(60)
    line = FundingRequest.objects.get()
    for day, field in ((25, "paid_on"), (10, "paid_on")):
        with pytest.raises(RuleBroken) as refused:
            _pay(city, line, 10, day)
        assert field in refused.value.errors
    with pytest.raises(RuleBroken) as refused:
        _pay(city, line, 10, document=" ")
    assert "document" in refused.value.errors


def test_a_payment_is_cancelled_with_a_reason_and_stays_readable(city: Walk) -> None:
    city.approved(60)
    line = FundingRequest.objects.get()
    payment = _pay(city, line, 60)
    funding.void(line, payment.public_id, reason="退票", by=city.actor("finance", may(21)), at=may(21))
    payment.refresh_from_db()
    line.refresh_from_db()
    assert (line.status, line.paid, payment.void_reason) == ("approved", 0, "退票")
    with pytest.raises(WrongState):
        funding.void(line, payment.public_id, reason="退票", by=city.actor("finance", may(21)), at=may(21))


@pytest.mark.parametrize("amounts", [{"more": 81}, {"negative": -1}, {"none": 0}, {"missing": None}])
def test_m2_3_amounts_above_the_request_below_nought_all_nought_or_missing_are_refused(
    city: Walk, amounts: dict[str, int | None]
) -> None:
    batch = city.sent()
    value = next(iter(amounts.values()))
    wanted = {
        pk: None if value is None else Decimal(value) for pk in batch.lines.values_list("pk", flat=True)
    }
    with pytest.raises(RuleBroken):
        funding_batches.approve(batch, wanted, by=city.actor("city_government", may(15)), at=may(15))
    batch.refresh_from_db()
    assert batch.status == "approving"


def test_m2_3_who_sent_the_batch_does_not_approve_it(city: Walk) -> None:
    from ningde_projects.organizations.models import Assignment
    from tests.cast import SINCE

    batch = city.sent()
    Assignment.objects.create(
        user=city.user("commission"), duty="approve", organisation=batch.government, valid_from=SINCE
    )
    amounts = {pk: Decimal(10) for pk in batch.lines.values_list("pk", flat=True)}
    with pytest.raises(NotAllowed):
        funding_batches.approve(batch, amounts, by=city.actor("commission", may(15)), at=may(15))


def test_a_returned_batch_is_corrected_and_sent_again(city: Walk) -> None:
    batch = city.sent()
    funding_batches.send_back(batch, reason="压减规模", by=city.actor("city_government", may(15)), at=may(15))
    line = FundingRequest.objects.get()
    funding.take_out(line, by=city.actor("commission", may(16)), at=may(16))
    with pytest.raises(RuleBroken):
        funding_batches.send(batch, by=city.actor("commission", may(16)), at=may(16))
    funding_batches.take_in(batch, line, by=city.actor("commission", may(16)), at=may(16))
    funding_batches.send(batch, by=city.actor("commission", may(16)), at=may(16))
    assert (batch.status, batch.return_reason) == ("approving", "")
    with pytest.raises(WrongState):
        funding.take_out(line, by=city.actor("commission", may(17)), at=may(17))


def test_what_the_government_has_opened_is_not_taken_back(city: Walk) -> None:
    batch = city.sent()
    funding_batches.look_at(batch, city.actor("city_government", may(15)), may(15))
    with pytest.raises(WrongState):
        funding_batches.withdraw(batch, by=city.actor("commission", may(15)), at=may(15))


def test_a_slip_of_units_is_asked_about_once_and_not_blocked(city: Walk) -> None:
    case = city.passed()
    actor = city.actor(city.filer, may(12))
    with pytest.raises(RuleBroken) as refused:
        funding.request_funds(case, Decimal(80000), "可研", by=actor, at=may(12))
    assert set(refused.value.errors) == {"confirmed"}
    assert (
        funding.request_funds(case, Decimal(80000), "可研", confirmed=True, by=actor, at=may(12)).amount
        == 80000
    )


def test_the_rules_of_amounts() -> None:
    assert amount_error(Decimal("80.50")) == ""
    assert all(amount_error(Decimal(bad)) for bad in ("0", "-5", "0.001", "100000000", "NaN"))
    limits = Decimal(5), Decimal(2000)
    assert request_doubt(Decimal(10), Decimal(0), Decimal(10000), limits) == ""
    assert request_doubt(Decimal(400), Decimal(101), Decimal(10000), limits)
    assert request_doubt(Decimal(2001), Decimal(0), None, limits)


def test_m2_3_totals_add_up_by_year_batch_and_project(city: Walk) -> None:
    city.approved(60)
    line = FundingRequest.objects.get()
    _pay(city, line, 20)
    rows = FundingRequest.objects.visible_to(city.actor("commission", may(21)))
    assert read.totals(rows) == read.Totals(1, Decimal(80), Decimal(60), Decimal(20))
    for table in (read.by_year(rows), read.by_batch(rows), read.by_project(rows)):
        assert [row.totals for row in table] == [read.Totals(1, Decimal(80), Decimal(60), Decimal(20))]


def test_money_is_seen_by_those_who_ask_decide_and_pay(city: Walk) -> None:
    batch = city.sent()
    line = FundingRequest.objects.get()

    def sees(role: str) -> tuple[bool, bool]:
        actor = city.actor(role, may(15))
        return (
            FundingBatch.objects.visible_to(actor).exists(),
            FundingRequest.objects.visible_to(actor).exists(),
        )

    assert sees("commission") == (True, True)
    assert sees("city_government") == (True, True)
    assert sees("finance") == (False, False)
    assert sees("owner_sj") == sees("muni_department2") == (False, True)
    for role in (
        "land_signer",
        "muni_department",
        "bureau_xp",
        "government_xp",
        "owner_xp",
        "admin_audit",
        "statistics",
    ):
        assert sees(role) == (False, False), role
    amounts = {line.pk: Decimal(60)}
    funding_batches.approve(batch, amounts, by=city.actor("city_government", may(15)), at=may(15))
    assert sees("finance") == (True, True)


def test_m2_4_a_countys_funds_are_approved_by_its_government_and_paid_by_its_finance(county: Walk) -> None:
    batch = county.approved(30)
    line = FundingRequest.objects.get()
    _pay(county, line, 30)
    line.refresh_from_db()
    assert (batch.level, line.status, line.paid) == ("county", "paid", 30)
    for role in ("bureau_fa", "government_fa", "finance_fa", "department_fa", "owner_fa", "commission", "city_government",
                 "finance"):  # fmt: skip
        actor = county.actor(role, may(20))
        assert not FundingRequest.objects.visible_to(actor).exists(), role
        assert not FundingBatch.objects.visible_to(actor).exists(), role


def test_the_city_does_not_bundle_a_countys_request(county: Walk) -> None:
    line = county.requested()
    with pytest.raises(Refusal):
        funding_batches.open_batch([line], finance=county.offices.office("SJ", "czj"),
                                   by=county.actor("commission", may(13)), at=may(13))  # fmt: skip
    assert not FundingBatch.objects.exists()


def test_the_database_itself_refuses_more_than_approved(city: Walk) -> None:
    city.approved(60)
    for values, name in (
        ({"paid": 61}, "funding_paid_within_approved"), ({"approved": 81}, "funding_approved_within_requested"),
        ({"batch": None}, "funding_decided_in_a_batch"), ({"amount": 0}, "funding_"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            FundingRequest.objects.update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_do_not_exceed_the_approved_amount(cast: Cast) -> None:
    walk = Walk(cast, open_offices(cast))
    walk.approved(60)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def run() -> None:
        try:
            line = FundingRequest.objects.get()
            actor = walk.actor("finance", may(20))
            barrier.wait()
            funding.pay(line, Decimal(40), date(2026, 5, 19), DOC, by=actor, at=may(20))
            outcomes.append("paid")
        except Refusal:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paid", "refused"]
    assert FundingRequest.objects.get().paid == 40
