"""Status × transition × person for the four machines of measure 2, complete by construction (house rule 11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from ningde_projects.organizations.actor import AnyActor, SystemActor
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.refusals import Refusal
from ningde_projects.workflow.table import Machine
from reserve.models import CaseOpinion, FundingBatch, FundingRequest
from reserve.rules.cases import due_instant
from reserve.services import case_opinions, cases, funding, funding_batches
from reserve.workflow.cases import CASE, CASE_OPINION
from reserve.workflow.funding import BATCH, FUNDING
from tests.cast import CAST
from tests.reserve.case_story import Walk, facts, may
from tests.reserve.offices import MORE

AT = may(19, 10)
CITY = {"commission", "commission2"}
BUREAU = {"bureau_xp", "bureau2_xp", "bureau_head_xp"}
DEPARTMENT = {"muni_department2"}
OWNER = {"owner_sj"}
SYSTEM = {"system"}
NOBODY: set[str] = set()


def _twins(names: str, people: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(names.split(), people) | {f"{n}_county": NOBODY for n in names.split()}


#: The city's case, filed by the department; its own filer does not decide on it, which no row of the cast breaks.
WHO: dict[str, dict[str, set[str]]] = {
    "case": {
        **dict.fromkeys(("submit", "withdraw", "resubmit"), DEPARTMENT),
        **{f"{n}_owner": NOBODY for n in ("submit", "withdraw", "resubmit")},
        **_twins("accept return invite ask_supplement pass reject reopen", CITY),
    },
    "case_opinion": {
        **{n: {"finance"} for n in ("draft", "send_to_sign", "take_back")},
        **{n: {"finance_signer"} for n in ("sign", "return_to_section")},
        **{f"{n}_bureau": NOBODY for n in ("draft", "send_to_sign", "take_back", "sign", "return_to_section")},
        **_twins("ask_again release", CITY), "renew": SYSTEM,
    },
    "funding": {
        "withdraw": DEPARTMENT, "withdraw_owner": OWNER, **_twins("return bundle take_out", CITY),
        **dict.fromkeys(("grant", "refuse", "settle", "unsettle"), SYSTEM), "pay": {"finance"}, "void": {"finance"},
    },
    "funding_batch": {
        **_twins("send withdraw discard", CITY), "approve": {"city_government", "approver2"},
        "return": {"city_government", "approver2"},
    },
}  # fmt: skip


def case_in(walk: Walk, status: str) -> Any:
    if status == "draft":
        return walk.draft()
    if status in ("submitted", "returned"):
        case = walk.submitted()
        if status == "returned":
            cases.send_back(case, reason="请补", by=walk.actor("commission", may(6)), at=may(6))
        return case
    if status == "passed":
        return walk.passed()
    case = walk.answered()
    if status == "supplement":
        cases.ask_supplement(case, reason="请补", by=walk.actor("commission", may(9)), at=may(9))
    if status == "rejected":
        cases.conclude(case, False, text="不具备条件", by=walk.actor("commission", may(9)), at=may(9))
    return case


def opinion_in(walk: Walk, status: str) -> Any:
    case = walk.consulting(others=("gxj",))
    opinion = CaseOpinion.objects.get(case=case, role="finance")
    handler = walk.actor("finance", may(8))
    values = {"verdict": "agree", "text": "合规可行"}
    if status == "drafting":
        case_opinions.save_draft(opinion, values, by=handler, at=may(8))
    if status == "reviewing":
        case_opinions.send_to_sign(opinion, values, by=handler, at=may(8))
    if status == "given":
        walk.give(case, "czj")
    if status == "released":
        case_opinions.release(opinion, reason="改派", instead=walk.offices.office("SJ", "jtj"),
                              by=walk.actor("commission", may(8)), at=may(8))  # fmt: skip
    return opinion


def line_in(walk: Walk, status: str) -> Any:
    if status in ("approved", "paid"):
        line = FundingRequest.objects.get(batch=walk.approved())
        funding.pay(line, Decimal(60 if status == "paid" else 20), date(2026, 5, 19), "宁财〔2026〕1号",
                    by=walk.actor("finance", AT), at=AT)  # fmt: skip
        return line
    line = walk.requested()
    if status == "withdrawn":
        funding.withdraw(line, by=walk.actor("muni_department2", may(12)), at=may(12))
    if status == "returned":
        funding.send_back(line, reason="用途不清", by=walk.actor("commission", may(12)), at=may(12))
    if status == "bundled":
        walk.batch(line)
    if status == "refused":
        other = funding.request_funds(
            line.case, Decimal(5), "勘察", by=walk.actor(walk.filer, may(12)), at=may(12)
        )
        batch = walk.sent(line, other)
        amounts = {line.pk: Decimal(0), other.pk: Decimal(5)}
        funding_batches.approve(batch, amounts, by=walk.actor("city_government", may(18)), at=may(18))
    return line


def batch_in(walk: Walk, status: str) -> Any:
    if status == "approved":
        return walk.approved()
    if status in ("building", "discarded"):
        batch = walk.batch()
        if status == "discarded":
            funding_batches.discard(batch, reason="合并", by=walk.actor("commission", may(14)), at=may(14))
        return batch
    batch = walk.sent()
    if status == "returned":
        funding_batches.send_back(
            batch, reason="请压减", by=walk.actor("city_government", may(15)), at=may(15)
        )
    return batch


WALKS: dict[str, Callable[[Walk, str], Any]] = {
    "case": case_in, "case_opinion": opinion_in, "funding": line_in, "funding_batch": batch_in,
}  # fmt: skip


def _data(walk: Walk, machine: str, name: str, obj: Any) -> dict[str, Any]:
    stem = name.removesuffix("_county").removesuffix("_owner").removesuffix("_bureau")
    if machine == "case":
        if stem in ("submit", "resubmit"):
            return facts(supplement="已补")
        if stem == "accept":
            return {"leads": walk.leads(), "others": [], "last_day": date(2026, 6, 1)}
        return (
            {"others": [walk.offices.office("SJ", "jtj")], "last_day": date(2026, 6, 1)}
            if stem == "invite"
            else {}
        )
    if machine == "case_opinion":
        if stem in ("ask_again", "renew"):
            return {"due_at": due_instant(date(2026, 6, 1))}
        instead = {"instead": walk.offices.office("SJ", "tjj")} if stem == "release" else {}
        return {"verdict": "agree", "text": "合规可行", **instead}
    if machine == "funding":
        if stem == "bundle":
            return {"batch": _spare_batch(walk, obj)}
        if stem == "pay":
            return {"amount": Decimal(1), "paid_on": date(2026, 5, 19), "document": "宁财〔2026〕2号"}
        if stem == "void":
            payment = obj.payments.first()
            return {"payment": payment.public_id if payment else obj.public_id}
        return {"approved": Decimal(0 if stem == "refuse" else 10)}
    return {"amounts": {pk: Decimal(10) for pk in obj.lines.values_list("pk", flat=True)}}


def _spare_batch(walk: Walk, line: FundingRequest) -> FundingBatch:
    convener = line.case.convener
    return FundingBatch.objects.create(
        level="municipal", place=convener.place, convener=convener, government=line.case.government,
        finance=walk.offices.office("SJ", "czj"), year=2026, number=90, created_at=AT,
    )  # fmt: skip


def _attempt(walk: Walk, machine: Machine, name: str, obj: Any, actor: AnyActor, in_full: bool) -> str:
    """Try one act; answers the status reached or ''. What the door refuses by person or state it refuses by the very
    function asked here; the act itself is made (and rolled back) wherever that lets it through, and once for each
    row besides.
    """
    refused = refusal(obj, name, actor)
    if refused is not None and not in_full:
        assert str(refused).strip()
        return ""
    fresh = type(obj).objects.get(pk=obj.pk)
    reached = why = ""
    sid = transaction.savepoint()
    try:
        data = _data(walk, machine.name, name, fresh)
        reached = perform(fresh, name, by=actor, at=AT, reason="核对", data=data).to_status
    except Refusal as broken:
        why = str(broken).strip()
    assert reached or why
    assert not (reached and refused)
    transaction.savepoint_rollback(sid)
    return reached


@pytest.mark.parametrize("machine", [CASE, CASE_OPINION, FUNDING, BATCH], ids=lambda m: m.name)
def test_every_transition_has_its_people_written_down(machine: Machine) -> None:
    assert set(machine.by_name) == set(WHO[machine.name])


@pytest.mark.parametrize(
    ("machine", "status"), [(m, s) for m in (CASE, CASE_OPINION, FUNDING, BATCH) for s in m.statuses.values],
    ids=lambda v: getattr(v, "name", v),
)  # fmt: skip
def test_only_the_tables_acts_succeed_and_all_others_refuse_with_a_reason(
    city: Walk, machine: Machine, status: str
) -> None:
    obj = WALKS[machine.name](city, status)
    obj.refresh_from_db()
    assert obj.status == status
    actors: dict[str, AnyActor] = {who: city.actor(who, AT) for who in [*CAST, *MORE]} | {
        "system": SystemActor(AT)
    }
    wrong: list[str] = []
    for transition in machine.transitions:
        for who, actor in actors.items():
            reached = _attempt(city, machine, transition.name, obj, actor, in_full=who == "bureau_fa")
            may_do = who in WHO[machine.name][transition.name] and status in transition.source
            # The person who asked for the batch's approval is no approver; nobody in the cast is both.
            expected = (transition.target or status) if may_do else ""
            if reached != expected:
                wrong.append(
                    f"{transition.name} by {who}: {reached or 'refused'}, expected {expected or 'refusal'}"
                )
    assert wrong == []
