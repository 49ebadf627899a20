"""Figure 4: owners who file at the same moment, through the whole request, beside the bare SQL of the same rows."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import DatabaseError, connections
from django.test import Client

from benchmarks import databases, limits, measuring, world
from benchmarks.figures.pages import signed_in
from benchmarks.figures.raw_filing import Trace, Writer, trace
from benchmarks.limits import AT_ONCE, Scale
from benchmarks.measuring import Figure
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from reports.models import Category, Report
from reports.selectors.basis import basis_of
from reports.workflow import ReportStatus

_PATIENCE = 300
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Owed:
    """A report with the person who files it."""

    report: Report
    owner: User


def owed_reports(number: int) -> list[Owed]:
    """Reports of the month shown that nobody has touched, without problems carried on."""
    holders: dict[int, User] = {}
    for user in User.objects.filter(assignments__duty=Duty.REPORT, is_active=True).order_by("-pk"):
        holders.update(dict.fromkeys(user.assignments.values_list("organisation_id", flat=True), user))
    found = (
        Report.objects.filter(
            month=world.month_shown(),
            status=ReportStatus.TODO,
            owner__in=holders,
            project__problems__isnull=True,
        )
        .select_related("project")
        .order_by("pk")
    )
    return [Owed(report, holders[report.owner_id]) for report in found[:number]]


def typed(report: Report, category: str) -> dict[str, Any]:
    """A sound form with one problem, as a browser posts it."""
    key = "0a1b2c3d"
    before = basis_of([report])[report.pk].total_cumulative
    total = before + 10 if before is not None else max(100, int(report.project.total_investment or 0) // 2)
    problem = {
        "category": category, "occurred_on": str(world.month_shown().start.date()), "level": "county",
        "unit_text": "三沙镇人民政府", "description": "K2+140 处管线迁改方案未定，影响路基接顺 60 米",
        "request": "月底前确定迁改方案",
    }  # fmt: skip
    return {
        "do": "submit", "version": report.version, "month_investment": "10", "year_cumulative": "50",
        "total_cumulative": str(total), "progress": "K0+000—K2+140 路基全部完成，占 56%；水稳层完成 1.42 公里",
        "filler": "郑示安", "new": [key], **{f"n-{key}-{name}": value for name, value in problem.items()},
    }  # fmt: skip


def file(client: Client, report: Report, values: dict[str, Any]) -> None:
    """Post the form; a filed report answers with its own address, anything else is a fault."""
    path = f"/reports/{report.public_id}/"
    response = client.post(path, values)
    if response.status_code != 302 or response.headers["Location"] != path:
        raise AssertionError(f"{path} answered {response.status_code} {response.headers.get('Location', '')}")


Work = Callable[[int], None]


def at_once(begin: Callable[[int], tuple[Work, int]]) -> tuple[float, int]:
    """Seconds until the last of the processes has ended, and how many faults there were.

    `begin` runs in each process first (sign-in, connection) and answers the work and how often it is done; nobody
    starts before all are ready.
    """
    ready = _FORK.Barrier(AT_ONCE + 1)
    answers: Any = _FORK.SimpleQueue()

    def one(number: int) -> None:
        try:
            work, times = begin(number)
        except BaseException:
            ready.abort()
            raise
        ready.wait(_PATIENCE)
        faults = 0
        for turn in range(times):
            try:
                work(turn)
            except (AssertionError, DatabaseError, psycopg2.Error) as fault:
                faults += 1
                print(f"filing {number}/{turn}: {type(fault).__name__}: {fault}", flush=True)
        answers.put((time.perf_counter(), faults))

    connections.close_all()  # nobody inherits a session at the server
    processes = [_FORK.Process(target=one, args=(number,), daemon=True) for number in range(AT_ONCE)]
    for process in processes:
        process.start()
    ready.wait(_PATIENCE)
    begun = time.perf_counter()
    for process in processes:
        process.join(_PATIENCE)
    if any(process.exitcode != 0 for process in processes):
        raise AssertionError("a process that files has died or hangs")
    ended = [answers.get() for _ in processes]
    return max(moment for moment, _ in ended) - begun, sum(faults for _, faults in ended)


def _through_the_page(owed: list[Owed], category: str) -> tuple[float, int]:
    def begin(number: int) -> tuple[Work, int]:
        mine = [(o, typed(o.report, category)) for o in owed[number::AT_ONCE]]
        clients = {o.owner.pk: signed_in(o.owner) for o, _values in mine}

        def work(turn: int) -> None:
            one, values = mine[turn]
            file(clients[one.owner.pk], one.report, values)

        return work, len(mine)

    return at_once(begin)


def _bare(owed: list[Owed], kept: Trace, url: str) -> tuple[float, int]:
    def begin(number: int) -> tuple[Work, int]:
        mine, writer = owed[number::AT_ONCE], Writer(url, kept)
        return lambda turn: writer.write(mine[turn].report.pk), len(mine)

    return at_once(begin)


def filing(name: str, scale: Scale) -> list[Figure]:
    """The month shown is open and nobody has filed; what is filed here stays."""
    databases.use(name)
    category = Category.objects.order_by("pk")[0].code
    each = AT_ONCE * scale.filings
    owed = owed_reports(1 + 2 * each * scale.rounds)
    if len(owed) < 1 + 2 * each * scale.rounds:
        raise AssertionError(f"only {len(owed)} reports can be filed; choose a larger scale")
    first = owed.pop()
    kept = trace(
        first.report.pk, lambda: file(signed_in(first.owner), first.report, typed(first.report, category))
    )
    parts = [owed[start : start + each] for start in range(0, len(owed), each)]
    pages, bares = iter(parts[::2]), iter(parts[1::2])
    faults: list[int] = []

    def of(done: tuple[float, int]) -> float:
        faults.append(done[1])
        return done[0] / each

    url = databases.url_of(name)
    page, bare = measuring.alternate(
        scale.rounds,
        lambda: of(_through_the_page(next(pages), category)),
        lambda: of(_bare(next(bares), kept, url)),
    )
    databases.use(name)
    reports = [one.report.pk for one in owed]
    whole = Report.objects.filter(pk__in=reports, status=ReportStatus.SUBMITTED, submissions__number=1)
    lost = len(reports) - whole.filter(problems_raised__statements__answer="new").count()
    rate = 1 / statistics.median(page)
    return [
        measuring.compare(
            "4a", f"filing by {AT_ONCE} at once, whole request / raw SQL of the same rows", limits.RAW_TO_FILING,
            page, bare, note=f"{kept.rows} rows each; {rate:.0f} and {1 / statistics.median(bare):.0f} a second",
        ),
        measuring.counted(
            "4b", f"rate that {limits.LAST_HOUR} owners need in the last hour / rate measured", limits.LAST_HOUR_SHARE,
            limits.LAST_HOUR / 3600, rate,
        ),
        measuring.counted("4c", f"faults and lost rows among {len(reports)} filings", 0.0, float(sum(faults) + lost)),
    ]  # fmt: skip
