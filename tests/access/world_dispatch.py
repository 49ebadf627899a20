"""What hangs on dispatch: the month's lists, a meeting with its agenda, a hard case and its matter; by route."""

from __future__ import annotations

from typing import Any

from dispatch.selectors.agenda_sources import source_of
from dispatch.services import agenda
from tests.cast import Cast
from tests.dispatch import hard_cases_story, items_story, problem_list_story
from tests.reports.story import november

Address = dict[str, Any]


def addresses(cast: Cast) -> dict[str, Address]:
    case = hard_cases_story.instructed(cast)
    of_case = {"public_id": case.public_id}
    of_task = {"public_id": hard_cases_story.task_of(case).public_id}
    return problem_list_story.addresses(cast) | items_story.addresses(cast) | _meeting(cast) | {
        "dispatch:hard_case": of_case, "dispatch:hard_case_edit": of_case, "dispatch:hard_case_instruct": of_case,
        "dispatch:hard_case_act": of_case | {"verb": "release"}, "dispatch:instruction_task": of_task,
        "dispatch:instruction_task_act": of_task | {"verb": "sign"},
    }  # fmt: skip


def _meeting(cast: Cast) -> dict[str, Address]:
    """The commission's meeting of the month, with a matter of Xiapu on its agenda."""
    actor, at = cast.actor(cast.commission, november(12)), november(12)
    session = agenda.start("monthly", cast.commission.organisation, by=actor, at=at)
    problem = hard_cases_story.problem_of(cast)
    source = source_of("problems")
    assert source is not None
    matters = source.matters(actor, [problem.public_id], at)
    agenda.draw(session, "problems", list(matters.values()), by=actor, at=at)
    of_meeting = {"public_id": session.public_id}
    of_item = of_meeting | {"item": session.agenda.get().public_id}
    return {f"dispatch:meeting_{name}": of_meeting for name in ("agenda", "run", "minutes")} | {
        "dispatch:meeting_say": of_item, "dispatch:meeting_decide": of_item,
        "dispatch:meeting_move": of_item | {"how": "up"},
    }  # fmt: skip
