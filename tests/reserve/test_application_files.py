"""Files stand beside an application: added by the applicant while it is with him, read by whom it reaches (M1.2)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from typing import cast as typed

from ningde_projects.organizations.models import User
from reserve.selectors.application_files import may_read, refuse_change
from reserve.services import reviewing
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.story import november
from tests.reserve.pool_story import begun, filed


def test_m1_2_only_the_applicant_adds_files_and_only_while_it_is_with_him(cast: Cast) -> None:
    draft = begun(cast)
    at = november(3)
    assert refuse_change(cast.actor(cast.owner_xp, at), draft.public_id) == ""
    assert refuse_change(cast.actor(cast.bureau_xp, at), draft.public_id) is None
    sent = filed(cast)
    assert refuse_change(cast.actor(cast.owner_xp, at), sent.public_id)
    assert refuse_change(cast.actor(cast.bureau_xp, at), sent.public_id)
    assert refuse_change(cast.actor(cast.owner_fa, at), sent.public_id) is None


def test_m1_2_what_is_added_after_a_return_is_the_applicants_until_he_files(cast: Cast) -> None:
    sent, at = filed(cast), november(6)
    bureau = cast.actor(cast.bureau_xp, at)
    verb = reviewing.verb_of(sent, bureau, reviewing.RETURNS, "county")
    reviewing.return_side(sent, verb, [], "请补批复", by=bureau, at=at)
    sent.refresh_from_db()
    assert sent.submitted_at is not None
    later = _file(sent, sent.submitted_at + timedelta(hours=1))
    before = _file(sent, sent.submitted_at - timedelta(hours=1))

    def reads(person: User, file: Any) -> bool:
        return may_read(cast.actor(person, at), file)

    assert reads(cast.owner_xp, later)
    assert not reads(cast.bureau_xp, later)
    assert reads(cast.bureau_xp, before)
    assert not reads(cast.owner_fa, before)


def _file(application: Any, when: Any) -> Any:
    return typed("Any", SimpleNamespace(subject_id=application.public_id, uploaded_at=when))


def test_the_form_and_the_sheet_show_the_files(cast: Cast, desk: Desk) -> None:
    draft = begun(cast)
    desk.at(november(3))
    page = desk.get(cast.owner_xp, f"/reserve/applications/{draft.public_id}/").content.decode()
    assert f"/attachments/reserve_application/{draft.public_id}/" in page
    sent = filed(cast)
    assert "佐证材料" in desk.text(cast.bureau_xp, f"/reserve/applications/{sent.public_id}/")
