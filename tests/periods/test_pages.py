"""The pages about time: everyone reads the table, the commission decides, no county sees another's extension (E4)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from ningde_projects.periods import services
from ningde_projects.periods.models import CalendarDay, Extension, JobFailure
from ningde_projects.periods.month import ZONE, Month
from tests.cast import CAST, Cast

AT = datetime(2026, 11, 6, 10, tzinfo=ZONE)
PAGES = (
    "/deadlines/",
    "/deadlines/extensions/",
    "/deadlines/D2/",
    "/deadlines/D6/",
    "/calendar/2026/",
    "/calendar/2035/",
)
DECIDING = ("/deadlines/extend/", "/deadlines/D2/change/", "/calendar/enter/", "/calendar/notice/")


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(AT, tick=False):
        yield


def test_who_opens_which_page(cast: Cast, client: Client) -> None:
    for role, person in CAST.items():
        if role == "disabled":
            continue
        cast.login(client, cast.people[role])
        names = {str(duty) for duty in person.duties}
        reads = bool(names - {"admin_security", "admin_audit"})
        decides = "dispatch" in names
        for page in PAGES:
            assert client.get(page).status_code == (200 if reads else 404), (role, page)
        for page in DECIDING:
            assert client.get(page).status_code == (200 if decides else 403 if reads else 404), (role, page)
        assert client.get("/jobs/").status_code == (200 if "admin_system" in names else 404), role


def test_a_county_does_not_see_the_extension_of_another(cast: Cast, client: Client) -> None:
    services.extend_deadline(
        "D3", Month(2026, 10), date(2026, 11, 13), [cast.bureau_xp.organisation, cast.bureau_fa.organisation],
        by=cast.actor(cast.commission, AT), at=AT, reason="台风缓报",
    )  # fmt: skip
    for role, sees, not_sees in (("bureau_xp", "霞浦", "福安"), ("bureau_fa", "福安", "霞浦")):
        cast.login(client, cast.people[role])
        text = client.get("/deadlines/extensions/").content.decode().split("<main")[1].split("</main>")[0]
        assert "台风缓报" in text
        assert sees in text
        assert not_sees not in text
    cast.login(client, cast.owner_xp)
    assert "台风缓报" not in client.get("/deadlines/?month=2026-10").content.decode()


def test_an_extension_with_errors_keeps_its_ticks_and_words(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    office = cast.bureau_xp.organisation.public_id
    answer = client.post(
        "/deadlines/extend/?code=D3&month=2026-10",
        {
            "organisations": [str(office)],
            "last_day": "2026-11-01",
            "reason": "台风登陆",
            "idempotency_key": str(uuid4()),
        },
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "台风登陆" in text
    assert f'value="{office}" checked' in text
    assert not Extension.objects.exists()


def test_a_notice_is_looked_at_before_it_is_entered(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    words = {"year": "2027", "text": "一、元旦：1月1日放假。1月3日上班。"}
    for _again in range(2):
        looked = client.post("/calendar/notice/", words)
        assert looked.status_code == 200
        assert "识别结果" in looked.content.decode()
    assert not CalendarDay.objects.exists()
    key = str(uuid4())
    for _again in range(2):
        entered = client.post("/calendar/notice/", words | {"agreed": "on", "idempotency_key": key})
        assert (entered.status_code, entered["Location"]) == (302, "/calendar/2027/")
    assert dict(CalendarDay.objects.values_list("day", "is_workday")) == {
        date(2027, 1, 1): False,
        date(2027, 1, 3): True,
    }


def test_a_notice_that_cannot_be_read_is_named_and_enters_nothing(cast: Cast, client: Client) -> None:
    cast.login(client, cast.commission)
    answer = client.post("/calendar/notice/", {"year": "2027", "text": "2月30日放假。", "agreed": "on"})
    assert answer.status_code == 422
    assert "第1行" in answer.content.decode()
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("page", ["/calendar/0/", "/calendar/9999/", "/deadlines/D99/", "/deadlines/x/change/",
                                  "/calendar/2026-02-31/remove/", "/calendar/2026-01-01/remove/"])  # fmt: skip
def test_what_does_not_exist_is_404(cast: Cast, client: Client, page: str) -> None:
    cast.login(client, cast.commission)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("query", ["month=x", "month=0000-13", "month=%00", "code=D99&month=2026-10"])
def test_an_address_that_makes_no_sense_is_answered_kindly(cast: Cast, client: Client, query: str) -> None:
    cast.login(client, cast.commission)
    for page in ("/deadlines/", "/deadlines/extend/"):
        assert client.get(f"{page}?{query}").status_code == 200


def test_the_administrator_sees_what_fails_and_why(cast: Cast, client: Client) -> None:
    JobFailure.objects.create(
        job="D2:deadline",
        period="2026-10",
        first_at=AT,
        last_at=AT,
        times=3,
        error="Traceback\nRuntimeError: 磁盘已满",
    )
    cast.login(client, cast.admin_system)
    text = client.get("/jobs/").content.decode()
    assert "RuntimeError: 磁盘已满" in text
    assert "2026年10月" in text


def test_a_deadline_that_is_past_accuses_nobody(cast: Cast, client: Client) -> None:
    """The table is of rules: whether somebody is late stands with his report, not here."""
    cast.login(client, cast.commission)
    assert "逾期 " not in client.get("/deadlines/?month=2026-08").content.decode().split("<main")[1]
    assert "nd-due" in client.get("/deadlines/?month=2026-10").content.decode()
