"""One-time codes: set up, asked for, each good once (B8)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from ningde_projects.organizations.models import User
from ningde_projects.signin import factors
from ningde_projects.signin.services.factors import reset_factor
from ningde_projects.workflow.refusals import NotAllowed
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import PAGE, Clock, SignIn, acts, is_in

#: RFC 6238, appendix B, the SHA-1 rows cut to six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


def code_for(secret: str, at: datetime, steps: int = 0) -> str:
    """What the app shows `steps` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30 + steps)))


def shown_secret(client: Client) -> str:
    page = client.get("/account/factor/").content.decode()
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]


def enrol(client: Client, clock: Clock) -> tuple[str, list[str]]:
    """Set it up through the page; the secret and the recovery codes."""
    secret = shown_secret(client)
    form = {"code": code_for(secret, clock.now), "password": PASSWORD}
    page = client.post("/account/factor/", form)
    assert page.status_code == 200
    codes = re.findall(r"<code>(\d{8})</code>", page.content.decode())
    clock.forward(seconds=30)
    return secret, codes


def with_factor(cast: Cast, user: User, sign_in: SignIn, clock: Clock) -> tuple[str, list[str]]:
    client = Client()
    sign_in(client, user)
    found = enrol(client, clock)
    client.post("/signout/")
    return found


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds).astimezone()
    assert factors.matching_step(RFC_SECRET, code, at) == seconds // 30


def test_the_page_shows_a_picture_without_style_and_the_recovery_codes_once(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    page = client.get("/account/factor/").content.decode()
    picture = re.search(r'<svg width="208".*?</svg>', page, re.DOTALL)[0]  # type: ignore[index]
    assert "style" not in picture
    assert picture.count("h1v1h-1z") > 300
    _, codes = enrol(client, clock)
    assert len(set(codes)) == 10
    for path in ("/account/", "/account/factor/"):
        assert not any(code in client.get(path).content.decode() for code in codes)


def test_the_picture_says_account_and_issuer(cast: Cast) -> None:
    text = factors.address(cast.owner_xp, RFC_SECRET)
    assert text == f"otpauth://totp/t_owner_xp?secret={RFC_SECRET}&issuer=ningde-projects"


def test_with_a_factor_the_password_alone_opens_nothing_and_is_answered_alike(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    words = []
    for password, code in ((PASSWORD, ""), (PASSWORD, "000000"), ("wrong", code_for(secret, clock.now))):
        response = sign_in(Client(), cast.owner_xp, password, code=code)
        assert response.status_code == 422
        words.append(re.search(r'role="alert".*?</div>', response.content.decode(), re.DOTALL)[0])  # type: ignore[index]
    assert len({re.sub(r"\d+ 次。", "", text) for text in words}) == 1
    assert sign_in(client, cast.owner_xp, code=code_for(secret, clock.now)).status_code == 302
    assert acts("signed_in")[-1].data["factor"] == "totp"


@pytest.mark.parametrize("typed", [" {} {} ", "{}-{}", "{}\u3000{}"])
def test_codes_may_be_typed_in_groups_and_full_width_figures(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, typed: str
) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    code = code_for(secret, clock.now).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    expected = 422 if "-" in typed else 302
    assert sign_in(client, cast.owner_xp, code=typed.format(code[:3], code[3:])).status_code == expected


def test_a_code_works_once_even_when_the_cache_forgets(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    code = code_for(secret, clock.now)
    assert sign_in(Client(), cast.owner_xp, code=code).status_code == 302
    cache.clear()
    clock.forward(seconds=5)
    assert sign_in(client, cast.owner_xp, code=code).status_code == 422
    assert not is_in(client)


def test_an_older_code_does_not_work_after_a_newer_one(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    older = code_for(secret, clock.now)
    assert sign_in(Client(), cast.owner_xp, code=code_for(secret, clock.now, 1)).status_code == 302
    assert sign_in(Client(), cast.owner_xp, code=older).status_code == 422


def test_the_code_of_the_set_up_is_used_up_too(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    secret = shown_secret(client)
    code = code_for(secret, clock.now)
    client.post("/account/factor/", {"code": code, "password": PASSWORD})
    assert sign_in(Client(), cast.owner_xp, code=code).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_half_a_minute_early_or_late_is_forgiven(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, steps: int, status: int
) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    clock.forward(minutes=5)
    assert sign_in(client, cast.owner_xp, code=code_for(secret, clock.now, steps)).status_code == status


def test_a_recovery_code_opens_once(cast: Cast, sign_in: SignIn, clock: Clock, client: Client) -> None:
    _, codes = with_factor(cast, cast.owner_xp, sign_in, clock)
    assert sign_in(client, cast.owner_xp, code=codes[3]).status_code == 302
    assert "剩余 9 个恢复码" in client.get("/account/").content.decode()
    assert sign_in(Client(), cast.owner_xp, code=codes[3]).status_code == 422
    assert sign_in(Client(), cast.owner_xp, code=codes[4]).status_code == 302
    assert [act.data["factor"] for act in acts("signed_in")[-2:]] == ["recovery", "recovery"]


def test_wrong_codes_lock_like_wrong_passwords(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    for number in range(10):
        sign_in(Client(), cast.owner_xp, code=f"{number:06}")
    assert sign_in(client, cast.owner_xp, code=code_for(secret, clock.now)).status_code == 429
    assert [act.data["why"] for act in acts("sign_in_failed")] == ["code"] * 10


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_administrators_get_no_page_but_the_set_up_before_they_have_one(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, role: str
) -> None:
    sign_in(client, cast.people[role])
    for path in ("/", PAGE):
        assert client.get(path)["Location"] == "/account/factor/", path
    assert "你的职责要求绑定动态口令" in client.get("/account/factor/").content.decode()
    enrol(client, clock)
    assert is_in(client)


def test_nobody_else_is_asked_for_one_by_default(cast: Cast, sign_in: SignIn, client: Client) -> None:
    for role in ("owner_xp", "bureau_xp", "government_xp", "commission", "city_government"):
        sign_in(client, cast.people[role])
        assert is_in(client), role


def test_which_duties_ask_for_one_is_a_setting(
    cast: Cast, sign_in: SignIn, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_DUTIES = ["approve"]
    sign_in(client, cast.government_xp)
    assert client.get(PAGE)["Location"] == "/account/factor/"
    sign_in(client, cast.admin_system)
    assert is_in(client)


def test_sample_people_are_never_asked(cast: Cast, sign_in: SignIn, client: Client) -> None:
    cast.admin_system.is_sample = True
    cast.admin_system.save()
    sign_in(client, cast.admin_system)
    assert is_in(client)


@pytest.mark.parametrize(
    ("form", "field"),
    [({"code": "000000"}, "code"), ({"password": "wrong"}, "password"), ({"code": ""}, "code")],
)
def test_setting_up_needs_the_right_code_and_the_password(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client, form: dict[str, str], field: str
) -> None:
    sign_in(client, cast.owner_xp)
    secret = shown_secret(client)
    full = {"code": code_for(secret, clock.now), "password": PASSWORD} | form
    response = client.post("/account/factor/", full)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert shown_secret(client) == secret  # no second scan for a slip
    assert not Authenticator.objects.exists()


def test_setting_up_ends_the_other_sessions_and_renews_this_key(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    other = Client()
    sign_in(other, cast.owner_xp)
    sign_in(client, cast.owner_xp)
    before = client.session.session_key
    enrol(client, clock)
    assert client.session.session_key != before
    assert is_in(client)
    assert other.get(PAGE)["Location"].endswith("why=factor")
    assert acts("factor_enrolled")[0].user == cast.owner_xp


def test_another_telephone_takes_the_place_of_the_old_one(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    old, old_codes = with_factor(cast, cast.owner_xp, sign_in, clock)
    sign_in(client, cast.owner_xp, code=code_for(old, clock.now))
    new, _ = enrol(client, clock)
    assert new != old
    clock.forward(minutes=2)
    assert sign_in(Client(), cast.owner_xp, code=code_for(old, clock.now)).status_code == 422
    assert sign_in(Client(), cast.owner_xp, code=old_codes[0]).status_code == 422
    assert sign_in(Client(), cast.owner_xp, code=code_for(new, clock.now)).status_code == 302


def test_new_recovery_codes_void_the_old(cast: Cast, sign_in: SignIn, clock: Clock, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    _, old = enrol(client, clock)
    assert client.post("/account/factor/codes/", {"password": "wrong"}).status_code == 422
    page = client.post("/account/factor/codes/", {"password": PASSWORD}).content.decode()
    new = re.findall(r"<code>(\d{8})</code>", page)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert sign_in(Client(), cast.owner_xp, code=old[0]).status_code == 422
    assert sign_in(Client(), cast.owner_xp, code=new[0]).status_code == 302
    assert acts("recovery_codes_issued")[0].user == cast.owner_xp


def test_who_may_do_without_removes_it_with_the_password(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    enrol(client, clock)
    assert client.post("/account/factor/remove/", {"password": "wrong"}).status_code == 422
    response: HttpResponse = client.post("/account/factor/remove/", {"password": PASSWORD})  # type: ignore[assignment]
    assert response.status_code == 302
    assert sign_in(Client(), cast.owner_xp).status_code == 302
    assert acts("factor_removed")[0].user == cast.owner_xp


def test_who_must_have_one_cannot_remove_it(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    sign_in(client, cast.admin_system)
    enrol(client, clock)
    response = client.post("/account/factor/remove/", {"password": PASSWORD})
    assert response.status_code == 422
    assert "只能重新绑定，不能解除" in response.content.decode()
    assert factors.has_factor(cast.admin_system)


def test_a_lost_telephone_is_the_security_administrators_matter_alone(
    cast: Cast, sign_in: SignIn, clock: Clock, client: Client
) -> None:
    """Whoever issues links for passwords must not take factors away as well: that would be a take-over."""
    secret, _ = with_factor(cast, cast.owner_xp, sign_in, clock)
    sign_in(client, cast.owner_xp, code=code_for(secret, clock.now))
    for role in ("admin_system", "admin_audit", "owner_xp"):
        with pytest.raises(NotAllowed):
            reset_factor(cast.owner_xp, by=cast.actor(cast.people[role], clock.now), at=clock.now)
    security = cast.actor(cast.admin_security, clock.now)
    with pytest.raises(NotAllowed):
        reset_factor(cast.admin_security, by=security, at=clock.now)
    reset_factor(cast.owner_xp, by=security, at=clock.now)
    assert not is_in(client)
    assert sign_in(client, cast.owner_xp).status_code == 302


def test_the_table_gives_no_codes_away(cast: Cast, sign_in: SignIn, clock: Clock, client: Client) -> None:
    sign_in(client, cast.owner_xp)
    secret, codes = enrol(client, clock)
    rows = str([row.data for row in Authenticator.objects.all()]) + str(dict(client.session))
    assert secret not in rows
    assert not any(code in rows for code in codes)


def test_a_new_server_key_still_opens_what_the_old_one_closed(cast: Cast, settings: Any) -> None:
    closed = factors.new_secret()
    text = factors.readable(closed)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "1" * 40
    assert factors.readable(closed) == text
