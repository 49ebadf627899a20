"""What a password must be, how it is changed, and what follows (B2, B3, B13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client

from ningde_projects.organizations.models import PastPassword
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import PAGE, START, Clock, SignIn, acts, is_in

GOOD = "Quiet-Harbour-58-Lamp"
BAD = [
    # too short, too uniform
    "Ab1!", "Kx7!pq2#Zt", "Kx7!pq2#Ztv", "quietharbourlamp", "QUIETHARBOUR99", "quietharbour99", "993847261055",
    "Quietharbourlamp", "quiet-harbour-lamp", "QUIET-HARBOUR-LAMP", "静静的港湾和灯塔在这里",
    # common, with decoration
    "Password1234!", "P@ssw0rd2026!", "Passw0rd!!!!!", "Qwertyuiop123!", "1qaz2wsx!QAZ@WSX", "Qwer1234!@#$",
    "Admin@123456", "Admin12345678!", "Administrator1!", "Letmein123456!", "Welcome@2026!", "Iloveyou1314!",
    "Woaini5201314!", "Aa123456789!", "Abcdefgh1234!", "Abcd1234!@#$", "Zxcvbnm12345!", "Asdfghjkl123!",
    "Abc@12345678", "Test12345678!", "Sunshine2026!", "Dragon!20252026", "Monkey123456!", "Guanliyuan@123",
    # this city and its offices
    "Ningde@2026888", "Ningde2026!@#", "NingdeFgw2026!", "Fagaiwei@2026", "NdFgw@20262027", "Xiapu-2026-Fgj",
    "Xiapufagaiju1!", "Fuan@12345678", "Jiaocheng2026!", "Mindong#2026!", "Ningde-2026-sample", "N1ngde@2026!!",
    "宁德发改委2026Aa!", "宁德市重点项目2026a!", "霞浦县政府2026Ab!", "Project@Ningde1", "Xiangmu2026!!", "Zhengfu@88888",
    # the person
    "Owner_xp@2026", "T_owner_xp_2026!", "郑示安@2026Abc", "Zheng10000000000!", "!10000000000Aa",
    # one thing again and again
    "Aaaaaaaaaaa1!", "A1!A1!A1!A1!A1!", "Aa!1111111111", "!!!!!!!!Aa1111", "Ab1!Ab1!Ab1!Ab1!",
]  # fmt: skip
FINE = [
    GOOD, PASSWORD, "k7#Wq!zR4pLm", "Sieben Wege 4 Brücken", "correct-Horse-7-staple", "Tea & 4 oranges, please",
    "九月的Hai风吹过3座桥", "三Tiao鱼在竹篮里@岸边", "vT9$kLw2@xRb6!", "Lamp?Under?Bridge?7", "Ziyou2Feixiang#Niao",
    "Mango_Violin_83", "8kites+9Rivers", "mei-You-Ren-zhi-2", "Zr8#mQ4!vK1s", "oldStone7wetMoss", "Nine&Twenty Herons",
    "xW4-nR8-tJ6-pB2", "Snail.Trumpet.61", "蓝色Umbrella与7只猫",
]  # fmt: skip


def change(client: Client, new: str = GOOD, *, old: str = PASSWORD, again: str | None = None) -> HttpResponse:
    form = {"password": old, "new_password": new, "repeated": new if again is None else again}
    return client.post("/account/password/", form)  # type: ignore[return-value]


@pytest.mark.parametrize("password", BAD)
def test_a_bad_password_is_refused(cast: Cast, password: str) -> None:
    cast.owner_xp.password = ""
    with pytest.raises(ValidationError):
        validate_password(password, cast.owner_xp)


@pytest.mark.parametrize("password", FINE)
def test_a_good_password_is_taken(cast: Cast, password: str) -> None:
    cast.owner_xp.password = ""
    validate_password(password, cast.owner_xp)


def test_twelve_characters_are_enough_and_eleven_are_not(cast: Cast) -> None:
    validate_password("k7#Wq!zR4pLm", cast.owner_xp)
    with pytest.raises(ValidationError):
        validate_password("k7#Wq!zR4pL", cast.owner_xp)


def test_one_hundred_and_28_are_kept_whole_and_one_more_is_refused(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    import random

    letters = random.Random(1)  # noqa: S311 - any long text will do, the same each time
    long = "Zq9!" + "".join(letters.choice("bdfhklmnprtvwxz") for _ in range(124))
    sign_in(client, cast.owner_xp)
    assert change(client, long + "x").status_code == 422
    assert change(client, long).status_code == 302
    assert sign_in(Client(), cast.owner_xp, long[:-1]).status_code == 422
    assert sign_in(Client(), cast.owner_xp, long).status_code == 302


def test_a_changed_password_holds_and_the_old_one_does_not(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    response = change(client)
    assert response["Location"] == "/account/"
    assert "新密码已生效" in client.get("/account/").content.decode()
    assert sign_in(Client(), cast.owner_xp, PASSWORD).status_code == 422
    assert sign_in(Client(), cast.owner_xp, GOOD).status_code == 302


def test_this_session_goes_on_with_a_new_key_and_the_others_end(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    other = Client()
    sign_in(other, cast.owner_xp)
    sign_in(client, cast.owner_xp)
    before = client.session.session_key
    change(client)
    assert client.session.session_key != before
    assert is_in(client)
    assert other.get(PAGE)["Location"].endswith("why=password")


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"old": "wrong"}, "password", "当前密码不正确"),
        ({"again": "Other-Harbour-58-Lamp"}, "repeated", "两次输入的新密码不一致"),
        ({"new": "Ningde@2026888"}, "new_password", "不易被猜到"),
        ({"new": PASSWORD}, "new_password", "不得与最近使用过的 5 个密码相同"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(
    cast: Cast, sign_in: SignIn, client: Client, form: dict[str, Any], field: str, words: str
) -> None:
    sign_in(client, cast.owner_xp)
    response = change(client, **form)
    page = response.content.decode()
    assert response.status_code == 422
    error = page.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
    assert words in error
    cast.owner_xp.refresh_from_db()
    assert cast.owner_xp.check_password(PASSWORD)
    assert acts("password_changed") == []


def test_none_of_the_last_five_is_taken_again_and_the_sixth_last_is(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    used = [PASSWORD, *(f"{GOOD}-{letter}" for letter in "vwxyz")]
    for old, new in zip(used, used[1:], strict=False):
        assert change(client, new, old=old).status_code == 302
    for recent in used[1:]:
        assert change(client, recent, old=used[-1]).status_code == 422, recent
    assert change(client, PASSWORD, old=used[-1]).status_code == 302


def test_no_more_old_hashes_are_kept_than_are_asked_about(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    old = PASSWORD
    for letter in "abcdefgh":
        change(client, f"{GOOD}-{letter}", old=old)
        old = f"{GOOD}-{letter}"
    assert PastPassword.objects.filter(user=cast.owner_xp).count() == 5


def test_at_first_sign_in_nothing_is_open_before_the_change(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    cast.owner_xp.must_change_password = True
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    for path in ("/", PAGE, "/account/factor/"):
        assert client.get(path)["Location"] == "/account/password/", path
    assert client.post("/account/sessions/end/")["Location"] == "/account/password/"
    page = client.get("/account/password/").content.decode()
    assert "请先设置只有你自己知道的密码" in page
    assert change(client)["Location"] == "/"
    assert is_in(client)


def test_a_script_is_told_the_way_instead_of_being_given_a_page(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    cast.owner_xp.must_change_password = True
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    response = client.get(PAGE, headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response["HX-Redirect"] == "/account/password/"


def test_whoever_has_to_change_the_password_can_still_leave(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    cast.owner_xp.must_change_password = True
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    assert client.post("/signout/")["Location"] == "/signin/?done=out"


@pytest.mark.parametrize(("days", "free"), [(90, True), (91, False)])
def test_a_password_lasts_ninety_days(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, days: int, free: bool
) -> None:
    cast.owner_xp.password_changed_at = START - timedelta(days=days)
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    assert client.get(PAGE).status_code == (200 if free else 302)


def test_the_age_is_a_setting_and_zero_switches_it_off(
    cast: Cast, sign_in: SignIn, client: Client, settings: Any
) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 0
    cast.owner_xp.password_changed_at = START - timedelta(days=4000)
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    assert is_in(client)


def test_sample_people_are_not_asked_for_a_new_password_by_age(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    cast.owner_xp.password_changed_at = START - timedelta(days=400)
    cast.owner_xp.is_sample = True
    cast.owner_xp.save()
    sign_in(client, cast.owner_xp)
    assert is_in(client)


def test_the_change_is_on_record_without_the_password(cast: Cast, sign_in: SignIn, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    change(client)
    (act,) = acts("password_changed")
    assert act.user == cast.owner_xp
    assert GOOD not in str(act.__dict__)


def test_production_hashes_with_argon2_and_nothing_else() -> None:
    from ningde_projects.settings import base

    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
