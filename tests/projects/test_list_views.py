"""Columns, saved views and exports of the list: one's own, in the address, and the same on page and sheet."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ningde_projects.projects import columns
from ningde_projects.projects.columns import FacetKind, ListColumn
from ningde_projects.projects.models import Follow, ListColumns, Post, Responsible, SavedView
from ningde_projects.projects.services.own_lists import MOST_VIEWS
from tests.access.contents import body_of
from tests.cast import Cast
from tests.projects.test_list import listed, many, names
from tests.reports.story import november

LIST = "/projects/"


def keys(answer: Any) -> list[str]:
    return [head.key for head in answer.context["heads"]]


def save(client: Client, name: str, query: str = "place=XP", **more: str) -> Any:
    return client.post(f"{reverse('projects:view-save')}?{query}", {"name": name, **more})


# ---- columns ---------------------------------------------------------------------------------------------------


def test_the_usual_columns_stand_without_a_choice(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    assert keys(listed(client)) == columns.usual_columns()


def test_columns_in_the_address_come_in_the_order_of_the_list(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    answer = listed(client, cols="total,code,level")
    assert keys(answer) == ["level", "total", "code"]
    assert "2403-350921-04-01-123456" in answer.content.decode()


@pytest.mark.parametrize("text", ["nothing", "level,evil", "<script>", ",,,level;drop"])
def test_an_unknown_column_is_left_out_and_said(cast: Cast, client: Client, text: str) -> None:
    cast.login(client, cast.commission)
    answer = listed(client, cols=text)
    assert answer.status_code == 200
    assert "已忽略" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_chosen_columns_are_kept_for_the_person_and_shown_in_the_address(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    answer = client.post(
        reverse("projects:columns"), {"col": ["code", "total", "evil"], "of": "place=XP&page=3&cols=level"}
    )
    assert answer["Location"] == f"{LIST}?place=XP&cols=total%2Ccode"
    assert ListColumns.objects.get(user=cast.commission).keys == ["total", "code"]
    assert keys(listed(client)) == ["total", "code"]
    other = cast.login(Client(), cast.bureau_xp)
    assert keys(listed(other)) == columns.usual_columns()
    client.post(reverse("projects:columns"), {"usual": "1", "of": ""})
    assert not ListColumns.objects.exists()


def test_a_later_room_adds_a_column_and_a_filter_computed_in_sets(cast: Cast, client: Client) -> None:
    asked: list[Any] = []

    def tens(actor: Any, at: Any, ids: Any) -> dict[int, int]:
        asked.append(ids)
        return {cast.project_xp.pk: 10, cast.project_fa.pk: 20}

    kept = dict(columns._columns), dict(columns._facets)
    try:
        columns.register(
            ListColumn("tens", "十位数", "count", lambda row: row.loaded(tens), 500, sort_by=(tens, int))
        )
        columns.register_facet(
            FacetKind("tens", "十位数", lambda: {"10": "十", "20": "二十"}, 500, load=tens)
        )
        with pytest.raises(ValueError, match="twice"):
            columns.register(ListColumn("tens", "二", "count", lambda row: 1, 1))
        cast.login(client, cast.commission)
        answer = listed(client, sort="-tens")
        assert names(answer)[:2] == [cast.project_fa.name, cast.project_xp.name]
        assert names(listed(client, tens="10")) == [cast.project_xp.name]
        assert asked == [None, None]
    finally:
        columns._columns.clear()
        columns._facets.clear()
        columns._columns.update(kept[0])
        columns._facets.update(kept[1])


# ---- filters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "unknown"}, {"project_xp", "project_fa", "project_municipal", "project_cross"}),
        ({"plan": "none"}, set()),
        ({"light": "n"}, {"project_xp", "project_fa", "project_municipal", "project_cross"}),
        ({"light": "r"}, set()),
        ({"problems": "none", "place": "FA"}, {"project_fa"}),
        ({"leaders": "complete"}, {"project_xp"}),
        ({"followed": "no", "level": "provincial"}, {"project_xp", "project_cross"}),
    ],
)
def test_the_other_filters_leave_what_they_say(
    cast: Cast, client: Client, query: dict[str, str], expected: set[str]
) -> None:
    cast.login(client, cast.commission)
    assert set(names(listed(client, **query))) == {cast.projects[name].name for name in expected}


def test_a_project_across_counties_needs_its_leaders_in_each(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    people = [
        (Post.COUNTY_LEADER, "XP", cast.government_xp), (Post.COUNTY_DIRECT, "XP", cast.direct_xp),
        (Post.INDUSTRY_LEADER, None, cast.muni_signer2), (Post.INDUSTRY_DIRECT, None, cast.muni_department2),
        (Post.COUNTY_LEADER, "FA", cast.government_fa), (Post.COUNTY_DIRECT, "FA", cast.direct_fa),
    ]  # fmt: skip
    for number, (post, place, user) in enumerate(people):
        assert cast.project_cross.name not in names(listed(client, leaders="complete")), number
        Responsible.objects.create(
            project=cast.project_cross, post=post, place=cast.place(place) if place else None, user=user,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
    assert cast.project_cross.name in names(listed(client, leaders="complete"))


def test_the_department_filter_takes_the_public_id(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    key = str(cast.muni_department2.organisation.public_id)
    assert len(names(listed(client, department=key))) == 2


# ---- saved views -----------------------------------------------------------------------------------------------


def test_a_view_keeps_filters_order_and_columns_and_only_known_ones(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    answer = save(
        client, "霞浦在建", "place=XP&stage=under_way&sort=-total&cols=total&evil=1&light=pink&page=4"
    )
    assert answer.status_code == 302
    view = SavedView.objects.get()
    assert view.query == "place=XP&stage=under_way&sort=-total&cols=total"
    page = client.get(answer["Location"])
    assert page.context["view"].public_id == str(view.public_id)
    assert "霞浦在建" in page.content.decode()


def test_a_view_is_its_owners_alone(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    save(client, "鸢尾视图")
    view = SavedView.objects.get()
    other = cast.login(Client(), cast.bureau2_xp)
    assert "鸢尾视图" not in listed(other).content.decode()
    for name in ("view-change", "view-delete"):
        address = reverse(f"projects:{name}", args=[view.public_id])
        assert other.get(address).status_code == 404
        assert other.post(address, {"name": "改名"}).status_code == 404
    assert SavedView.objects.get().name == "鸢尾视图"


def test_two_people_may_use_the_same_name_but_one_person_not_twice(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    assert save(client, "重点").status_code == 302
    twice = save(client, "  重点 ", "place=FA")
    assert twice.status_code == 422
    assert "同名视图" in twice.content.decode()
    assert save(cast.login(Client(), cast.commission2), "重点").status_code == 302
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("name", ["", "   ", "长" * 31])
def test_a_view_needs_a_name_of_at_most_thirty_characters(cast: Cast, client: Client, name: str) -> None:
    cast.login(client, cast.commission)
    answer = save(client, name)
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_renaming_onto_another_view_is_refused_and_leaves_both(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    save(client, "甲")
    save(client, "乙")
    second = SavedView.objects.get(name="乙")
    address = reverse("projects:view-change", args=[second.public_id])
    assert client.post(address, {"name": "甲"}).status_code == 422
    assert client.post(address, {"name": "丙"}).status_code == 302
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["丙", "甲"]


def test_the_default_view_opens_first_and_there_is_one(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    save(client, "甲", "place=XP", is_default="on")
    save(client, "乙", "place=FA", is_default="on")
    assert SavedView.objects.get(is_default=True).name == "乙"
    answer = client.get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?place=FA")
    assert client.get(LIST, {"view": "all"}).context["number"] == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.filter(name="甲").update(is_default=True)


def test_deleting_a_view_leaves_the_projects(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    save(client, "甲")
    client.post(reverse("projects:view-delete", args=[SavedView.objects.get().public_id]))
    assert not SavedView.objects.exists()
    assert listed(client).context["number"] == 4


def test_the_thirty_first_view_is_refused_in_words(cast: Cast, client: Client) -> None:
    SavedView.objects.bulk_create(
        SavedView(user=cast.commission, name=f"视图{n}", at=timezone.now()) for n in range(MOST_VIEWS)
    )
    cast.login(client, cast.commission)
    answer = save(client, "又一个")
    assert answer.status_code == 409
    assert SavedView.objects.count() == MOST_VIEWS


@pytest.mark.parametrize(("role", "status"), [("admin_system", 404), ("idle", 403)])
def test_administrators_have_no_list_and_no_views(cast: Cast, client: Client, role: str, status: int) -> None:
    cast.login(client, cast.people[role])
    assert save(client, "甲").status_code == status
    assert client.post(reverse("projects:columns"), {"col": ["level"]}).status_code == status
    assert not SavedView.objects.exists()


# ---- the sheet -------------------------------------------------------------------------------------------------


def exported(client: Client, **query: str) -> list[list[Any]]:
    answer = client.get(reverse("documents:export", args=["projects"]), query)
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(body_of(answer))).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_export_holds_the_rows_and_columns_of_the_page_in_its_order(cast: Cast, client: Client) -> None:
    many(cast, 60)
    cast.login(client, cast.commission)
    query = {"place": "XP", "sort": "-total", "cols": "level,total,plan,light", "q": "霞浦"}
    rows = exported(client, **query)
    page = listed(client, **query)
    header = next(n for n, row in enumerate(rows) if row[0] == "项目名称")
    shown = [head.label for head in page.context["heads"]]
    assert rows[header] == ["项目名称", "建设单位（业主）", *shown] or rows[header][2:] == shown
    assert any("霞浦县" in str(row[0]) and "霞浦" in str(row[0]) for row in rows[1:header])
    wanted = names(page) + names(listed(client, **query, page="2"))
    assert [row[0] for row in rows[header + 1 :]] == wanted


def test_without_columns_the_export_is_the_register_that_can_be_imported_again(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.commission)
    header = next(row for row in exported(client) if row[0] == "项目名称")
    assert len(header) == 19


# ---- cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["commission", "bureau_xp", "owner_xp", "muni_department"])
@time_machine.travel(november(8), tick=False)  # the session notes its last use once in a while
def test_one_row_and_sixty_cost_the_same_with_every_column(cast: Cast, client: Client, role: str) -> None:
    cast.login(client, cast.people[role])
    every = ",".join(column.key for column in columns.all_columns())
    counts = []
    for number in (0, 60, 2000):
        rows = many(cast, number, municipal_department=cast.muni_department.organisation)
        Follow.objects.bulk_create(
            Follow(user=cast.people[role], project=row, at=timezone.now()) for row in rows[:50]
        )
        listed(client, cols=every)
        with CaptureQueriesContext(connection) as queries:
            assert listed(client, cols=every, sort="-done").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 30, counts
