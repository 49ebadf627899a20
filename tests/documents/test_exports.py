"""Lists: short ones at once, long ones by a worker; rights when it begins and when it is fetched (C27)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from openpyxl import load_workbook

from ningde_projects.documents import exports
from ningde_projects.documents.exports import Export
from ningde_projects.documents.models import ExportJob
from ningde_projects.documents.services import exports as services
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.periods.month import ZONE
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, WrongState
from tests.cast import Cast

AT = datetime(2026, 11, 9, 16, 40, tzinfo=ZONE)
SHEET = Sheet("tests.projects", "项目清单", (Column("name", "名称"), Column("amount", "金额", kind="money")))


class Source:
    """A list of some app, which may be closed to people."""

    def __init__(self) -> None:
        self.size = 3
        self.reason: str | None = ""
        self.fails = False

    def rows(self, actor: Any, params: Any) -> Iterator[dict[str, Any]]:
        for number in range(self.size):
            if self.fails and number == 600:
                raise RuntimeError("broken")
            yield {"name": f"{actor.organisation.short_name}{number}", "amount": number}


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def export(source: Source, monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.setattr(exports, "_exports", {})
    return exports.register_export(
        Export(
            "tests.projects",
            SHEET,
            source.rows,
            lambda actor, params: source.size,
            lambda actor, params: source.reason,
            filter_line=lambda actor, params: f"筛选：{','.join(params.get('county', ()))}",
            name_parts=lambda actor, params: ["霞浦县", "项目清单", "2026年10月"],
        )
    )


def job(cast: Cast, export: Export, at: datetime = AT, **params: list[str]) -> ExportJob:
    return services.start(export, "xlsx", cast.actor(cast.commission, at), params, at)


def test_a_short_list_is_written_at_once_with_its_filters_and_its_line_in_the_record(
    cast: Cast, export: Export
) -> None:
    actor = cast.actor(cast.commission, AT)
    written = services.write_now(export, "xlsx", actor, {"county": ["XP"]}, AT)
    with written.file as file:
        page: Any = load_workbook(file).worksheets[0]
    assert written.name == "霞浦县_项目清单_2026年10月_20261109.xlsx"
    assert page["A2"].value == "筛选：XP"
    assert page["A4"].value == f"{cast.commission.organisation.short_name}0"
    assert cast.commission.name in str(page.oddFooter.left.text)
    act = Act.objects.get(machine="export", name="download")
    assert (act.data["rows"], act.data["params"]) == (3, {"county": ["XP"]})


def test_csv_holds_the_same_rows(cast: Cast, export: Export) -> None:
    written = services.write_now(export, "csv", cast.actor(cast.commission, AT), {}, AT)
    with written.file as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert len(lines) == 4
    assert written.name.endswith(".csv")


def test_a_list_of_2000_rows_is_short_and_one_more_is_long(
    cast: Cast, export: Export, source: Source
) -> None:
    actor = cast.actor(cast.commission, AT)
    source.size = 2000
    assert not services.is_long(export, actor, {})
    source.size = 2001
    assert services.is_long(export, actor, {})


def test_a_worker_writes_a_long_list_and_tells_how_far_it_is(
    cast: Cast, export: Export, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.size = 1200
    told: list[int] = []
    monkeypatch.setattr(services, "_progress", lambda job_id, done: told.append(done))
    waiting = job(cast, export)
    assert (waiting.state, waiting.total, waiting.percent) == (ExportJob.State.WAITING, 1200, 0)
    assert services.run(waiting.pk, AT)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done, waiting.percent, told) == (
        ExportJob.State.READY,
        1200,
        100,
        [500, 1000],
    )
    with waiting.file.open("rb") as file:
        assert load_workbook(file).worksheets[0].max_row == 1203
    assert waiting.file_name == "霞浦县_项目清单_2026年10月_20261109.xlsx"


def test_asking_twice_while_it_is_being_written_is_one_job(cast: Cast, export: Export) -> None:
    first, second = job(cast, export), job(cast, export)
    assert first.pk == second.pk
    assert job(cast, export, county=["FA"]).pk != first.pk
    services.run(first.pk, AT)
    assert job(cast, export).pk != first.pk


def test_two_workers_write_a_job_once(cast: Cast, export: Export) -> None:
    waiting = job(cast, export)
    assert services.run(waiting.pk, AT)
    assert not services.run(waiting.pk, AT)


def test_a_right_withdrawn_while_it_waits_is_a_refused_job(
    cast: Cast, export: Export, source: Source
) -> None:
    waiting = job(cast, export)
    source.reason = "职责已收回。"
    services.run(waiting.pk, AT)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason, waiting.file.name) == (ExportJob.State.REFUSED, "职责已收回。", "")


def test_a_right_withdrawn_after_it_is_ready_closes_the_download(
    cast: Cast, export: Export, source: Source
) -> None:
    waiting = job(cast, export)
    services.run(waiting.pk, AT)
    actor = cast.actor(cast.commission, AT)
    services.hand_out(actor, waiting.public_id, AT)
    source.reason = "职责已收回。"
    with pytest.raises(NotAllowed):
        services.hand_out(actor, waiting.public_id, AT)
    source.reason = None
    with pytest.raises(services.Hidden):
        services.hand_out(actor, waiting.public_id, AT)


def test_nobody_else_gets_it(cast: Cast, export: Export) -> None:
    waiting = job(cast, export)
    services.run(waiting.pk, AT)
    with pytest.raises(ExportJob.DoesNotExist):
        services.hand_out(cast.actor(cast.commission2, AT), waiting.public_id, AT)


def test_it_is_there_to_its_last_instant_and_then_deleted(cast: Cast, export: Export) -> None:
    waiting = job(cast, export)
    services.run(waiting.pk, AT)
    waiting.refresh_from_db()
    actor, path = cast.actor(cast.commission, AT), Path(waiting.file.path)
    services.hand_out(actor, waiting.public_id, waiting.expires_at - timedelta(microseconds=1))
    with pytest.raises(WrongState):
        services.hand_out(actor, waiting.public_id, waiting.expires_at)
    assert services.expire(waiting.expires_at) == 1
    assert not path.exists()


def test_a_failed_job_says_so_and_leaves_no_file(
    cast: Cast, export: Export, source: Source, private_store: Path
) -> None:
    source.size, source.fails = 1000, True
    waiting = job(cast, export)
    with pytest.raises(RuntimeError):
        services.run(waiting.pk, AT)
    waiting.refresh_from_db()
    assert waiting.state == ExportJob.State.FAILED
    assert waiting.reason
    assert not [path for path in private_store.rglob("*") if path.is_file()]


def test_what_a_killed_worker_left_is_taken_up_after_its_lease_three_times_at_most(
    cast: Cast, export: Export
) -> None:
    left = job(cast, export)
    assert services.waiting(AT) == [left.pk]
    ExportJob.objects.filter(pk=left.pk).update(state="running", started_at=AT, attempts=1)
    assert services.waiting(AT + services.LEASE) == []
    late = AT + services.LEASE + timedelta(seconds=1)
    assert services.waiting(late) == [left.pk]
    assert services.run(left.pk, late)
    ExportJob.objects.filter(pk=left.pk).update(
        state="running", started_at=AT, attempts=services.MAX_ATTEMPTS, file=""
    )
    assert services.waiting(late) == []
    left.refresh_from_db()
    assert left.state == ExportJob.State.FAILED


def test_the_store_has_no_addresses(cast: Cast, export: Export) -> None:
    waiting = job(cast, export)
    services.run(waiting.pk, AT)
    waiting.refresh_from_db()
    assert waiting.file.storage is not default_storage
    with pytest.raises(ValueError, match="no address"):
        waiting.file.url  # noqa: B018
