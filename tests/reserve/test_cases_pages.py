"""The pages of measure 2: each office's own, hidden ones 404, one act per click, a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ningde_projects.projects.models import AnnualPlan, Project, Stage
from reserve.models import Case, CaseOpinion, FundingBatch, FundingRequest, OpinionChase, Payment
from reserve.rules.cases import FundSource
from reserve.services import cases
from tests.cast import CANARIES
from tests.reserve.case_story import Walk, facts, may

Visit = Callable[..., HttpResponse]
LATER = may(20)


@pytest.fixture
def visit(city: Walk) -> Visit:
    """GET, or POST when `data` is given, as a role at an instant."""

    def ask(role: str, path: str, data: dict[str, Any] | None = None, at: datetime = LATER) -> Any:
        client = Client()
        with time_machine.travel(at, tick=False):
            city.cast.login(client, city.user(role))
            return client.get(path) if data is None else client.post(path, data)

    return ask


def _said(response: Any) -> str:
    """What a page or a file says."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def _typed(**more: str) -> dict[str, str]:
    return {
        "body": "宁德快速通道建设公司", "land_mu": "120.5", "siting": "七都至漳湾", "questions": "立项路径",
        f"fund_{FundSource.OWN.value}": "160,000", **more,
    }  # fmt: skip


def test_every_page_opens_for_its_office_from_the_draft_to_the_payment(city: Walk, visit: Visit) -> None:
    batch = city.approved(60)
    case, line = Case.objects.get(), FundingRequest.objects.get()
    opinion = CaseOpinion.objects.get(role="finance")
    pages = {
        "commission": [reverse("reserve:cases"),
                       "/reserve/cases/?year=2026&status=passed&overdue=1&q=快速&level=municipal",
                       reverse("reserve:cases_missing"), reverse("reserve:case", args=[case.public_id]),
                       reverse("reserve:funding"), "/reserve/funding/?year=2026&status=open",
                       f"/reserve/funding/?batch={batch.public_id}", reverse("reserve:funding_totals"),
                       reverse("reserve:funding_batches"), reverse("reserve:funding_batch_create"),
                       reverse("reserve:funding_batch", args=[batch.public_id]),
                       reverse("reserve:funding_line", args=[line.public_id]),
                       reverse("projects:detail", args=[city.project.public_id])],
        "finance": [reverse("reserve:case_opinions") + "?tab=done",
                    reverse("reserve:case_opinion", args=[opinion.public_id]),
                    reverse("reserve:funding_payments"), reverse("reserve:funding_line_pay", args=[line.public_id])],
        "city_government": [reverse("reserve:funding_approvals"), reverse("reserve:funding_approvals") + "?tab=done",
                            reverse("reserve:cases")],
        "owner_sj": [reverse("reserve:cases"), reverse("reserve:case", args=[case.public_id]),
                     reverse("reserve:cases_missing"), reverse("reserve:funding_request", args=[case.public_id]),
                     reverse("reserve:funding"), reverse("projects:detail", args=[city.project.public_id])],
    }  # fmt: skip
    for role, paths in pages.items():
        for path in paths:
            assert visit(role, path).status_code == 200, (role, path)
    for kind in ("reserve-cases", "reserve-cases-missing", "reserve-funding"):
        assert visit("commission", f"/exports/{kind}/?year=2026").status_code == 200, kind


def test_hidden_pages_are_not_found_for_strangers_and_say_none_of_their_words(
    county: Walk, visit: Visit
) -> None:
    county.consulting()
    case = Case.objects.get()
    opinion = CaseOpinion.objects.get(role="finance")
    paths = [
        reverse("reserve:case", args=[case.public_id]), reverse("reserve:case_edit", args=[case.public_id]),
        reverse("reserve:case_accept", args=[case.public_id]), reverse("reserve:case_opinion", args=[opinion.public_id]),
        reverse("reserve:case_opinion_release", args=[opinion.public_id]),
        reverse("reserve:funding_request", args=[case.public_id]),
    ]  # fmt: skip
    for role in ("bureau_fa", "department_fa", "owner_fa", "government_fa", "finance_fa", "admin_security"):
        for path in paths:
            assert visit(role, path, at=may(8)).status_code == 404, (role, path)
        for path in (
            reverse("reserve:cases"),
            reverse("reserve:case_opinions"),
            "/exports/reserve-cases/?form=csv",
        ):
            assert CANARIES["xp"] not in _said(visit(role, path, at=may(8))), (role, path)


def test_seen_but_not_allowed_says_why(city: Walk, visit: Visit) -> None:
    case = city.consulting()
    for name in ("case_accept", "case_pass", "case_reopen", "case_supplement"):
        response = visit("owner_sj", reverse(f"reserve:{name}", args=[case.public_id]), at=may(8))
        assert response.status_code == 403
        assert "市发改委" in response.content.decode()


def test_the_form_keeps_what_is_typed_and_files_it(city: Walk, visit: Visit) -> None:
    start = reverse("reserve:case_start", args=[city.project.public_id]) + "?year=2026"
    assert visit(city.filer, start, {}, at=may(4)).status_code == 302
    case = Case.objects.get()
    edit = reverse("reserve:case_edit", args=[case.public_id])
    bad = visit(city.filer, edit, _typed(land_mu="十二亩半", file="1", version=str(case.version)), at=may(5))
    assert bad.status_code == 422
    assert "十二亩半" in bad.content.decode()
    case.refresh_from_db()
    assert (case.status, case.draft["land_mu"]) == ("draft", "十二亩半")
    slip = visit(city.filer, edit, _typed(**{"fund_own": "18", "file": "1"}), at=may(5))
    assert slip.status_code == 422
    assert 'name="confirmed"' in slip.content.decode()
    saved = visit(city.filer, reverse("reserve:case_autosave", args=[case.public_id]), _typed(), at=may(5))
    assert saved.status_code == 200
    assert visit(city.filer, edit, _typed(file="1"), at=may(5)).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.financing_total) == ("submitted", Decimal(160000))


def test_a_stale_page_is_answered_409(city: Walk, visit: Visit) -> None:
    case = city.draft()
    cases.save_draft(case, {"body": "甲"}, by=city.actor(city.filer, may(5)), at=may(5), version=None)
    edit = reverse("reserve:case_edit", args=[case.public_id])
    response = visit(city.filer, edit, _typed(version="1", save="1"), at=may(5))
    assert response.status_code == 409
    assert "宁德快速通道建设公司" in response.content.decode()


def test_the_walk_in_the_browser_accept_answer_conclude(city: Walk, visit: Visit) -> None:
    case = city.submitted()
    leads = {role: str(office.public_id) for role, office in city.leads().items()}
    accept = reverse("reserve:case_accept", args=[case.public_id])
    assert visit("commission", accept, at=may(6)).status_code == 200
    data = {**leads, "last_day": "2026-05-15", "others": [str(city.offices.office("SJ", "gxj").public_id)]}
    assert visit("commission", accept, data, at=may(6)).status_code == 302
    opinion = CaseOpinion.objects.get(role="finance")
    page = reverse("reserve:case_opinion", args=[opinion.public_id])
    assert visit("finance", reverse("reserve:case_opinions"), at=may(7)).status_code == 200
    assert visit("finance", page, {"send_to_sign": "1", "verdict": ""}, at=may(7)).status_code == 422
    sent = {"send_to_sign": "1", "verdict": "agree", "text": "合规可行"}
    assert visit("finance", page, sent, at=may(7)).status_code == 302
    assert (
        visit(
            "finance_signer", reverse("reserve:case_opinion_sign", args=[opinion.public_id]), {}, at=may(8)
        ).status_code
        == 302
    )
    refused = visit(
        "commission", reverse("reserve:case_pass", args=[case.public_id]), {"reason": ""}, at=may(9)
    )
    assert refused.status_code == 422
    assert "市自然资源局" in refused.content.decode()


def test_a_double_click_is_one_act(city: Walk, visit: Visit) -> None:
    case = city.passed()
    key = str(uuid.uuid4())
    path = reverse("reserve:funding_request", args=[case.public_id])
    data = {"amount": "80", "purpose": "可研", "idempotency_key": key}
    assert {visit(city.filer, path, data, at=may(12)).status_code for _n in range(2)} == {302}
    assert FundingRequest.objects.count() == 1
    opinion = CaseOpinion.objects.get(role="finance")
    assert opinion.status == "given"
    chase = reverse("reserve:case_opinion_chase", args=[opinion.public_id])
    assert visit("commission", chase, {}, at=may(12)).status_code == 409
    assert not OpinionChase.objects.exists()


def test_m2_3_in_the_browser_from_batch_to_payment(city: Walk, visit: Visit) -> None:
    line = city.requested()
    finance = str(city.offices.office("SJ", "czj").public_id)
    made = visit(
        "commission",
        reverse("reserve:funding_batch_create"),
        {"lines": [str(line.public_id)], "finance": finance},
        at=may(13),
    )
    assert made.status_code == 302
    batch = FundingBatch.objects.get()
    assert (
        visit(
            "commission", reverse("reserve:funding_batch_send", args=[batch.public_id]), {}, at=may(14)
        ).status_code
        == 302
    )
    approve = reverse("reserve:funding_batch_approve", args=[batch.public_id])
    assert visit("city_government", approve, at=may(15)).status_code == 200
    over = visit("city_government", approve, {f"amount_{line.pk}": "81"}, at=may(15))
    assert over.status_code == 422
    assert "81" in over.content.decode()
    assert visit("city_government", approve, {f"amount_{line.pk}": "60"}, at=may(15)).status_code == 302
    pay = reverse("reserve:funding_line_pay", args=[line.public_id])
    wrong = visit("finance", pay, {"amount": "6亿元", "paid_on": "2026-05-19", "document": "宁财1号"})
    assert wrong.status_code == 422
    assert (
        visit("finance", pay, {"amount": "60", "paid_on": "2026-05-19", "document": "宁财1号"}).status_code
        == 302
    )
    payment = Payment.objects.get()
    void = reverse("reserve:funding_payment_void", args=[payment.public_id])
    assert visit("commission", void, {"reason": "错"}).status_code == 403
    assert visit("finance", void, {"reason": "退票"}).status_code == 302
    line.refresh_from_db()
    assert (line.status, line.paid) == ("approved", 0)


def _many(city: Walk, number: int) -> None:
    """More municipal projects with a case in consultation each."""
    first = city.project
    have = Project.objects.count()
    for n in range(number):
        project = Project.objects.create(
            name=f"市管项目{have + n}", place=first.place, owner=first.owner, industry=first.industry,
            municipal_department=first.municipal_department, management="municipal", stage=Stage.RESERVE,
        )  # fmt: skip
        AnnualPlan.objects.create(project=project, year=2026, investment=1)
        if n % 2:
            actor = city.actor(city.filer, may(5))
            case = cases.start(project, 2026, by=actor, at=may(5))
            cases.submit(case, facts(), by=actor, at=may(5))
            cases.accept(case, leads=city.leads(), others=[], last_day=may(15).date(),
                         by=city.actor("commission", may(6)), at=may(6))  # fmt: skip


def test_pages_cost_as_many_queries_with_one_case_as_with_many(city: Walk, visit: Visit) -> None:
    paths = [
        ("commission", reverse("reserve:cases")), ("commission", reverse("reserve:cases_missing")),
        ("finance", reverse("reserve:case_opinions")), ("commission", reverse("reserve:funding")),
    ]  # fmt: skip
    found: list[list[int]] = []
    for number in (2, 48):
        _many(city, number)
        counts = []
        for role, path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert visit(role, path, at=may(8)).status_code == 200
            counts.append(len(queries))
        found.append(counts)
    assert found[0] == found[1]
    assert max(found[1]) <= 45


def test_the_conclusion_is_locked_until_it_can_pass(city: Walk, visit: Visit) -> None:
    case = city.consulting()
    page, passing = (reverse(f"reserve:{name}", args=[case.public_id]) for name in ("case", "case_pass"))
    assert passing not in _said(visit("commission", page, at=may(7)))
    for key in ("fgw", "czj", "zrj"):
        city.give(case, key)
    assert passing in _said(visit("commission", page, at=may(9)))


def test_the_same_text_saved_twice_is_no_conflict(city: Walk, visit: Visit) -> None:
    case = city.draft()
    first = case.version
    autosave = reverse("reserve:case_autosave", args=[case.public_id])
    for _time in range(2):
        assert visit(city.filer, autosave, _typed(version=str(first)), at=may(5)).status_code == 200
    assert (
        visit(city.filer, autosave, _typed(version=str(first), body="另一家"), at=may(5)).status_code == 409
    )
