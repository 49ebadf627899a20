"""The outbox: each message goes out once, one that kills its sender is given up, a restricted one stays inside."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings as SettingsWrapper

from ningde_projects.notices import channels, digests, kinds, outbox
from ningde_projects.notices.models import Channel, Delivery, DeliveryState, Notice
from ningde_projects.periods.month import ZONE
from tests.cast import Cast

NOW = datetime(2026, 11, 9, 10, 0, tzinfo=ZONE)
OPEN, SECRET = "test_outbox_open", "test_outbox_restricted"


@pytest.fixture(autouse=True)
def kinds_of_the_test() -> None:
    if OPEN not in {kind.key for kind in kinds.all_kinds()}:
        kinds.register(
            kinds.NoticeKind(OPEN, "Report due", "Of %(what)s"),
            kinds.NoticeKind(SECRET, "Dossier opened", "Of %(what)s", restricted=True),
        )


def waiting(cast: Cast, count: int) -> list[Delivery]:
    notices = [
        Notice.objects.create(
            recipient=cast.owner_xp, kind=OPEN, params={"what": str(n)}, at=NOW, dedupe=f"test:{n}"
        )
        for n in range(count)
    ]
    return [
        Delivery.objects.create(notice=n, channel=Channel.EMAIL, address="a@projects.example", next_at=NOW)
        for n in notices
    ]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of what went out."""
    found: list[str] = []

    def send(channel: str, address: str, title: str, text: str, *, key: str, secret: str = "") -> None:
        time.sleep(0.02)
        found.append(key)

    monkeypatch.setattr(channels, "send", send)
    return found


def test_a_delivery_is_leased_right_before_it_is_sent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one lease for a batch the last of it would be anybody's while the first still hangs."""
    waiting(cast, 3)
    leased: list[int] = []
    monkeypatch.setattr(
        channels, "send",
        lambda *args, **more: leased.append(Delivery.objects.filter(leased_until__gt=NOW).count()),
    )  # fmt: skip
    assert outbox.dispatch(NOW) == 3
    assert leased == [1, 1, 1]
    assert set(Delivery.objects.values_list("state", "leased_until")) == {(DeliveryState.SENT, None)}


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(cast: Cast, sent: list[str]) -> None:
    rows = waiting(cast, 12)

    def run(_number: int) -> int:
        try:
            return outbox.dispatch(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(run, range(2)))
    assert sum(counts) == 12
    assert sorted(sent) == sorted(str(row.public_id) for row in rows)


def test_the_lease_of_a_killed_sender_runs_out_and_no_sooner(cast: Cast, sent: list[str]) -> None:
    row = waiting(cast, 1)[0]
    Delivery.objects.filter(pk=row.pk).update(leased_until=NOW + outbox.LEASE)
    assert outbox.dispatch(NOW + outbox.LEASE - timedelta(seconds=1)) == 0
    assert outbox.dispatch(NOW + outbox.LEASE) == 1
    assert sent == [str(row.public_id)]


def test_a_sender_that_lost_its_lease_does_not_write_over_the_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = waiting(cast, 1)[0]
    other = NOW + timedelta(minutes=10)

    def taken_over(*args: Any, **more: Any) -> None:
        Delivery.objects.filter(pk=row.pk).update(leased_until=other)
        raise channels.ChannelError("late")

    monkeypatch.setattr(channels, "send", taken_over)
    assert outbox.dispatch(NOW) == 0
    row.refresh_from_db()
    assert (row.state, row.leased_until, row.attempts) == (DeliveryState.WAITING, other, 1)


def test_a_refused_message_is_tried_later_and_given_up_after_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = waiting(cast, 1)[0]

    def refuse(*args: Any, **more: Any) -> None:
        raise channels.ChannelError("refused with code 19024")

    monkeypatch.setattr(channels, "send", refuse)
    at, pauses = NOW, []
    while True:
        outbox.dispatch(at)
        row.refresh_from_db()
        if row.state == DeliveryState.DEAD:
            break
        pauses.append(round((row.next_at - at).total_seconds() / 60))
        at = row.next_at
    assert pauses[:6] == list(outbox.WAITS)
    assert set(pauses[6:]) == {outbox.WAITS[-1]}
    assert at - NOW >= outbox.GIVE_UP_AFTER
    assert row.error == "refused with code 19024"


def test_the_lease_is_longer_than_any_channel_may_take() -> None:
    assert outbox.LEASE.total_seconds() > 2 * channels.TOTAL


def test_a_message_that_kills_its_sender_is_counted_and_given_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = waiting(cast, 1)[0]

    def killed(*args: Any, **more: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(channels, "send", killed)
    at = NOW
    for number in range(1, outbox.MOST_ATTEMPTS + 1):
        with pytest.raises(SystemExit):
            outbox.dispatch(at)
        row.refresh_from_db()
        assert (row.attempts, row.state) == (number, DeliveryState.WAITING)
        at = row.leased_until or at
    assert outbox.dispatch(at) == 0
    row.refresh_from_db()
    assert (row.state, row.error, row.leased_until) == (DeliveryState.DEAD, "interrupted", None)
    outbox.resend(row, at)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 0)


def test_a_restricted_matter_is_not_told_to_the_group_chat(cast: Cast) -> None:
    office = cast.owner_xp.organisation
    office.chat_channel, office.chat_address = Channel.FEISHU, "https://chat.example.org/x"
    office.save()
    for kind in (OPEN, SECRET):
        Notice.objects.create(
            recipient=cast.owner_xp, kind=kind, params={"what": "x"}, at=NOW - timedelta(hours=1), dedupe=kind
        )
    assert digests.write_digests(NOW) == 1
    lines = office.digests.get().lines
    assert [line["kind"] for line in lines] == [OPEN]
    # With nothing but a restricted one there is no digest at all: not even its number is told.
    Notice.objects.filter(kind=OPEN).update(read_at=NOW)
    Notice.objects.filter(kind=SECRET).update(at=NOW + timedelta(hours=20))
    assert digests.write_digests(NOW + timedelta(days=1)) == 0


def test_a_letter_about_a_restricted_matter_says_only_that_there_is_one(
    cast: Cast, settings: SettingsWrapper
) -> None:
    notice = Notice.objects.create(
        recipient=cast.owner_xp,
        kind=SECRET,
        params={"what": "canary"},
        at=NOW,
        dedupe="s",
        url="/dossiers/canary/",
    )
    letter = Delivery(notice=notice, channel=Channel.EMAIL, address="a@projects.example", next_at=NOW)
    title, text = outbox.wording(letter)
    assert title == "你有一项限制知悉的事项"
    assert settings.PUBLIC_BASE_URL in text
    assert "canary" not in text
    assert "Dossier" not in title + text


def test_a_message_that_cannot_be_worded_does_not_keep_back_the_next(cast: Cast, sent: list[str]) -> None:
    broken, good = waiting(cast, 2)
    Notice.objects.filter(deliveries=broken).update(params={})
    assert outbox.dispatch(NOW) == 1
    assert sent == [str(good.public_id)]
    broken.refresh_from_db()
    assert (broken.state, broken.attempts, broken.error) == (DeliveryState.FAILED, 1, "KeyError")
