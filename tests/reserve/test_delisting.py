"""A listed key project leaves the pool only by the decision that takes it off the annual list (M1.4, facts.md §3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed
from reserve.models import AnnualItem
from reserve.services import annual, pool
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reserve.plans import at, open_batch, pooled, proposed

MAY, JUNE = at(2026, 5, 8), at(2026, 6, 20)


def listed(cast: Cast) -> AnnualItem:
    """A preliminary project in the municipal list of 2026."""
    batch = open_batch(cast)
    item = proposed(cast, batch, pooled(cast, "霞浦预备项目"), stage="preliminary")
    by = cast.actor(cast.commission, MAY)
    annual.accept_all(batch, [item], by=by, at=MAY)
    annual.decide(batch, "", by=by, at=MAY)
    item.refresh_from_db()
    return item


def out(cast: Cast, project: Project, who: Any) -> None:
    pool.act(project, "exit", "用地未获批准", by=cast.actor(who, JUNE), at=JUNE, category="no_land")


def test_m1_4_the_bureau_does_not_take_a_listed_project_out_of_the_pool(cast: Cast, desk: Desk) -> None:
    item = listed(cast)
    project = Project.objects.get(pk=item.project_id)
    with pytest.raises(NotAllowed):
        out(cast, project, cast.bureau_xp)
    project.refresh_from_db()
    item.refresh_from_db()
    assert (project.stage, item.status) == ("preliminary", "listed")
    desk.at(JUNE)
    url = f"/reserve/pool/{project.public_id}/exit/"
    assert desk.get(cast.bureau_xp, url).status_code == 403
    assert url not in desk.get(cast.bureau_xp, f"/projects/{project.public_id}/").content.decode()
    assert "一并移出名单" in desk.text(cast.commission, url)


def test_m1_4_the_commissions_exit_takes_it_off_the_list_by_the_same_decision(cast: Cast) -> None:
    item = listed(cast)
    project = Project.objects.get(pk=item.project_id)
    out(cast, project, cast.commission)
    project.refresh_from_db()
    item.refresh_from_db()
    assert (project.stage, project.level) == ("exited", "other")
    assert (item.status, item.removal_reason) == ("removed", "用地未获批准")
    act = Act.objects.get(machine="reserve_record", name="exit_city")
    assert act.data["removed_from"] == [item.batch.title]
    pool.act(project, "restore", "用地已获批准", by=cast.actor(cast.commission, JUNE), at=JUNE)
    project.refresh_from_db()
    assert (project.stage, project.level) == ("preliminary", "other")


def test_a_project_of_a_published_list_loses_its_level_with_its_place_in_the_pool(cast: Cast) -> None:
    project = pooled(cast, "霞浦公布名单项目", level="municipal")
    out(cast, project, cast.commission)
    project.refresh_from_db()
    assert (project.stage, project.level) == ("exited", "other")
