"""The group chat of an office: named on its page, its address never shown again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.models import Act
from tests.cast import Cast

ADDRESS = "https://chat.example.org/robot/send?access_token=canary-4711"


def post(client: Client, row: Organisation, **typed: str) -> str:
    row.refresh_from_db()
    facts = {"version": str(row.version), "email": row.email}
    answer = client.post(
        reverse("organizations:organisation_edit", args=[row.public_id]), facts | typed, follow=True
    )
    return answer.content.decode()


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    return cast.login(client, cast.admin_system)


def test_the_system_administrator_names_a_group_chat_and_the_record_keeps_its_secret(
    cast: Cast, admin: Client, settings: SettingsWrapper
) -> None:
    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    row = cast.bureau_xp.organisation
    page = post(admin, row, chat_channel="feishu", chat_address=ADDRESS, chat_secret="canary-secret")
    assert "canary" not in page
    row.refresh_from_db()
    assert (row.chat_channel, row.chat_address, row.chat_secret) == ("feishu", ADDRESS, "canary-secret")
    act = Act.objects.filter(machine="organisation", object_id=row.pk).latest("id")
    assert "canary" not in str(act.data)
    assert act.data["changes"]["chat_channel"] == ["", "feishu"]
    # An empty address keeps the one that is known; no channel takes both away.
    post(admin, row, chat_channel="dingtalk")
    row.refresh_from_db()
    assert (row.chat_channel, row.chat_address) == ("dingtalk", ADDRESS)
    post(admin, row, chat_channel="")
    row.refresh_from_db()
    assert (row.chat_channel, row.chat_address, row.chat_secret) == ("", "", "")


@pytest.mark.parametrize("address", ["", "http://chat.example.org/x", "https://elsewhere.example.org/x"])
def test_a_chat_without_an_allowed_address_is_refused_and_nothing_is_saved(
    cast: Cast, admin: Client, settings: SettingsWrapper, address: str
) -> None:
    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    row = cast.bureau_xp.organisation
    page = post(admin, row, chat_channel="wecom", chat_address=address)
    assert "群机器人地址" in page
    row.refresh_from_db()
    assert row.chat_channel == ""


def test_a_county_bureau_cannot_set_the_chat_of_its_owner(
    cast: Cast, client: Client, settings: SettingsWrapper
) -> None:
    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    cast.login(client, cast.bureau_xp)
    row = cast.owner_xp.organisation
    post(client, row, chat_channel="wecom", chat_address=ADDRESS)
    row.refresh_from_db()
    assert row.chat_channel == ""
