"""At the sign-in page a suspended account is like a closed one and like a wrong password: nothing is told apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from ningde_projects.organizations.models import User
from ningde_projects.organizations.services.delegations import delegate
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import START, SignIn, is_in
from tests.signin.test_signing_in import bare


def test_a_suspended_account_is_refused_in_the_words_for_a_closed_one(cast: Cast, sign_in: SignIn) -> None:
    User.objects.filter(pk=cast.idle.pk).update(is_active=False, suspended_at=START)
    answers = [
        (answer.status_code, bare(answer.content, person.username))
        for person, password in (
            (cast.idle, PASSWORD), (cast.disabled, PASSWORD), (cast.bureau_xp, "Wrong-Harbour-55-Pine"),
        )
        for answer in [sign_in(Client(), person, password)]
    ]  # fmt: skip
    assert answers[0][0] == 422
    assert answers == [answers[0]] * 3
    assert "暂停" not in answers[0][1]


def test_a_session_still_open_when_the_account_is_suspended_holds_no_longer(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    sign_in(client, cast.owner_xp)
    assert is_in(client)
    User.objects.filter(pk=cast.owner_xp.pk).update(is_active=False, suspended_at=START)
    assert not is_in(client)


@pytest.mark.usefixtures("clock")
def test_the_account_menu_says_for_whom_one_acts_and_until_when(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    delegate(cast.bureau_xp.assignments.get(), cast.idle, date(2026, 11, 5), date(2026, 11, 9), "休假",
             by=cast.actor(cast.bureau_xp, START), at=START)  # fmt: skip
    sign_in(client, cast.idle)
    words = f"代{cast.bureau_xp.name} 至2026年11月9日"
    assert words in client.get("/account/").content.decode()
    other = Client()
    sign_in(other, cast.bureau_xp)
    assert words not in other.get("/account/").content.decode()
