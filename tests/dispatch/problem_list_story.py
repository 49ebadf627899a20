"""October's problems on their ways to the municipal list: Xiapu has forwarded, Fu'an has not, one is the city's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatch.models import Edition
from dispatch.services.editions import seal
from ningde_projects.workflow.door import perform
from reports.forms.at_once import Place as Where
from reports.models import Opinion, Problem, Summary
from reports.models.reports import ReportKind
from reports.services import filing, opinions, receipts, reviewing, summaries
from reports.services.urgent import report_at_once
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, november, opened, problem, report_of
from tests.reports.walks import OPINION


def problems_filed(cast: Cast) -> None:
    """One problem each in Xiapu, in Fu'an and at the municipal enterprise; accepted where a county decides."""
    opened()
    for project, person, canary in (
        (cast.project_xp, cast.owner_xp, "xp"), (cast.project_fa, cast.owner_fa, "fa"),
        (cast.project_municipal, cast.owner_sj, "municipal"),
    ):  # fmt: skip
        typed = figures() | problem(
            level="department", description=f"{cast.canary(canary)} 管线迁改方案未定，影响 60 米"
        )
        filing.submit(report_of(project), typed, by=cast.actor(person, november(5)), at=november(5))
    for project, reader in ((cast.project_xp, cast.bureau_xp), (cast.project_fa, cast.bureau_fa)):
        filed, actor = report_of(project), cast.actor(reader, november(6))
        receipts.open_as(filed, actor, november(6))
        filed.refresh_from_db()
        reviewing.accept(filed, by=actor, at=november(6), opinion=f"{project.name}县级已协调")


def forwarded(cast: Cast, place: str = "XP", at: datetime | None = None) -> Summary:
    at = at or november(9)
    bureau, government = (
        (cast.bureau_xp, cast.government_xp) if place == "XP" else (cast.bureau_fa, cast.government_fa)
    )
    summary = Summary.objects.get(place__code=place, month=OCTOBER)
    actor = cast.actor(bureau, at)
    summaries.draw_in(summary, by=actor, at=at)
    summaries.send_for_approval(summary, by=actor, at=at)
    perform(summary, "approve", by=cast.actor(government, at), at=at)
    perform(summary, "forward", by=actor, at=at)
    return summary


def passed(cast: Cast) -> Opinion:
    return opinions.pass_to_department(
        problem_of("XP"), cast.muni_department.organisation, OCTOBER, by=cast.actor(cast.department_xp, november(8)),
        at=november(8), note="县级已会商",
    )  # fmt: skip


def answered(cast: Cast, opinion: Opinion, at: datetime, **values: Any) -> None:
    """Drafted, signed, sent together."""
    opinions.send_to_sign(
        opinion, OPINION | values, by=cast.actor(cast.muni_department, at), at=at, version=None
    )
    perform(opinion, "sign", by=cast.actor(cast.muni_signer, at), at=at)
    opinions.send_together(opinion.department, OCTOBER, by=cast.actor(cast.muni_department, at), at=at)


def direct(cast: Cast, at: datetime, description: str = "白云路段直报问题，征迁受阻") -> Problem:
    typed = problem(description=description) | {"filler": "郑示安", "filler_phone": "10000000000"}
    report_at_once(
        Where(cast.project_xp, None), ReportKind.DIRECT, typed | {"reason": "县级未予受理，涉及市级事项"},
        by=cast.actor(cast.owner_xp, at), at=at,
    )  # fmt: skip
    found: Problem = Problem.objects.latest("pk")
    return found


def problem_of(place: str) -> Problem:
    found: Problem = Problem.objects.filter(place__code=place).earliest("pk")
    return found


def sealed(cast: Cast, label: str = "first", at: datetime | None = None, **more: Any) -> Edition:
    at = at or november(11)
    return seal(OCTOBER, label, by=cast.actor(cast.commission, at), at=at, **more)


def addresses(cast: Cast) -> dict[str, dict[str, Any]]:
    """Route -> arguments, for the access grid, in a world where October's problems exist and Xiapu has forwarded.

    Version 1 is sealed on the 11th; it holds Xiapu's, Fu'an's and the municipal line, so each reads his own.
    """
    edition = {"public_id": sealed(cast).public_id}
    return {
        "dispatch:problem_list": {}, "dispatch:problem_list_export": {},
        "dispatch:problem_list_seal": {"text": str(OCTOBER), "label": "erratum"},
        "dispatch:edition": edition, "dispatch:edition_file": edition, "dispatch:edition_compare": edition,
    }  # fmt: skip
