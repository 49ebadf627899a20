"""Later rooms add to the project page; what nobody has registered, or not for this person, stays off it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import ZONE
from ningde_projects.projects import panels
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow.door import record
from tests.cast import Cast

NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def registries() -> Iterator[None]:
    kept = dict(panels._panels), dict(panels._sources)
    yield
    panels._panels.clear()
    panels._sources.clear()
    panels._panels.update(kept[0])
    panels._sources.update(kept[1])


def page(cast: Cast, client: Client, role: str = "owner_xp") -> str:
    cast.login(client, cast.people[role])
    return client.get(reverse("projects:detail", args=[cast.project_xp.public_id])).content.decode()


def test_a_panel_appears_in_its_order_and_only_for_whom_it_has_something(cast: Cast, client: Client) -> None:
    def for_the_commission(project: object, actor: object, at: object) -> dict[str, object] | None:
        return {"text": "机密内容"} if actor.has(Duty.DISPATCH) else None  # type: ignore[attr-defined]

    panels.register(
        panels.Panel("later", "后一栏", "tests_panel.html", lambda p, a, at: {"text": "乙"}, order=90)
    )
    panels.register(
        panels.Panel("first", "前一栏", "tests_panel.html", lambda p, a, at: {"text": "甲"}, order=10)
    )
    panels.register(panels.Panel("secret", "内部栏", "tests_panel.html", for_the_commission))
    shown = [
        p.key for p in panels.shown(cast.project_xp, cast.actor(cast.owner_xp, NOVEMBER), NOVEMBER, "main")
    ]
    ours = [key for key in shown if key in ("first", "later", "secret")]
    assert ours == ["first", "later"]
    keys = {
        p.key for p in panels.shown(cast.project_xp, cast.actor(cast.commission, NOVEMBER), NOVEMBER, "main")
    }
    assert "secret" in keys


def test_a_panel_or_source_cannot_be_registered_twice(cast: Cast) -> None:
    panel = panels.Panel("once", "一", "x.html", lambda p, a, at: None)
    panels.register(panel)
    with pytest.raises(ValueError, match="twice"):
        panels.register(panel)
    source = panels.ActSource("once", lambda actor: Q(), lambda act: TimelineItem("x"))
    panels.register_acts(source)
    with pytest.raises(ValueError, match="twice"):
        panels.register_acts(source)


def test_acts_of_a_machine_that_nobody_registered_are_not_on_the_page(cast: Cast, client: Client) -> None:
    actor = cast.actor(cast.commission, NOVEMBER)
    record(
        "referral",
        "refer",
        by=actor,
        at=NOVEMBER,
        text="移送",
        reason="不应外露",
        project_id=cast.project_xp.pk,
    )
    assert "不应外露" not in page(cast, client, "commission")


def test_registered_acts_are_shown_to_whom_the_source_says(cast: Cast, client: Client) -> None:
    actor = cast.actor(cast.commission, NOVEMBER)
    record(
        "outing", "go", by=actor, at=NOVEMBER, text="现场", reason="去了现场", project_id=cast.project_xp.pk
    )
    panels.register_acts(
        panels.ActSource(
            "outing",
            visible=lambda a: Q() if a.has(Duty.DISPATCH) else Q(pk__in=[]),
            describe=lambda act: TimelineItem("现场办公", act.user_text, act.at, note=act.reason),
        )
    )
    assert "去了现场" in page(cast, client, "commission")
    assert "去了现场" not in page(cast, client, "owner_xp")


def test_the_page_shows_unstated_facts_as_a_dash_and_says_what_is_missing(cast: Cast, client: Client) -> None:
    text = page(cast, client)
    assert "尚未填写计划节点" in text
    assert 'class="nd-nil">—' in text


def test_whoever_may_not_change_the_record_reads_why(cast: Cast, client: Client) -> None:
    assert "该项目档案由市发改委和霞浦县发改部门维护" in page(cast, client)
    assert "修改档案" not in page(cast, client)
    assert "修改档案" in page(cast, client, "bureau_xp")


def test_an_odd_code_is_marked_on_the_page(cast: Cast, client: Client) -> None:
    cast.project_xp.code = "2403-110000-04-01-123456"
    cast.project_xp.save()
    assert "地区码" in page(cast, client)


def test_a_source_becomes_a_link_only_when_it_is_a_web_address(cast: Cast, client: Client) -> None:
    cast.project_xp.source = "https://example.org/a ; javascript:alert(1)\n公布的级别：省重点"
    cast.project_xp.save()
    text = page(cast, client)
    assert 'href="https://example.org/a"' in text
    assert 'href="javascript' not in text
    assert "公布的级别：省重点" in text


def test_names_from_outside_are_escaped(cast: Cast, client: Client) -> None:
    cast.project_xp.name = "<script>alert(1)</script>"
    cast.project_xp.content = "<img src=x onerror=alert(1)>"
    cast.project_xp.save()
    text = page(cast, client)
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
