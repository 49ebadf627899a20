"""The list: filters in the address, counts, order, pages; and it costs the same with 50 and with 5,000 projects."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ningde_projects.organizations.models import Industry
from ningde_projects.projects.models import AnnualPlan, Project
from tests.cast import Cast


def many(cast: Cast, number: int, **changes: Any) -> list[Project]:
    """Projects of Xiapu; every third has no total investment."""
    industries = list(Industry.objects.all())
    start = Project.objects.count()
    rows = [
        Project(
            **{
                "name": f"霞浦第{start + i:05d}号项目", "place": cast.place("XP"), "owner": cast.owner_xp.organisation,
                "industry": industries[i % 7], "total_investment": None if i % 3 == 0 else 1000 + i,
                "stage": ["planning", "under_way", "completed"][i % 3], "level": "municipal",
            } | changes
        )
        for i in range(number)
    ]  # fmt: skip
    return Project.objects.bulk_create(rows)


def listed(client: Client, **query: str) -> Any:
    return client.get(reverse("projects:list"), query)


def names(answer: Any) -> list[str]:
    return [row.name for row in answer.context["page"]]


def test_all_visible_projects_are_listed_with_what_is_not_stated_as_a_dash(
    cast: Cast, client: Client
) -> None:
    cast.login(client, cast.commission)
    answer = listed(client)
    assert answer.status_code == 200
    assert set(names(answer)) == {p.name for p in cast.projects.values()}
    many(cast, 1)
    assert "—" in listed(client, q="00004号").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"place": "FA"}, {"project_fa"}),
        ({"industry": "transport"}, {"project_municipal", "project_cross"}),
        ({"level": "provincial"}, {"project_xp", "project_cross"}),
        ({"management": "municipal", "level": "municipal"}, {"project_municipal"}),
        ({"stage": "completed"}, set()),
        ({"q": "电机"}, {"project_fa"}),  # two Chinese characters
        ({"q": "霞浦 园"}, {"project_xp"}),  # every word counts
        ({"q": "350921-04"}, {"project_xp"}),  # a piece of the code
        ({"q": "福安建设"}, {"project_fa"}),  # the owner
        ({"q": "%"}, set()),  # no wildcard from outside
        ({"q": "_"}, set()),
    ],
)
def test_each_filter_leaves_what_it_says(
    cast: Cast, client: Client, query: dict[str, str], expected: set[str]
) -> None:
    cast.login(client, cast.commission)
    answer = listed(client, **query)
    assert set(names(answer)) == {cast.projects[name].name for name in expected}
    assert answer.context["number"] == len(expected)


def test_the_owner_filter_takes_the_public_id(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    owner = str(cast.owner_fa.organisation.public_id)
    assert names(listed(client, owner=owner)) == [cast.project_fa.name]


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "flying"},
        {"place": "ZZ"},
        {"owner": "1"},
        {"owner": "x" * 300},
        {"sort": "name; drop"},
        {"q": "\0"},
    ],
)
def test_what_the_address_asks_wrongly_is_left_out_and_said(
    cast: Cast, client: Client, query: dict[str, str]
) -> None:
    cast.login(client, cast.commission)
    answer = listed(client, **query)
    assert answer.status_code == 200
    assert len(names(answer)) == 4
    assert ("已忽略" in answer.content.decode()) is ("q" not in query)


def test_every_filter_that_is_on_can_be_taken_off_and_keeps_the_others(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    text = listed(client, place="XP", stage="under_way", q="霞浦").content.decode()
    for removed in ("?stage=under_way&amp;q=", "?place=XP&amp;q=", "?place=XP&amp;stage=under_way"):
        assert f'href="{removed}' in text


def test_the_number_beside_a_filter_is_what_choosing_it_gives(cast: Cast, client: Client) -> None:
    many(cast, 30)
    cast.login(client, cast.commission)
    answer = listed(client, stage="completed")
    for option in answer.context["stages"].options:
        assert listed(client, stage=option.value).context["number"] == option.count
    menus = listed(client, level="municipal").context["menus"]
    places = next(menu for menu in menus if menu.options[0][0] == "市本级")
    for _label, count, href, chosen in places.options:
        assert not chosen
        assert client.get(reverse("projects:list") + href).context["number"] == count


def test_sums_are_sorted_with_the_unstated_ones_last_both_ways(cast: Cast, client: Client) -> None:
    many(cast, 9)
    cast.login(client, cast.commission)
    for sort, reverse_order in (("total", False), ("-total", True)):
        sums = [row.total_investment for row in listed(client, sort=sort).context["page"]]
        stated = [sum_ for sum_ in sums if sum_ is not None]
        assert stated == sorted(stated, reverse=reverse_order)
        assert sums == stated + [None] * 3


def test_the_plan_of_the_year_is_shown_and_sorted_by(cast: Cast, client: Client) -> None:
    AnnualPlan.objects.filter(project=cast.project_fa).delete()
    cast.login(client, cast.commission)
    plans = [row.year_plan for row in listed(client, sort="-plan").context["page"]]
    assert plans == [48000, 30000, 12000, None]


def test_fifty_rows_a_page_and_a_page_too_far_is_the_last(cast: Cast, client: Client) -> None:
    many(cast, 110)
    cast.login(client, cast.commission)
    assert [len(names(listed(client, page=page))) for page in ("1", "2", "3", "99", "x")] == [
        50,
        50,
        14,
        14,
        50,
    ]


def test_an_empty_list_says_why_and_what_to_do(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    assert 'data-empty="filtered"' in listed(client, stage="exited").content.decode()
    cast.login(client, cast.muni_factor)
    assert 'data-empty="nodata"' in listed(client).content.decode()


@pytest.mark.parametrize("role", ["commission", "owner_xp"])
def test_the_list_asks_the_same_few_questions_of_fifty_and_of_five_thousand(
    cast: Cast, client: Client, role: str
) -> None:
    cast.login(client, cast.people[role])
    counts = []
    for total in (50, 5000):
        many(cast, total - Project.objects.count(), municipal_department=cast.muni_department2.organisation)
        listed(client)
        with CaptureQueriesContext(connection) as queries:
            assert listed(client).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10, counts


def test_the_page_of_a_project_asks_the_same_however_long_its_record_is(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    url = reverse("projects:detail", args=[cast.project_cross.public_id])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    AnnualPlan.objects.bulk_create(
        AnnualPlan(project=cast.project_cross, part=part, year=year, investment=1)
        for part in cast.project_cross.parts.all()
        for year in range(2030, 2060)
    )
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(few) == len(more) <= 45, (len(few), len(more))
