"""E1: whatever desk is the home, everything that waits in the other rooms is named on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ningde_projects.notices.todo import TodoGroup, TodoItem
from tests.cast import Cast


@pytest.mark.parametrize(
    "role", ["owner_xp", "bureau_xp", "department_xp", "muni_department", "government_xp", "commission"]
)
def test_e1_the_home_of_each_duty_lists_what_waits_in_every_room(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    def elsewhere(actor: Any, at: Any) -> list[TodoGroup]:
        item = TodoItem("别处的待办事项", "", "/elsewhere/1/", "办理")
        return [TodoGroup("elsewhere", "别处", (item,), 1, "/elsewhere/")]

    monkeypatch.setattr("ningde_projects.notices.templatetags.todo.todo_for", elsewhere)
    cast.login(client, cast.people[role])
    page = client.get("/", follow=True).content.decode()
    assert "别处的待办事项" in page
    assert 'href="#todo-elsewhere"' in page


def test_e1_a_page_that_is_no_home_does_not_repeat_it(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    assert 'href="#todo-' not in client.get("/projects/").content.decode()
