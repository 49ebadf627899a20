"""One month of the cast's life in which every kind of object exists, so that every address has something to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ningde_projects.notices.models import Notice
from ningde_projects.projects.services import own_lists
from ningde_projects.workflow.door import perform
from ningde_projects.workflow.models import Act
from reports.models import Category, Opinion, Problem, Report, Summary, SummaryItem
from reports.services import filing, opinions, receipts, reviewing, summaries
from tests.access import world_dispatch, world_hookups, world_reserve
from tests.cast import Cast
from tests.reports.story import OCTOBER, figures, november, opened, problem, report_of
from tests.reports.walks import OPINION


@dataclass
class World:
    cast: Cast
    report: Report
    report_fa: Report
    problem: Problem
    opinion: Opinion
    summary: Summary
    item: SummaryItem
    extra: dict[str, Any] = field(default_factory=dict)
    #: Route -> arguments, of the rooms that name each address themselves.
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)


def build(cast: Cast) -> World:
    """File, accept, compile, approve, forward, pass, sign and send: one of each, through the services."""
    opened()
    for project, person, canary in (
        (cast.project_xp, cast.owner_xp, "xp"), (cast.project_fa, cast.owner_fa, "fa"),
        (cast.project_municipal, cast.owner_sj, "municipal"),
    ):  # fmt: skip
        report = report_of(project)
        typed = figures(progress=f"{cast.canary(canary)} K0+000 路基完成 2140 米，占 56%") | problem(
            level="department", description=f"{cast.canary(canary)} 处管线迁改方案未定，影响 60 米"
        )
        filing.submit(report, typed, by=cast.actor(person, november(5)), at=november(5))
    report, report_fa = report_of(cast.project_xp), report_of(cast.project_fa)
    raised = Problem.objects.get(place__code="XP")
    for filed, reader in ((report, cast.bureau_xp), (report_fa, cast.bureau_fa)):
        actor = cast.actor(reader, november(6))
        receipts.open_as(filed, actor, november(6))
        filed.refresh_from_db()
        reviewing.accept(filed, by=actor, at=november(6), opinion=f"{filed.project.name}县级已协调")
    summary = _summary(cast, "XP", cast.bureau_xp, cast.government_xp)
    draft_fa = Summary.objects.get(place__code="FA")
    summaries.draw_in(draft_fa, by=cast.actor(cast.bureau_fa, november(9)), at=november(9))
    opinion = opinions.pass_to_department(
        raised, cast.muni_department.organisation, OCTOBER, by=cast.actor(cast.department_xp, november(8)),
        at=november(8), note="县级已会商",
    )  # fmt: skip
    opinions.send_to_sign(
        opinion, OPINION, by=cast.actor(cast.muni_department, november(12)), at=november(12), version=None
    )
    perform(opinion, "sign", by=cast.actor(cast.muni_signer, november(12)), at=november(12))
    world = World(cast, report, report_fa, raised, opinion, summary, summary.items.get())
    world.extra = {
        "act": Act.objects.filter(machine="report").earliest("id"),
        "notice": Notice.objects.filter(recipient=cast.owner_xp).first(),
        "category": Category.objects.get(code="01"),
        "view": own_lists.save_view(
            "我的霞浦",
            "place=XP",
            is_default=False,
            by=cast.actor(cast.owner_xp, november(3)),
            at=november(3),
        ),
    }
    world.addresses = (
        world_hookups.addresses(cast) | world_reserve.addresses(cast) | world_dispatch.addresses(cast)
    )
    return world


def _summary(cast: Cast, place: str, bureau: Any, government: Any) -> Summary:
    summary = Summary.objects.get(place__code=place)
    actor = cast.actor(bureau, november(9))
    summaries.draw_in(summary, by=actor, at=november(9))
    summaries.send_for_approval(summary, by=actor, at=november(9))
    perform(summary, "approve", by=cast.actor(government, november(9, 15)), at=november(9, 15))
    perform(summary, "forward", by=actor, at=november(10))
    return summary
