"""What hangs on the hookups: Xiapu's filed list, a meeting and its decision, a pick; by route."""

from __future__ import annotations

from typing import Any

from hookups.services import majors
from hookups.services.meetings import begin
from ningde_projects.projects.models import Post
from tests.cast import Cast
from tests.hookups import filing, meeting_story
from tests.hookups.meeting_story import october

Address = dict[str, Any]


def addresses(cast: Cast) -> dict[str, Address]:
    """Route -> arguments. Fu'an meets too, so that its words exist and Xiapu must not read them."""
    filing.staff(cast)
    found = _lists(cast) | _meetings(cast)
    majors.pick(
        cast.project_xp, 2026, f"{cast.canary('xp')}带动全县",
        by=cast.actor(cast.commission, october(8)), at=october(8),
    )  # fmt: skip
    project = {"public_id": cast.project_xp.public_id}
    return found | {
        "hookups:pick": project, "hookups:pick_withdraw": project,
        "hookups:head": {"code": "XP", "head": "government"},
    }  # fmt: skip


def _lists(cast: Cast) -> dict[str, Address]:
    """Filed and not yet received: Xiapu's and the commission's business, nobody else's."""
    found = filing.filed(cast, "xp")
    line = filing.line_of(found, cast.project_xp, Post.COUNTY_DIRECT)
    office = {"public_id": found.office.public_id}
    whole: Address = {"public_id": found.public_id}
    of_line: Address = whole | {"line_id": line.public_id}
    return {
        "hookups:office": office, "hookups:list_begin": office, "hookups:list": whole,
        "hookups:list_line": of_line, "hookups:list_change": of_line, "hookups:list_drop": of_line,
        "hookups:list_name": whole | {"project_id": cast.project_xp.public_id, "post": "county_direct"},
    } | {f"hookups:list_{act}": whole for act in ("draw", "file", "recall", "receive", "return")}  # fmt: skip


def _meetings(cast: Cast) -> dict[str, Address]:
    """Recorded, its decision open; and a draft for the form."""
    session = meeting_story.recorded(cast)
    draft = meeting_story.draft(cast, minutes=f"草稿，{cast.canary('xp')}")
    content = meeting_story.content(
        cast, chair=cast.government_fa, people=[cast.bureau_fa], minutes=f"{cast.canary('fa')}纪要",
        lines=[(cast.project_fa, f"{cast.canary('fa')}议题")], decisions=[],
    )  # fmt: skip
    at = october(13)
    begin("dispatch", cast.office("FA", "zf"), content, by=cast.actor(cast.bureau_fa, at), at=at)
    of_session = {"public_id": session.public_id}
    decision = {"public_id": meeting_story.decision_of(session).public_id}
    return {
        "hookups:meeting": of_session, "hookups:meeting_revise": of_session,
        "hookups:meeting_withdraw": of_session, "hookups:meeting_edition": of_session | {"number": 1},
        "hookups:meeting_edit": {"public_id": draft.public_id},
        "hookups:decision": decision, "hookups:decision_act": decision | {"verb": "progress"},
    }  # fmt: skip
