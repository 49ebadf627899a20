"""Who sees what of a meeting: list, page, export and files ask the one rule (E4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hookups.models import Decision, Session, SessionProject
from ningde_projects.organizations.models import User
from tests.cast import Cast
from tests.hookups.meeting_story import decided, draft, november, on_site, recorded

AT = november(5)
STRANGERS = [
    "owner_fa", "bureau_fa", "bureau_head_fa", "government_fa", "department_fa", "direct_fa", "department2_xp",
    "muni_department2", "muni_signer2", "muni_factor", "statistics", "oversight", "idle", "owner_sj",
    "admin_system", "admin_security", "admin_audit",
]  # fmt: skip
WHOLE = [
    "bureau_xp", "bureau2_xp", "viewer_xp", "government_xp", "government2_xp", "commission", "commission_head",
    "city_government",
]  # fmt: skip
PARTLY = ["owner_xp", "department_xp", "direct_xp", "muni_department", "muni_signer"]


def sees(cast: Cast, role: str, rows: Any) -> bool:
    return bool(rows.visible_to(cast.actor(cast.people[role], AT)).exists())


def get(client: Client, cast: Cast, user: User, url: str) -> Any:
    return cast.login(client, user).get(url)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_and_the_other_county_see_nothing_of_a_countys_meeting(
    cast: Cast, client: Client, role: str
) -> None:
    session = recorded(cast)
    item = session.decisions.get()
    assert not sees(cast, role, Session.objects)
    assert not sees(cast, role, SessionProject.objects)
    assert not sees(cast, role, Decision.objects)
    for url in (f"/hookups/meetings/{session.public_id}/", f"/hookups/decisions/{item.public_id}/"):
        assert get(client, cast, cast.people[role], url).status_code == 404
    shown = get(client, cast, cast.people[role], "/hookups/meetings/").content.decode()
    assert cast.canary("xp") not in shown
    assert "霞浦县政府" not in shown


@pytest.mark.parametrize("role", WHOLE)
def test_the_countys_side_and_the_city_see_all_of_it(cast: Cast, client: Client, role: str) -> None:
    session = recorded(cast)
    page = get(client, cast, cast.people[role], f"/hookups/meetings/{session.public_id}/").content.decode()
    assert f"{cast.canary('xp')}纪要" in page
    assert f"{cast.canary('xp')}议题" in page


@pytest.mark.parametrize("role", PARTLY)
def test_those_concerned_see_the_line_of_their_project_and_no_minutes(
    cast: Cast, client: Client, role: str
) -> None:
    session = recorded(cast)
    page = get(client, cast, cast.people[role], f"/hookups/meetings/{session.public_id}/").content.decode()
    assert f"{cast.canary('xp')}议题" in page
    assert f"{cast.canary('xp')}纪要" not in page
    assert "三沙镇 陈镇长" not in page
    assert (
        get(client, cast, cast.people[role], f"/hookups/meetings/{session.public_id}/editions/1/").status_code
        == 403
    )


def test_a_draft_is_the_recording_sides_alone(cast: Cast) -> None:
    draft(cast)
    seeing = {role for role in cast.people if sees(cast, role, Session.objects)}
    assert seeing == {
        "bureau_xp", "bureau2_xp", "bureau_head_xp", "viewer_xp", "government_xp", "government2_xp",
    }  # fmt: skip
    assert {role for role in cast.people if sees(cast, role, Decision.objects)} == seeing


def test_an_owner_sees_what_was_given_to_it_and_not_what_others_were_told(cast: Cast) -> None:
    own = decided(cast.owner_xp.organisation, text="报送清单", project=cast.project_xp)
    other = decided(cast.department_xp.organisation, text="批复方案", project=cast.project_xp)
    recorded(cast, decisions=[own, other])
    texts = Decision.objects.visible_to(cast.actor(cast.owner_xp, AT)).values_list("text", flat=True)
    assert list(texts) == ["报送清单"]
    both = Decision.objects.visible_to(cast.actor(cast.muni_department, AT)).values_list("text", flat=True)
    assert set(both) == {"报送清单", "批复方案"}, "the department that leads the project follows it"


def test_a_unit_that_has_no_project_in_it_sees_its_decision_and_not_the_meeting(
    cast: Cast, client: Client
) -> None:
    session = recorded(cast, decisions=[decided(cast.muni_factor.organisation, text="办理用地预审")])
    item = session.decisions.get()
    page = get(client, cast, cast.muni_factor, f"/hookups/decisions/{item.public_id}/")
    assert page.status_code == 200
    assert f"/hookups/meetings/{session.public_id}/" not in page.content.decode()
    assert get(client, cast, cast.muni_factor, f"/hookups/meetings/{session.public_id}/").status_code == 404


def test_a_session_about_two_counties_shows_each_county_its_own_line(cast: Cast, client: Client) -> None:
    session = on_site(cast)
    for role, own, other in (
        ("bureau_xp", "xp", "fa"),
        ("bureau_fa", "fa", "xp"),
        ("government_fa", "fa", "xp"),
    ):
        page = get(
            client, cast, cast.people[role], f"/hookups/meetings/{session.public_id}/"
        ).content.decode()
        assert f"{cast.canary(own)}现场" in page
        assert cast.canary(other) not in page
    assert not sees(cast, "bureau_xp", Decision.objects), "the decision is about Fu'an's project"
    assert sees(cast, "bureau_fa", Decision.objects)
    assert not sees(cast, "muni_department2", Session.objects)


def test_of_a_project_across_counties_each_countys_meeting_stays_its_own(cast: Cast) -> None:
    recorded(cast, lines=[(cast.project_cross, "跨县路段")], decisions=[])
    assert sees(cast, "department2_xp", SessionProject.objects)
    assert sees(cast, "owner_sj", SessionProject.objects)
    assert sees(cast, "muni_department2", SessionProject.objects)
    for role in ("bureau_fa", "government_fa", "department_fa", "owner_fa"):
        assert not sees(cast, role, SessionProject.objects)


def test_what_the_picker_offers_is_what_the_office_leads(cast: Cast, client: Client) -> None:
    page = get(client, cast, cast.bureau_xp, "/hookups/meetings/new/").content.decode()
    assert cast.canary("xp") in page
    assert cast.canary("fa") not in page
    page = get(client, cast, cast.muni_department2, "/hookups/meetings/new/").content.decode()
    assert cast.canary("municipal") in page
    assert cast.canary("xp") not in page


def test_a_forged_project_of_another_county_is_left_out(cast: Cast, client: Client) -> None:
    cast.login(client, cast.bureau_xp)
    key = cast.project_fa.public_id.hex
    data = {f"on-{key}": "1", "d-TOTAL_FORMS": "0", "d-INITIAL_FORMS": "0", "act": "save"}
    assert client.post("/hookups/meetings/new/", data).status_code == 302
    assert Session.objects.get().lines.count() == 0


def test_the_gaps_page_shows_a_county_its_own_part(cast: Cast, client: Client) -> None:
    page = get(client, cast, cast.bureau_xp, "/hookups/duties/?period=2026-10").content.decode()
    assert cast.canary("xp") in page
    assert cast.canary("fa") not in page
    assert get(client, cast, cast.owner_xp, "/hookups/duties/").status_code == 403
    both = get(client, cast, cast.commission, "/hookups/duties/?period=2026-11").content.decode()
    assert cast.canary("xp") in both
    assert cast.canary("fa") in both


@pytest.mark.parametrize("kind", ["meetings", "decisions", "meeting-duties"])
def test_an_export_holds_the_rows_of_the_page_and_nothing_of_the_other_county(
    cast: Cast, client: Client, kind: str
) -> None:
    recorded(cast)
    own = get(
        client,
        cast,
        cast.bureau_xp,
        reverse("documents:export", args=[kind]) + "?form=csv&state=all&period=2026-11",
    )
    other = get(
        client,
        cast,
        cast.bureau_fa,
        reverse("documents:export", args=[kind]) + "?form=csv&state=all&period=2026-11",
    )
    assert (own.status_code, other.status_code) == (200, 200)
    words = b"".join(other.streaming_content).decode()
    assert cast.canary("xp") not in words
    assert "霞浦" not in words


def test_files_of_a_meeting_follow_its_rule(cast: Cast, client: Client) -> None:
    session = recorded(cast)
    item = session.decisions.get()
    for role, meeting, decision in (
        ("bureau_xp", 200, 403), ("commission", 403, 403), ("department_xp", 404, 200), ("bureau_fa", 404, 404),
    ):  # fmt: skip
        for kind, subject, expected in (("meeting", session, meeting), ("decision", item, decision)):
            url = reverse("documents:attachment-add", args=[kind, subject.public_id])
            assert get(client, cast, cast.people[role], url).status_code == expected, (role, kind)


@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_for_administrators_there_are_no_such_pages(cast: Cast, client: Client, role: str) -> None:
    for path in (
        "/hookups/meetings/", "/hookups/meetings/new/", "/hookups/decisions/", "/hookups/duties/", "/hookups/leading/",
        "/exports/meetings/", "/exports/decisions/", "/exports/meeting-duties/",
    ):  # fmt: skip
        assert get(client, cast, cast.people[role], path).status_code == 404, path
