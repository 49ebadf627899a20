"""Hard cases from the picked problem to the closed case, through the pages; who sees what; budgets (M10.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispatch.models import HardCase, InstructionTask
from dispatch.pages.hard_cases import cases_before_me
from dispatch.services import instruction_tasks
from dispatch.services.hard_cases import TaskContent
from ningde_projects.notices.models import Notice
from tests.cast import Cast
from tests.dispatch.hard_cases_story import (
    act,
    case_in,
    content,
    drafted,
    instructed,
    november,
    problem_of,
    submitted,
    task_in,
    task_of,
)

AT = november(14)
STRANGERS = [
    "owner_fa", "bureau_fa", "government_fa", "department_fa", "muni_department2", "muni_factor", "statistics",
    "oversight", "idle", "owner_sj", "admin_system", "admin_security", "admin_audit", "department_xp",
]  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def key_of(page: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert found
    return found[1]


def rows(**more: Any) -> dict[str, Any]:
    return {
        "t-TOTAL_FORMS": "4", "t-INITIAL_FORMS": "0", "t-MIN_NUM_FORMS": "4", "t-MAX_NUM_FORMS": "20",
    } | more  # fmt: skip


def test_m10_1_picked_submitted_instructed_on_the_phone_worked_on_verified_and_closed(
    cast: Cast, client: Client
) -> None:
    problem = problem_of(cast)
    cast.login(client, cast.commission)
    page = text(client, f"/dispatch/hard-cases/new/?problem={problem.public_id}")
    assert problem.description in page
    assert "checked" in page
    typed = {"title": "管线迁改协调", "ground": "across", "leader": cast.city_government.pk, "summary": "多次未果",
             "proposal": "工信局牵头", "problem": str(problem.public_id), "version": "0"}  # fmt: skip
    answer = client.post("/dispatch/hard-cases/new/", typed)
    case = HardCase.objects.get()
    url = f"/dispatch/hard-cases/{case.public_id}/"
    assert answer["Location"] == url
    client.post(f"{url}submit/", {"version": case.version})
    cast.login(client, cast.city_government)
    actor = cast.actor(cast.city_government, AT)
    assert [item.title for item in cases_before_me(actor, AT)[0].items] == ["管线迁改协调"]
    assert Notice.objects.filter(recipient=cast.city_government).exists()
    form = text(client, f"{url}instruct/")
    assert "工信局牵头" in form
    case.refresh_from_db()
    unit = cast.muni_department.organisation.pk
    sent = rows(text="请工信局牵头", given_on="2026-11-14", version=case.version,
                **{"t-0-unit": unit, "t-0-text": "拿出方案", "t-0-due_on": "2026-11-20"})  # fmt: skip
    assert client.post(f"{url}instruct/", sent)["Location"] == url
    case.refresh_from_db()
    task = InstructionTask.objects.get()
    assert (case.status, task.status, case.instructions.get().is_own_hand) == ("instructed", "waiting", True)
    place = f"/dispatch/hard-cases/tasks/{task.public_id}/"
    for who, verb, said, status in (
        (cast.muni_department, "sign", "", "signed"), (cast.muni_department, "progress", "已会商", "working"),
        (cast.muni_department, "finish", "方案已定", "reported"), (cast.commission, "verify", "", "verified"),
    ):  # fmt: skip
        cast.login(client, who)
        task.refresh_from_db()
        client.post(f"{place}{verb}/", {"version": task.version, "reason": said})
        task.refresh_from_db()
        assert task.status == status
    for verb, said, status in (("report_back", "已解决", "reported"), ("close", "", "closed")):
        case.refresh_from_db()
        client.post(f"{url}{verb}/", {"version": case.version, "reason": said})
        case.refresh_from_db()
        assert case.status == status
    cast.login(client, cast.city_government)
    assert "已解决" in text(client, url), "the leader reads what became of it"
    assert "管线迁改协调" in text(client, f"/projects/{problem.project.public_id}/")


def test_m10_1_what_the_commission_enters_from_paper_says_so(cast: Cast) -> None:
    case = submitted(cast)
    from dispatch.services import hard_cases

    hard_cases.instruct(case, "同意", date(2026, 11, 6),
                        [TaskContent(cast.muni_department.organisation, "办理", date(2026, 11, 20))],
                        by=cast.actor(cast.commission, AT), at=AT)  # fmt: skip
    assert case.instructions.get().is_own_hand is False
    assert case.instructions.get().leader == cast.city_government


def test_an_instruction_with_faults_answers_422_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    case = submitted(cast)
    cast.login(client, cast.city_government)
    url = f"/dispatch/hard-cases/{case.public_id}/instruct/"
    answer = client.post(url, rows(text="请限期解决", given_on="2026-11-14", version=case.version,
                                   **{"t-0-text": "拿出方案", "t-0-due_on": "2026-11-01"}))  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "拿出方案" in page
    assert "第1项：请选择责任单位。" in page
    assert "完成时限早于批示日期" in page
    assert not InstructionTask.objects.exists()


def test_a_stale_form_and_a_double_click_change_nothing_twice(cast: Cast, client: Client) -> None:
    case = drafted(cast)
    cast.login(client, cast.commission)
    url = f"/dispatch/hard-cases/{case.public_id}/"
    old = {"title": "改", "ground": "hard", "version": case.version, "summary": "甲"}
    assert client.post(f"{url}edit/", old).status_code == 302
    assert client.post(f"{url}edit/", old | {"summary": "乙"}).status_code == 409
    page = text(client, "/dispatch/hard-cases/new/")
    twice = {"title": "一次", "ground": "hard", "version": "0", "idempotency_key": key_of(page)}
    first, second = (
        client.post("/dispatch/hard-cases/new/", twice),
        client.post("/dispatch/hard-cases/new/", twice),
    )
    assert first["Location"] == second["Location"]
    assert HardCase.objects.filter(title="一次").count() == 1


@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_and_the_other_county_find_nothing(cast: Cast, client: Client, role: str) -> None:
    case = instructed(cast)
    task = task_of(case)
    cast.login(client, cast.people[role])
    one = f"/dispatch/hard-cases/{case.public_id}/"
    for url in (one, f"{one}instruct/", f"{one}close/", f"/dispatch/hard-cases/tasks/{task.public_id}/"):
        assert client.get(url).status_code == 404, url


def test_a_county_reads_its_own_problem_only_and_nothing_before_it_is_submitted(
    cast: Cast, client: Client
) -> None:
    case = drafted(cast, problems=[problem_of(cast), problem_of(cast, "fa")])
    url = f"/dispatch/hard-cases/{case.public_id}/"
    cast.login(client, cast.bureau_xp)
    assert client.get(url).status_code == 404
    act(cast, case, "submit", cast.commission, november(4))
    page = text(client, url)
    assert cast.canary("xp") in page
    assert cast.canary("fa") not in page
    assert "机密内情" not in page


def test_a_countys_unit_reads_the_instruction_but_no_other_countys_problem(
    cast: Cast, client: Client
) -> None:
    tasks = [TaskContent(cast.department_xp.organisation, "配合迁改", date(2026, 11, 20)),
             TaskContent(cast.department_fa.organisation, "另一件事", date(2026, 11, 20))]  # fmt: skip
    case = instructed(cast, tasks, problems=[problem_of(cast, "fa")])
    cast.login(client, cast.department_xp)
    page = text(client, f"/dispatch/hard-cases/{case.public_id}/")
    assert "批示原文" in page
    assert "配合迁改" in page
    assert cast.canary("fa") not in page
    assert "另一件事" not in page
    assert "机密内情" not in page


def test_an_owner_reads_the_instruction_when_the_commission_shows_it(cast: Cast, client: Client) -> None:
    case = instructed(cast)
    url = f"/dispatch/hard-cases/{case.public_id}/"
    cast.login(client, cast.owner_xp)
    page = text(client, url)
    assert "批示原文" not in page
    assert "机密内情" not in page
    assert cast.canary("xp") in page
    project = f"/projects/{cast.project_xp.public_id}/"
    assert case.title in text(client, project)
    assert "批示原文" not in text(client, project)
    act(cast, case, "release", cast.commission, november(13))
    assert "批示原文" in text(client, url)
    assert "批示原文" in text(client, project)


def test_overdue_is_computed_reminded_of_once_a_day_and_urged(cast: Cast) -> None:
    task = task_of(instructed(cast))
    assert not task.is_overdue(november(20, 23))
    assert task.is_overdue(november(21, 0))
    for _again in range(2):
        instruction_tasks.remind_and_call(november(17))
        instruction_tasks.remind_and_call(november(21))
    kinds = [
        Notice.objects.filter(kind=k, recipient=cast.muni_department).count()
        for k in ("matter_due", "matter_overdue")
    ]
    assert kinds == [1, 1]
    assert Notice.objects.filter(kind="matter_overdue", recipient=cast.commission).count() == 1
    act(cast, task, "urge", cast.commission, november(22), "请抓紧")
    assert task.urged_count == 1
    assert Notice.objects.filter(kind="matter_urged", recipient=cast.muni_department).exists()


def test_whoever_finished_a_matter_does_not_verify_it_and_a_case_closes_only_when_all_is_verified(
    cast: Cast,
) -> None:
    from ningde_projects.workflow.refusals import Refusal

    case = case_in(cast, "instructed")
    act(cast, task_of(case), "sign", cast.muni_department, november(6))
    case.refresh_from_db()
    with pytest.raises(Refusal, match="1"):
        act(cast, case, "report_back", cast.commission, november(7), "已解决")


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        text(client, url)
    return len(seen)


def test_lists_pages_and_the_panel_cost_the_same_with_one_case_and_with_many(
    cast: Cast, client: Client
) -> None:
    case = instructed(cast)
    cast.login(client, cast.commission)
    urls = ["/dispatch/hard-cases/", "/dispatch/hard-cases/tasks/", f"/projects/{cast.project_xp.public_id}/",
            "/dispatch/hard-cases/new/"]  # fmt: skip
    for url in urls:
        text(client, url)
    before = [_queries(client, url) for url in urls]
    for _n in range(5):
        instructed(cast)
    assert [_queries(client, url) for url in urls] == before
    assert case.pk


def test_the_list_is_filtered_counted_and_exported(cast: Cast, client: Client) -> None:
    instructed(cast)
    drafted(cast, title="另一件草稿")
    cast.login(client, cast.commission)
    assert "另一件草稿" not in text(client, "/dispatch/hard-cases/?state=instructed")
    assert "没有符合条件" in text(client, "/dispatch/hard-cases/?q=没有的字") or "没有" in text(
        client, "/dispatch/hard-cases/?q=x"
    )
    assert client.get("/exports/hard-cases/?state=all").status_code in (200, 302)


def test_every_state_of_a_matter_has_its_page(cast: Cast, client: Client) -> None:
    task = task_in(cast, "reported")
    cast.login(client, cast.commission)
    page = text(client, f"/dispatch/hard-cases/tasks/{task.public_id}/")
    assert "verify/" in page
    assert "send_back/" in page
    assert content(cast).title
