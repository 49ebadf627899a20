"""Telling: once per person and matter, in his own inbox; what is restricted stays there (lessons.md: no flood)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from ningde_projects.notices import digests, registration, services
from ningde_projects.notices.models import Delivery, Digest, Notice
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods import services as _words_of_periods
from ningde_projects.periods.month import ZONE
from ningde_projects.workflow import upkeep as _words_of_the_record
from reports.services import telling as _words_of_reports
from tests.cast import Cast

#: A worker has imported whoever registers words; so have these tests.
WORDS = (_words_of_periods, _words_of_the_record, _words_of_reports)
AT = datetime(2026, 11, 6, 10, tzinfo=ZONE)
PARAMS = {"what": "月报", "month": "2026年10月", "last_day": "2026-11-13", "reason": "台风缓报"}
MATTER = "deadline_extended"
SECRET: dict[str, Any] = {"count": 3, "first": 17, "what": "封印不符"}
CHAT = "https://chat.example.org/send?access_token=t"


def tell(*people: User, kind: str = MATTER, dedupe: str = "m1", url: str = "/deadlines/") -> int:
    return services.notify(kind, people, at=AT, dedupe=dedupe, params=PARAMS | SECRET, url=url)


def by_letter(user: User) -> User:
    user.channels, user.email = ["email"], f"{user.username}@office.example"
    user.save()
    return user


def with_chat(office: Organisation) -> Organisation:
    office.chat_channel, office.chat_address, office.chat_secret = "dingtalk", CHAT, "SECdemo"
    office.save()
    return office


# ---- told once ----------------------------------------------------------------------------------------------


def test_each_recipient_is_told_once_of_a_matter(cast: Cast) -> None:
    assert tell(cast.bureau_xp, cast.bureau_xp, cast.bureau2_xp) == 2
    assert tell(cast.bureau_xp, cast.bureau_fa) == 1
    assert tell(cast.bureau_xp, dedupe="m2") == 1
    assert Notice.objects.count() == 4


def test_only_what_is_newly_told_goes_out(cast: Cast) -> None:
    by_letter(cast.bureau_xp)
    tell(cast.bureau_xp)
    tell(cast.bureau_xp, by_letter(cast.bureau2_xp))
    assert sorted(Delivery.objects.values_list("address", flat=True)) == [
        "t_bureau2_xp@office.example", "t_bureau_xp@office.example",
    ]  # fmt: skip


def test_letters_go_to_those_who_want_them_and_for_matters_that_go_out(cast: Cast) -> None:
    tell(cast.bureau_xp)
    tell(by_letter(cast.bureau2_xp), kind="report_accepted")
    assert Notice.objects.count() == 2
    assert not Delivery.objects.exists()


def test_nobody_is_told_of_what_did_not_happen(cast: Cast) -> None:
    by_letter(cast.bureau_xp)

    @transaction.atomic
    def fails() -> None:
        tell(cast.bureau_xp)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


# ---- the inbox ----------------------------------------------------------------------------------------------


def test_the_notice_of_another_person_does_not_exist(cast: Cast, client: Client) -> None:
    tell(cast.bureau_xp)
    address = f"/notices/{Notice.objects.get().public_id}/"
    for role in ("bureau2_xp", "admin_system", "commission_head"):
        cast.login(client, cast.people[role])
        assert client.get(address).status_code == 404
        assert "台风缓报" not in client.get("/notices/").content.decode()
    assert client.get(f"/notices/{uuid4()}/").status_code == 404
    assert Notice.objects.get().read_at is None
    cast.login(client, cast.bureau_xp)
    assert "台风缓报" in client.get("/notices/").content.decode()
    assert client.get(address)["Location"] == "/deadlines/"
    assert Notice.objects.get().read_at is not None


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/", ""])
def test_a_notice_leads_nowhere_outside(cast: Cast, client: Client, url: str) -> None:
    tell(cast.bureau_xp, url=url)
    answer = cast.login(client, cast.bureau_xp).get(f"/notices/{Notice.objects.get().public_id}/")
    assert answer["Location"] == "/notices/"


def test_the_bell_counts_ones_own_unread(cast: Cast, client: Client) -> None:
    for matter in ("m1", "m2", "m3"):
        tell(cast.bureau_xp, cast.bureau2_xp, dedupe=matter)
    mine, other = cast.actor(cast.bureau_xp, AT), cast.actor(cast.bureau2_xp, AT)
    assert registration.unread(mine, AT).count() == 3
    assert services.mark_read(cast.bureau_xp, Notice.objects.filter(dedupe="m1"), AT) == 1
    assert (registration.unread(mine, AT).count(), registration.unread(other, AT).count()) == (2, 3)
    cast.login(client, cast.bureau_xp).post("/notices/read/")
    assert (registration.unread(mine, AT).count(), registration.unread(other, AT).count()) == (0, 3)


def test_reading_again_does_not_move_the_instant_of_reading(cast: Cast) -> None:
    tell(cast.bureau_xp)
    services.mark_read(cast.bureau_xp, Notice.objects.all(), AT)
    assert services.mark_read(cast.bureau_xp, Notice.objects.all(), AT + timedelta(hours=1)) == 0
    assert Notice.objects.get().read_at == AT


# ---- the daily digest ---------------------------------------------------------------------------------------


def test_an_office_with_a_chat_is_told_once_a_day_after_nine(cast: Cast) -> None:
    with_chat(cast.office("XP", "fgj"))
    tell(cast.bureau_xp, cast.bureau2_xp, cast.bureau_fa)
    assert digests.write_digests(AT.replace(hour=8, minute=59)) == 0
    assert digests.write_digests(AT) == 1
    assert digests.write_digests(AT + timedelta(hours=3)) == 0
    digest = Digest.objects.get()
    assert [(line["kind"], line["people"]) for line in digest.lines] == [(MATTER, 2)]
    assert digest.count == 2


def test_what_was_read_or_is_older_than_a_day_is_not_in_the_digest(cast: Cast) -> None:
    with_chat(cast.office("XP", "fgj"))
    tell(cast.bureau_xp)
    tell(cast.bureau2_xp, dedupe="m2")
    services.mark_read(cast.bureau_xp, Notice.objects.filter(dedupe="m1"), AT)
    Notice.objects.filter(dedupe="m2").update(at=AT - timedelta(days=1))
    assert digests.write_digests(AT) == 0


def test_what_is_restricted_is_neither_named_nor_counted_in_a_digest(cast: Cast) -> None:
    with_chat(cast.office("XP", "fgj"))
    tell(cast.bureau_xp, kind="record_broken", dedupe="r")
    assert digests.write_digests(AT) == 0
    tell(cast.bureau_xp)
    assert digests.write_digests(AT) == 1
    digest = Digest.objects.get()
    assert [line["kind"] for line in digest.lines] == [MATTER]
    assert digest.count == 1


def test_a_digest_tells_what_came_since_the_one_before_nothing_left_out_nothing_twice(cast: Cast) -> None:
    office = with_chat(cast.office("XP", "fgj"))
    tell(cast.bureau_xp)
    assert digests.write_digests(AT) == 1
    # The next day's tick comes late, and what happened since is more than a day ago.
    tell(cast.bureau_xp, dedupe="m2")
    Notice.objects.filter(dedupe="m2").update(at=AT + timedelta(minutes=1))
    late = AT + timedelta(days=1, hours=5)
    assert digests.write_digests(late) == 1
    assert [d.count for d in office.digests.order_by("at")] == [1, 1]
    # And early the day after: less than a day later, yet nothing is told again.
    assert digests.write_digests(AT + timedelta(days=2)) == 0
    # A weekend without a digest: all of it is told on Monday.
    tell(cast.bureau_xp, dedupe="m3")
    Notice.objects.filter(dedupe="m3").update(at=late + timedelta(hours=1))
    assert digests.write_digests(AT + timedelta(days=5)) == 1


def test_in_the_inbox_the_recipient_reads_what_is_restricted(cast: Cast, client: Client) -> None:
    tell(cast.admin_system, kind="record_broken")
    assert "封印不符" in cast.login(client, cast.admin_system).get("/notices/").content.decode()


# ---- the bell -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "shown"), [(1, "1"), (99, "99"), (100, "99+")])
def test_the_bell_is_called_what_the_eye_sees(cast: Cast, client: Client, number: int, shown: str) -> None:
    Notice.objects.bulk_create(
        Notice(recipient=cast.idle, kind=MATTER, params=PARAMS, at=AT, dedupe=str(n)) for n in range(number)
    )
    page = cast.login(client, cast.idle).get("/notices/").content.decode()
    assert f'aria-label="消息，{shown} 条未读"' in page
    assert f'<span class="dot" aria-hidden="true">{shown}</span>' in page
