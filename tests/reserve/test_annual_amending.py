"""A proposal is put right by the office that made it until it is decided; a batch does not close before it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reserve.models import AnnualItem
from reserve.services import annual
from reserve.services.annual import Proposal
from reserve.services.annual_amending import amend
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, open_batch, pooled, proposed

APRIL = at(2026, 4, 20)
BETTER = Proposal("under_way", Decimal(9500), {}, "完成主体封顶", "已具备开工条件")


@pytest.fixture
def item(cast: Cast) -> AnnualItem:
    return proposed(cast, open_batch(cast), pooled(cast, "霞浦锂电材料"))


def test_the_proposing_office_changes_its_proposal_and_the_record_tells_how(
    cast: Cast, item: AnnualItem
) -> None:
    by = cast.actor(cast.bureau_xp, APRIL)
    assert amend(item, BETTER, by=by, at=APRIL, version=item.version)
    item.refresh_from_db()
    assert (item.investment, item.goal, item.status) == (Decimal(9500), "完成主体封顶", "proposed")
    act = Act.objects.get(machine="annual_item", name="amend")
    assert act.data["changes"]["investment"] == ["8000.00", "9500"]
    assert not amend(item, BETTER, by=by, at=APRIL, version=item.version)


def test_what_is_wrong_stale_decided_or_anothers_changes_nothing(cast: Cast, item: AnnualItem) -> None:
    by = cast.actor(cast.bureau_xp, APRIL)
    with pytest.raises(NotAllowed):
        amend(item, BETTER, by=cast.actor(cast.bureau_fa, APRIL), at=APRIL, version=None)
    with pytest.raises(StaleVersion):
        amend(item, BETTER, by=by, at=APRIL, version=item.version + 1)
    with pytest.raises(RuleBroken):
        amend(item, replace(BETTER, investment=Decimal(99999999)), by=by, at=APRIL, version=None)
    perform(item, "accept", by=cast.actor(cast.commission, APRIL), at=APRIL)
    with pytest.raises(WrongState):
        amend(item, BETTER, by=by, at=APRIL, version=None)
    item.refresh_from_db()
    assert item.investment == 8000


def test_it_is_changed_in_the_browser(cast: Cast, desk: Desk, item: AnnualItem) -> None:
    desk.at(APRIL)
    url = f"/reserve/annual/items/{item.public_id}/edit/"
    assert (
        url in desk.get(cast.bureau_xp, f"/reserve/annual/batches/{item.batch.public_id}/").content.decode()
    )
    assert desk.get(cast.bureau_fa, url).status_code == 404
    assert desk.get(cast.commission, url).status_code == 403
    typed = {"version": item.version, "stage": "under_way", "investment": "0", "goal": "封顶", "grounds": ""}
    assert desk.post(cast.bureau_xp, url, typed).status_code == 422
    assert desk.post(cast.bureau_xp, url, typed | {"investment": "9000"}).status_code == 302
    item.refresh_from_db()
    assert (item.investment, item.goal) == (Decimal(9000), "封顶")


def test_a_batch_does_not_close_before_it_opens(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        annual.open_batch(2026, "municipal", "addition", "增补", date(2026, 4, 19),
                          by=cast.actor(cast.commission, APRIL), at=APRIL)  # fmt: skip
    assert refused.value.field == "due_on"
