"""The county government's approval and the commission's receipt; what each may see of a summary (M6.1, M6.4)."""

from __future__ import annotations

import pytest

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Delegation, User
from ningde_projects.workflow.models import Act
from reports.models import Summary, SummaryItem
from reports.services import reviewing, summaries
from tests.cast import Cast
from tests.reports.desk import DIALOG, Desk, words_of
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, filed, november, opened, problem
from tests.reports.walks import summary_in


@pytest.fixture
def sent(cast: Cast, desk: Desk) -> Summary:
    """One problem, sent to the government of 霞浦 on the 9th."""
    report = filed(cast, cast.project_xp, cast.owner_xp, november(5), **problem())
    bureau = cast.actor(cast.bureau_xp, november(6))
    reviewing.accept(report, by=bureau, at=november(6), opinion="县级已协调一次")
    summary = Summary.objects.get(place__code="XP", month=OCTOBER)
    summaries.draw_in(summary, by=bureau, at=november(6, 10))
    summaries.send_for_approval(summary, by=bureau, at=november(9))
    desk.at(november(9, 10))
    return summary


def _url(summary: Summary, act: str = "") -> str:
    return f"/approvals/{summary.public_id}/" + (f"{act}/" if act else "")


def _received(summary: Summary, act: str = "") -> str:
    return f"/summaries/received/{summary.public_id}/" + (f"{act}/" if act else "")


def _rewrite(cast: Cast, summary: Summary, words: str) -> None:
    item = SummaryItem.objects.get(summary=summary.pk)
    actor = cast.actor(cast.bureau_xp, november(10))
    summaries.edit_item(item, {"text": words}, by=actor, at=november(10), version=item.version)


# ---- the government --------------------------------------------------------------------------------------------


def test_the_approver_finds_it_reads_it_and_approves(cast: Cast, desk: Desk, sent: Summary) -> None:
    assert _url(sent) in desk.text(cast.government_xp, "/approvals/")
    page = desk.text(cast.government_xp, _url(sent))
    for words in ("管线迁改方案未定", "县级已协调一次", cast.project_xp.name):
        assert words in page
    assert desk.post(cast.government_xp, _url(sent, "approve"), {"opinion": "同意"}).status_code == 302
    sent.refresh_from_db()
    assert (sent.status, sent.approved_by) == ("approved", cast.government_xp)
    assert Notice.objects.filter(recipient=cast.bureau_xp, kind="summary_approved").exists()
    assert _url(sent) in desk.text(cast.government_xp, "/approvals/?tab=done")


def test_only_an_approvers_look_counts_as_opening(cast: Cast, desk: Desk, sent: Summary) -> None:
    desk.text(cast.bureau_xp, "/summaries/2026-10/")
    sent.refresh_from_db()
    assert sent.opened_at is None
    desk.text(cast.government_xp, _url(sent))
    sent.refresh_from_db()
    assert sent.opened_at == desk.now
    desk.at(november(9, 11)).text(cast.government2_xp, _url(sent))
    sent.refresh_from_db()
    assert sent.opened_at == november(9, 10)


def test_a_return_demands_a_reason_and_the_bureau_reads_it(cast: Cast, desk: Desk, sent: Summary) -> None:
    assert desk.post(cast.government_xp, _url(sent, "return"), headers=DIALOG).status_code == 422
    done = desk.post(cast.government_xp, _url(sent, "return"), {"reason": "请核实第1条"}, headers=DIALOG)
    assert done.status_code == 204
    sent.refresh_from_db()
    assert sent.status == "returned"
    page = desk.text(cast.bureau_xp, "/summaries/2026-10/")
    assert "请核实第1条" in page
    assert "刘闻笛" in page


def test_of_two_approvers_at_once_one_decides(cast: Cast, desk: Desk, sent: Summary) -> None:
    version = sent.version
    assert desk.post(cast.government_xp, _url(sent, "approve"), {"version": version}).status_code == 302
    late = desk.post(cast.government2_xp, _url(sent, "return"), {"reason": "请核实", "version": version})
    assert late.status_code == 409
    assert Act.objects.filter(machine="summary", name__in=["approve", "return_by_government"]).count() == 1


def _delegate(cast: Cast, to: User) -> None:
    Delegation.objects.create(
        principal=cast.government_xp, delegate=to, duty=Duty.APPROVE, organisation=cast.government_xp.organisation,
        valid_from=november(1), valid_to=november(30), reason="出差", created_by=cast.government_xp,
        created_at=november(1),
    )  # fmt: skip


def test_point_14_who_acts_for_another_is_told_so_and_both_names_are_kept(
    cast: Cast, desk: Desk, sent: Summary
) -> None:
    _delegate(cast, cast.bureau2_xp)
    assert "刘闻笛" in desk.text(cast.bureau2_xp, _url(sent))
    assert "刘闻笛" in desk.text(cast.bureau2_xp, _url(sent, "approve"), headers=DIALOG)
    assert desk.post(cast.bureau2_xp, _url(sent, "approve")).status_code == 302
    act = Act.objects.get(machine="summary", name="approve")
    assert (act.user_text, act.principal_text) == ("吴海棠", "刘闻笛")
    edition = sent.editions.get()
    assert "吴海棠" in edition.by_text
    assert "刘闻笛" in edition.by_text


def test_point_14_nobody_approves_what_he_himself_sent(cast: Cast, desk: Desk, sent: Summary) -> None:
    _delegate(cast, cast.bureau_xp)
    page = desk.text(cast.bureau_xp, _url(sent))
    assert _url(sent, "approve") not in page
    assert desk.post(cast.bureau_xp, _url(sent, "approve")).status_code == 403
    sent.refresh_from_db()
    assert sent.status == "approving"


def test_what_is_being_rewritten_is_not_before_the_government(cast: Cast, desk: Desk, sent: Summary) -> None:
    desk.post(cast.government_xp, _url(sent, "return"), {"reason": "请核实"})
    _rewrite(cast, sent, "尚未送审的新文字")
    page = desk.at(november(10, 10)).text(cast.government_xp, _url(sent))
    assert "尚未送审的新文字" not in page
    assert "请核实" in page


def test_nothing_to_approve_says_what_comes_next(cast: Cast, desk: Desk) -> None:
    opened()
    page = desk.text(cast.government_xp, "/approvals/")
    assert 'data-empty="done"' in page
    assert "11月10日" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [("government_xp", 200), ("government2_xp", 200), ("government_fa", 404), ("bureau_xp", 403), ("owner_xp", 403),
     ("commission", 403), ("city_government", 403), ("idle", 403)],
)  # fmt: skip
def test_the_approval_is_the_countys_own_governments(
    cast: Cast, desk: Desk, sent: Summary, role: str, status: int
) -> None:
    assert desk.get(cast.people[role], _url(sent)).status_code == status
    if status != 200:
        assert desk.post(cast.people[role], _url(sent, "approve")).status_code == status


# ---- the commission --------------------------------------------------------------------------------------------


@pytest.fixture
def forwarded(cast: Cast, desk: Desk, sent: Summary) -> Summary:
    summaries.approve(sent, by=cast.actor(cast.government_xp, november(9, 11)), at=november(9, 11))
    assert desk.at(november(9, 12)).post(cast.bureau_xp, "/summaries/2026-10/forward/").status_code == 302
    sent.refresh_from_db()
    return sent


def test_the_commission_signs_for_a_forwarded_summary(cast: Cast, desk: Desk, forwarded: Summary) -> None:
    assert _received(forwarded) in desk.text(cast.commission, "/summaries/?month=2026-10")
    assert "管线迁改方案未定" in desk.text(cast.commission, _received(forwarded))
    assert desk.post(cast.commission, _received(forwarded, "receive")).status_code == 302
    assert desk.post(cast.commission2, _received(forwarded, "receive")).status_code == 409
    forwarded.refresh_from_db()
    assert forwarded.status == "received"
    assert Notice.objects.filter(recipient=cast.bureau_xp, kind="summary_received").exists()


def test_the_commission_returns_with_a_reason_and_goes_on_seeing_the_sealed_edition(
    cast: Cast, desk: Desk, forwarded: Summary
) -> None:
    assert desk.post(cast.commission, _received(forwarded, "return"), headers=DIALOG).status_code == 422
    done = desk.post(cast.commission, _received(forwarded, "return"), {"reason": "第1条缺责任单位"})
    assert done.status_code == 302
    _rewrite(cast, forwarded, "改写中的文字")
    bureau = cast.actor(cast.bureau_xp, november(10, 10))
    summaries.send_for_approval(forwarded, by=bureau, at=november(10, 10))
    summaries.approve(forwarded, by=cast.actor(cast.government_xp, november(10, 11)), at=november(10, 11))
    page = desk.at(november(10, 12)).text(cast.commission, _received(forwarded))
    assert "改写中的文字" not in page
    assert "管线迁改方案未定" in page
    desk.post(cast.bureau_xp, "/summaries/2026-10/forward/")
    assert "改写中的文字" in desk.text(cast.commission, _received(forwarded))


@pytest.mark.parametrize("status", ["building", "approving", "returned", "approved"])
def test_the_commission_sees_nothing_of_what_has_not_been_forwarded(
    cast: Cast, desk: Desk, status: str
) -> None:
    summary = summary_in(cast, status if status != "approved" else "approving")
    if status == "approved":
        summaries.approve(summary, by=cast.actor(cast.government_xp, november(9, 15)), at=november(9, 15))
    desk.at(november(9, 16))
    assert desk.get(cast.commission, _received(summary)).status_code == 404
    page = desk.get(cast.commission, "/summaries/?month=2026-10")
    line = next(x for x in page.context["lines"] if x.place.code == "XP")
    assert (line.summary, line.problems, line.is_late) == (None, None, False)
    assert str(summary.public_id) not in words_of(page)


def test_every_county_stands_in_the_list_and_the_overdue_ones_are_marked(cast: Cast, desk: Desk) -> None:
    opened()
    lines = desk.at(november(11)).get(cast.commission, "/summaries/?month=2026-10").context["lines"]
    assert len(lines) == 10
    assert {x.place.code for x in lines if x.is_late} == {"XP", "FA"}


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_xp", 302), ("commission", 200), ("owner_xp", 403), ("government_xp", 403), ("idle", 403)],
)  # fmt: skip
def test_where_the_summaries_begin_depends_on_the_office(
    cast: Cast, desk: Desk, role: str, status: int
) -> None:
    opened()
    assert desk.get(cast.people[role], "/summaries/").status_code == status
