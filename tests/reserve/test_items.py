"""Preliminary items: states, documents, validity, maturity, warnings, the catalogue (M1.4, facts.md §5.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ningde_projects.notices.models import Notice
from ningde_projects.periods.month import midnight
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState
from reserve.basics import ITEM_KINDS, load_item_kinds
from reserve.models import ItemKind, ProjectItem
from reserve.rules.items import valid_until
from reserve.rules.maturity import Standing, maturity_of
from reserve.services import items, sweeping
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.story import november
from tests.reserve.pool_story import exited, pooled, record_of

APPROVED = {"state": "approved", "document_no": "霞发改〔2026〕12号", "approved_on": date(2026, 11, 2)}


def kind(code: str) -> ItemKind:
    return ItemKind.objects.get(code=code)


def said(cast: Cast, project: Project, code: str, values: dict[str, Any], who: str = "owner_xp") -> bool:
    at = november(6)
    return items.set_item(
        project, kind(code), values, by=cast.actor(cast.people[who], at), at=at, version=None
    )


def test_m1_4_an_item_runs_in_no_forced_order_and_every_change_is_in_the_record(cast: Cast) -> None:
    project = pooled(cast)
    assert said(cast, project, "building_permit", APPROVED)
    assert said(
        cast, project, "proposal", {"state": "preparing", "planned_on": date(2027, 1, 15)}, "department_xp"
    )
    assert said(cast, project, "proposal", {"state": "not_needed"}, "bureau_xp")
    assert not said(cast, project, "proposal", {"state": "not_needed"}, "bureau_xp")
    acts = list(Act.objects.filter(machine="reserve_item", project_id=project.pk).order_by("id"))
    assert [act.user for act in acts] == [cast.owner_xp, cast.department_xp, cast.bureau_xp]
    assert acts[2].data["changes"]["state"] == ["preparing", "not_needed"]
    assert record_of(project).last_updated_at == november(6)


@pytest.mark.parametrize(
    ("approved_on", "months", "until"),
    [
        (date(2026, 11, 2), 24, date(2028, 11, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 11, 2), None, None),
        (None, 24, None),
    ],
)
def test_the_end_of_validity_follows_from_the_catalogue(
    approved_on: date | None, months: int | None, until: date | None
) -> None:
    assert valid_until(approved_on, months) == until


def test_a_typed_end_of_validity_wins(cast: Cast) -> None:
    project = pooled(cast)
    said(cast, project, "site", APPROVED)
    assert ProjectItem.objects.get().valid_until == date(2029, 11, 1)
    said(cast, project, "site", APPROVED | {"valid_until": date(2027, 5, 1)})
    assert ProjectItem.objects.get().valid_until == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"document_no": ""}, "document_no"),
        ({"approved_on": None}, "approved_on"),
        ({"approved_on": date(2026, 12, 1)}, "approved_on"),
        ({"valid_until": date(2026, 10, 1)}, "valid_until"),
    ],
)
def test_an_approval_says_its_number_and_day(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    project = pooled(cast)
    with pytest.raises(RuleBroken) as refused:
        said(cast, project, "site", APPROVED | wrong)
    assert field in refused.value.errors
    assert not ProjectItem.objects.exists()


def test_the_database_refuses_an_approval_without_document(cast: Cast) -> None:
    project = pooled(cast)
    with pytest.raises(IntegrityError, match="project_item_approved_has_document"), transaction.atomic():
        ProjectItem.objects.create(project=project, kind=kind("site"), state="approved")


@pytest.mark.parametrize(
    ("standing", "maturity"),
    [
        (Standing(10, 4, Decimal(0), Decimal(100)), "conceived"),
        (Standing(10, 5, Decimal(0), Decimal(100)), "nearly"),
        (Standing(10, 9, Decimal(59), Decimal(100)), "nearly"),
        (Standing(10, 9, Decimal(60), Decimal(100)), "ripe"),
        (Standing(0, 0, Decimal(60), Decimal(100)), "ripe"),
        (Standing(10, 10, Decimal(60), None), "nearly"),
    ],
)
def test_m1_4_maturity_follows_from_required_items_and_settled_funding(
    standing: Standing, maturity: str
) -> None:
    limits = {name: Decimal(value) for name, value in (
        ("maturity_nearly_percent", 50), ("maturity_ripe_percent", 90), ("maturity_funding_percent", 60))}  # fmt: skip
    assert maturity_of(standing, limits) == maturity


def test_maturity_rises_with_approvals_and_falls_when_they_lapse(cast: Cast) -> None:
    project = pooled(cast)  # 16,000 of 26,400 are settled
    codes = [k[0] for k in ITEM_KINDS if k[5] and k[4] in ("", "government")]
    for code in codes:
        said(cast, project, code, APPROVED)
    assert record_of(project).maturity == "ripe"
    assert sweeping.ripen(midnight(date(2031, 1, 1))) == 1
    assert record_of(project).maturity != "ripe"
    assert sweeping.ripen(midnight(date(2031, 1, 1))) == 0


# ---- who -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [("owner_xp", True), ("bureau_xp", True), ("department_xp", True), ("muni_department", True), ("commission", True),
     ("government_xp", False), ("bureau_fa", False), ("owner_fa", False), ("department2_xp", False),
     ("statistics", False)],
)  # fmt: skip
def test_owner_bureau_and_departments_keep_the_items(cast: Cast, who: str, may: bool) -> None:
    project = pooled(cast)
    if may:
        assert said(cast, project, "site", {"state": "submitted"}, who)
    else:
        with pytest.raises(NotAllowed):
            said(cast, project, "site", {"state": "submitted"}, who)


def test_an_exited_project_keeps_its_items_as_they_are(cast: Cast) -> None:
    project = exited(cast, pooled(cast))
    with pytest.raises(WrongState):
        said(cast, project, "site", {"state": "submitted"})


def test_two_people_on_one_item_do_not_overwrite_each_other(cast: Cast) -> None:
    project, at = pooled(cast), november(6)
    actor = cast.actor(cast.owner_xp, at)
    items.set_item(project, kind("site"), {"state": "preparing"}, by=actor, at=at, version=0)
    with pytest.raises(StaleVersion):
        items.set_item(project, kind("site"), {"state": "submitted"}, by=actor, at=at, version=0)


# ---- warnings --------------------------------------------------------------------------------------------------


def test_m1_4_a_lapsing_approval_is_told_90_and_30_days_before_and_only_once_each(cast: Cast) -> None:
    project = pooled(cast)
    said(cast, project, "site", APPROVED | {"valid_until": date(2027, 6, 30)})
    first, last = midnight(date(2027, 4, 1)), midnight(date(2027, 5, 31))
    assert sweeping.warn_of_lapsing(midnight(date(2027, 3, 31))) == 0
    assert sweeping.warn_of_lapsing(first) >= 3
    assert sweeping.warn_of_lapsing(first) == 0
    assert sweeping.warn_of_lapsing(midnight(date(2027, 5, 30))) == 0
    assert sweeping.warn_of_lapsing(last) >= 3
    assert sweeping.warn_of_lapsing(midnight(date(2027, 6, 1))) == 0
    mine = Notice.objects.filter(kind="reserve_lapsing", recipient=cast.owner_xp).order_by("at")
    assert [n.params["days"] for n in mine] == [90, 30]
    told = set(Notice.objects.filter(kind="reserve_lapsing").values_list("recipient__username", flat=True))
    assert {"t_bureau_xp", "t_department_xp", "t_muni_department"} <= told
    assert not any(name.endswith("_fa") for name in told)


def test_a_renewed_approval_is_warned_of_anew(cast: Cast) -> None:
    project = pooled(cast)
    said(cast, project, "site", APPROVED | {"valid_until": date(2027, 6, 30)})
    sweeping.warn_of_lapsing(midnight(date(2027, 6, 10)))
    said(cast, project, "site", APPROVED | {"valid_until": date(2027, 12, 31)})
    assert sweeping.warn_of_lapsing(midnight(date(2027, 10, 10))) > 0


def test_the_list_of_lapsing_ones_shows_each_its_own(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    said(cast, project, "site", APPROVED | {"valid_until": date(2027, 1, 10)})
    assert "霞发改〔2026〕12号" in desk.text(cast.owner_xp, "/reserve/items/")
    assert "霞发改〔2026〕12号" not in desk.text(cast.bureau_fa, "/reserve/items/")
    assert desk.get(cast.admin_system, "/reserve/items/").status_code == 404


# ---- pages -----------------------------------------------------------------------------------------------------


def item_url(project: Project, code: str = "site") -> str:
    return f"/reserve/pool/{project.public_id}/items/{code}/"


def test_the_page_of_an_item_keeps_what_is_typed_and_names_the_field(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    assert desk.get(cast.owner_xp, item_url(project)).status_code == 200
    answer = desk.post(
        cast.owner_xp, item_url(project), {"version": 0, "state": "approved", "document_no": "甲〔2026〕1号"}
    )
    assert answer.status_code == 422
    assert "甲〔2026〕1号" in answer.content.decode()
    data = {"version": 0, "state": "approved", "document_no": "甲〔2026〕1号", "approved_on": "2026-11-02"}
    assert desk.post(cast.owner_xp, item_url(project), data | {"approved_on": "昨天"}).status_code == 422
    assert desk.post(cast.owner_xp, item_url(project), data | {"state": "dreamed"}).status_code == 422
    assert desk.post(cast.owner_xp, item_url(project), data).status_code == 302
    assert desk.post(cast.owner_xp, item_url(project), data | {"state": "preparing"}).status_code == 409
    assert "甲〔2026〕1号" in desk.text(cast.bureau_xp, f"/projects/{project.public_id}/")
    assert desk.get(cast.owner_xp, item_url(project, "nonsense")).status_code == 404
    assert desk.get(cast.government_xp, item_url(project)).status_code == 403
    assert desk.get(cast.bureau_fa, item_url(project)).status_code == 404


def test_the_catalogue_is_the_commissions_to_keep(cast: Cast, desk: Desk) -> None:
    load_item_kinds()
    assert "用地预审" in desk.text(cast.owner_xp, "/reserve/items/catalogue/")
    row = kind("site")
    path = f"/reserve/items/catalogue/{row.public_id}/"
    assert desk.get(cast.bureau_xp, path).status_code == 403
    assert desk.get(cast.admin_system, path).status_code == 404
    data = {"name": row.name, "authority": "自然资源部门", "validity_months": "24", "required": "on", "order": "3",
            "version": row.version}  # fmt: skip
    assert desk.post(cast.commission, path, data).status_code == 422
    assert desk.post(cast.commission, path, data | {"reason": "按新办法调整"}).status_code == 302
    row.refresh_from_db()
    assert row.validity_months == 24
    assert Act.objects.get(machine="reserve_item_kind").reason == "按新办法调整"
    new = "/reserve/items/catalogue/new/"
    fresh = {"code": "site", "name": "另一项", "order": "30", "reason": "新增"}
    assert desk.post(cast.commission, new, fresh).status_code == 422
    assert desk.post(cast.commission, new, fresh | {"code": "noise"}).status_code == 302


def test_the_panel_costs_the_same_with_1_item_and_with_all(cast: Cast, desk: Desk) -> None:
    project = pooled(cast)
    said(cast, project, "site", {"state": "preparing"})
    page = f"/projects/{project.public_id}/"
    few = desk.queries(cast.bureau_xp, page)
    for code, *_rest in ITEM_KINDS:
        if code not in ("site", "filing"):
            said(cast, project, code, {"state": "submitted"})
    assert desk.queries(cast.bureau_xp, page) == few
