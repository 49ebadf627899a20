"""The pages of the municipal problem list: who sees what, filters, export, sealing by click, cost (M8.1)."""

from __future__ import annotations

import hashlib
import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from dispatch.models import Edition
from reports.models import Problem
from tests.cast import Cast
from tests.dispatch import problem_list_story as story
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, november

LIST = "/dispatch/problems/?month=2026-10"


@pytest.fixture
def october(cast: Cast, desk: Desk) -> Cast:
    story.problems_filed(cast)
    story.forwarded(cast)
    desk.at(november(11))
    return cast


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def first_sheet(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(body(response))).worksheets[0]


def test_m8_1_the_page_shows_the_whole_list_to_the_city_and_each_county_its_own(
    october: Cast, desk: Desk
) -> None:
    for person in (october.commission, october.commission_head, october.city_government):
        text = desk.text(person, LIST)
        assert october.canary("xp") in text
        assert october.canary("fa") in text
    for person in (october.bureau_xp, october.government_xp, october.department_xp):
        text = desk.text(person, LIST)
        assert october.canary("xp") in text
        assert october.canary("fa") not in text
        assert "municipal" not in text or october.canary("municipal") not in text


def test_m8_1_owners_read_sealed_lines_only_and_administrators_nothing(october: Cast, desk: Desk) -> None:
    assert october.canary("xp") not in desk.text(october.owner_xp, LIST)
    assert desk.get(october.owner_xp, "/dispatch/problems/export/?month=2026-10").status_code == 404
    edition = story.sealed(october)
    address = f"/dispatch/problems/editions/{edition.public_id}/"
    assert address in desk.text(october.owner_xp, LIST)
    text = desk.text(october.owner_xp, address)
    assert october.canary("xp") in text
    assert october.canary("fa") not in text
    for person in (october.admin_system, october.admin_security, october.admin_audit, october.idle,
                   october.oversight, october.statistics):  # fmt: skip
        for path in (LIST, address, f"{address}workbook/", f"{address}compare/"):
            assert desk.get(person, path).status_code == 404, (person, path)


def test_m8_1_an_extract_holds_the_own_lines_only(october: Cast, desk: Desk) -> None:
    edition = story.sealed(october)
    page = first_sheet(
        desk.get(october.bureau_fa, f"/dispatch/problems/editions/{edition.public_id}/workbook/")
    )
    words = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert october.canary("fa") in words
    assert october.canary("xp") not in words


def test_m8_1_taking_an_edition_out_again_gives_the_same_bytes(october: Cast, desk: Desk) -> None:
    edition = story.sealed(october)
    address = f"/dispatch/problems/editions/{edition.public_id}/workbook/"
    sums = []
    for person, at in ((october.commission, november(11)), (october.city_government, november(20))):
        desk.at(at)
        Problem.objects.update(description=f"改过 {at}")
        sums.append(hashlib.sha256(body(desk.get(person, address))).hexdigest())
    assert sums == [edition.sha256, edition.sha256]


def test_m8_1_the_export_has_the_rows_of_the_page_and_says_that_it_is_a_draft(
    october: Cast, desk: Desk
) -> None:
    page = first_sheet(desk.get(october.commission, "/dispatch/problems/export/?month=2026-10&place=FA"))
    words = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert october.canary("fa") in words
    assert october.canary("xp") not in words
    assert "未定稿" in page.oddHeader.right.text


def test_m8_1_filters_stand_in_the_address(october: Cast, desk: Desk) -> None:
    for query, seen, hidden in (
        ("source=waiting", "fa", "xp"), ("source=county", "xp", "fa"), ("mark=late", "fa", "xp"),
        ("source=municipal", "municipal", "xp"), ("place=XP&group=category&age=new&level=department", "xp", "fa"),
        ("q=" + october.canary("fa"), "fa", "xp"),
    ):  # fmt: skip
        text = desk.text(october.commission, f"{LIST}&{query}").split("<tbody>")[-1]
        assert october.canary(seen) in text, query
        assert october.canary(hidden) not in text, query
    for nonsense in ("month=never", "level=x&source=y&age=z&mark=q&place=%00", "page=999"):
        assert desk.get(october.commission, f"/dispatch/problems/?{nonsense}").status_code == 200
    assert "没有" in desk.text(october.commission, f"{LIST}&q=zzzz")


def test_m8_1_sealing_by_click_is_one_edition_however_often_it_is_clicked(october: Cast, desk: Desk) -> None:
    address = "/dispatch/problems/2026-10/seal/first/"
    assert address in desk.text(october.commission, LIST)
    assert desk.get(october.commission, address).status_code == 200
    data = {"seen": "0", "reason": "", "idempotency_key": str(uuid.uuid4())}
    client = desk.client(october.commission)
    first, second = client.post(address, data), client.post(address, data)
    edition = Edition.objects.get()
    assert first["Location"] == second["Location"] == f"/dispatch/problems/editions/{edition.public_id}/"
    again = client.post(address, data | {"idempotency_key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert Edition.objects.count() == 1


def test_m8_1_an_erratum_without_a_reason_is_refused_by_name(october: Cast, desk: Desk) -> None:
    story.sealed(october)
    answer = desk.post(
        october.commission, "/dispatch/problems/2026-10/seal/erratum/", {"seen": "1", "reason": " "}
    )
    assert answer.status_code == 422
    assert Edition.objects.count() == 1


def test_m8_1_others_see_no_button_and_are_refused(october: Cast, desk: Desk) -> None:
    address = "/dispatch/problems/2026-10/seal/first/"
    assert "/seal/" not in desk.text(october.city_government, LIST)
    assert desk.post(october.city_government, address, {"seen": "0"}).status_code == 403
    assert desk.post(october.bureau_xp, address, {"seen": "0"}).status_code == 404
    assert desk.post(october.commission, "/dispatch/problems/2026-13/seal/first/", {}).status_code == 404
    assert desk.post(october.commission, "/dispatch/problems/2026-10/seal/third/", {}).status_code == 404


def test_m8_1_since_version_1_more_have_come_is_said(october: Cast, desk: Desk) -> None:
    story.sealed(october)
    story.direct(october, november(12))
    desk.at(november(12, 10))
    assert "封存后又新增 1 件" in desk.text(october.commission, LIST)
    assert "/seal/supplement/" in desk.text(october.commission, LIST)


def test_m8_1_editions_are_compared_on_a_page(october: Cast, desk: Desk) -> None:
    opinion = story.passed(october)
    first = story.sealed(october)
    story.answered(october, opinion, november(12))
    second = story.sealed(october, "second", november(16))
    desk.at(november(17))
    address = f"/dispatch/problems/editions/{second.public_id}/compare/"
    assert story.problem_of("XP").number in desk.text(october.commission, address)
    assert desk.get(october.commission, f"{address}?with={first.public_id}").status_code == 200
    assert desk.get(october.commission, f"{address}?with=nonsense").status_code == 404
    assert story.problem_of("XP").number not in desk.text(october.bureau_fa, address)


def test_m8_1_the_page_costs_the_same_with_many_problems(october: Cast, desk: Desk) -> None:
    before = desk.queries(october.commission, LIST)
    model = story.problem_of("XP")
    for n in range(30):
        Problem.objects.create(
            number=f"XP-2026-9{n:03d}", project=model.project, place=model.place, owner=model.owner,
            category=model.category, description=f"批量问题 {n}", occurred_on=model.occurred_on, level="county",
            request="请协调", reported_at=model.reported_at, reported_by=model.reported_by, first_month=OCTOBER,
            first_report=model.first_report,
        )  # fmt: skip
    after = desk.queries(october.commission, LIST)
    assert after <= before
    assert after < 60
    story.sealed(october)
    address = f"/dispatch/problems/editions/{Edition.objects.get().public_id}/"
    assert desk.queries(october.commission, address) < 40


def test_every_address_has_its_object(october: Cast, desk: Desk) -> None:
    """What the grid of routes and people is given."""
    for route, arguments in story.addresses(october).items():
        assert desk.get(october.commission, reverse(route, kwargs=arguments)).status_code == 200, route
