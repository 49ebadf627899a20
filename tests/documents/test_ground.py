"""Layout versions, background work, and what is checked at the start."""

from __future__ import annotations

import copy
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.checks.registry import registry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ningde_projects.documents import checks, exports, imports
from ningde_projects.documents.exports import Export
from ningde_projects.documents.imports import Importer, ImportPlan
from ningde_projects.documents.models import Attachment, ExportJob, ImportBatch, LayoutVersion
from ningde_projects.documents.paper.layout import FOLDER
from ningde_projects.documents.services import exports as export_services
from ningde_projects.documents.services import imports as import_services
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.tasks import look_after_files
from ningde_projects.periods.month import ZONE
from tests.cast import Cast

from .test_imports import content, receive

AT = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
SHEET = Sheet("tests.names", "名单", (Column("code", "编号", required=True), Column("name", "姓名")))


def layout(version: int, title: str = "新表") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / "annex1.v1.json").read_text(encoding="utf-8"))
    return copy.deepcopy(data) | {"version": version, "title": title}


def test_the_bundled_layout_holds_until_a_dated_one_takes_its_place(db: None) -> None:
    LayoutVersion.objects.create(
        key="annex1", version=2, valid_from=date(2026, 12, 1), valid_to=date(2027, 12, 1), layout=layout(2)
    )
    versions = [
        LayoutVersion.current("annex1", day).version
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2027, 11, 30), date(2027, 12, 1))
    ]
    assert versions == [1, 2, 2, 1]
    assert LayoutVersion.numbered("annex1", 1).title == "宁德市重点项目建设问题报告单"
    assert LayoutVersion.numbered("annex1", 2).title == "新表"
    with pytest.raises(KeyError):
        LayoutVersion.numbered("annex1", 9)


def test_a_layout_row_must_hold_a_sound_layout_of_its_own_number() -> None:
    row = LayoutVersion(key="annex1", version=3, valid_from=date(2026, 1, 1), layout=layout(2))
    with pytest.raises(ValidationError, match="layout"):
        row.clean()
    row.layout = layout(3) | {"blocks": []}
    with pytest.raises(ValidationError) as wrong:
        row.clean()
    assert "blocks is missing" in str(wrong.value)
    row.layout = layout(3)
    row.clean()


def test_the_database_refuses_a_version_twice_and_a_span_that_runs_backwards(db: None) -> None:
    LayoutVersion.objects.create(key="annex1", version=2, valid_from=date(2026, 1, 1), layout={})
    with pytest.raises(IntegrityError, match="layout_version_once"), transaction.atomic():
        LayoutVersion.objects.create(key="annex1", version=2, valid_from=date(2027, 1, 1), layout={})
    with pytest.raises(IntegrityError, match="layout_span_not_reversed"), transaction.atomic():
        LayoutVersion.objects.create(
            key="x", version=1, valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 1), layout={}
        )


def test_the_database_refuses_files_without_declaration_and_ready_jobs_without_file(cast: Cast) -> None:
    file = {"subject_type": "x", "subject_id": "00000000-0000-0000-0000-000000000001", "original_name": "x", "file": "x",
            "sha256": "0" * 64, "size": 1, "content_type": "x", "state": "clean",
            "uploaded_by": cast.commission, "uploaded_at": AT}  # fmt: skip
    with pytest.raises(IntegrityError, match="attachment_declared_not_secret"), transaction.atomic():
        Attachment.objects.create(declared_not_secret=False, **file)
    Attachment.objects.create(declared_not_secret=True, **file)
    with pytest.raises(IntegrityError, match="attachment_once_per_subject"), transaction.atomic():
        Attachment.objects.create(declared_not_secret=True, **file)
    job = {"kind": "x", "params_digest": "", "form": "xlsx", "language": "en", "requested_by": cast.commission,
           "created_at": AT, "expires_at": AT}  # fmt: skip
    with pytest.raises(IntegrityError, match="export_ready_has_its_file"), transaction.atomic():
        ExportJob.objects.create(state="ready", **job)
    ExportJob.objects.create(state="waiting", **job)
    with pytest.raises(IntegrityError, match="export_not_twice_at_once"), transaction.atomic():
        ExportJob.objects.create(state="running", **job)


def test_the_minutely_task_finds_what_a_lost_wake_up_left_and_can_be_repeated(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, private_store: Path
) -> None:
    monkeypatch.setattr(imports, "_importers", {})
    monkeypatch.setattr(exports, "_exports", {})
    importer = imports.register_importer(
        Importer(
            "tests.names",
            "名单",
            lambda *given: None,
            lambda actor, params: "",
            SHEET,
            lambda *given: ImportPlan(),
            in_background=True,
        )
    )
    export = exports.register_export(
        Export(
            "tests.names",
            SHEET,
            lambda actor, params: [{"code": "1", "name": "一"}],
            lambda actor, params: 1,
            lambda actor, params: "",
        )
    )
    now = datetime.now(ZONE)
    batch = receive(cast, importer, content(["1", "一", None]), at=now)
    job = export_services.start(export, "xlsx", cast.actor(cast.commission, now), {}, now)
    for _time in range(2):
        look_after_files()
        batch.refresh_from_db()
        job.refresh_from_db()
        assert (batch.state, job.state) == (ImportBatch.State.PREVIEWED, ExportJob.State.READY)
    assert len([path for path in private_store.rglob("*") if path.is_file()]) == 2


def test_a_broken_export_does_not_keep_the_others_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_exports", {})

    def broken(actor: Any, params: Any) -> Any:
        raise RuntimeError("broken")

    jobs = []
    for kind, rows in (("tests.a", broken), ("tests.b", lambda actor, params: [])):
        export = exports.register_export(
            Export(kind, SHEET, rows, lambda actor, params: 0, lambda actor, params: "")
        )
        now = datetime.now(ZONE)
        jobs.append(export_services.start(export, "xlsx", cast.actor(cast.commission, now), {}, now))
    look_after_files()
    states = [ExportJob.objects.get(pk=job.pk).state for job in jobs]
    assert states == [ExportJob.State.FAILED, ExportJob.State.READY]


def test_a_waiting_file_that_has_vanished_ends_in_words_and_is_not_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_importers", {})
    importer = imports.register_importer(
        Importer(
            "tests.names",
            "名单",
            lambda *given: None,
            lambda actor, params: "",
            SHEET,
            lambda *given: ImportPlan(),
            in_background=True,
        )
    )
    batch = receive(cast, importer, content(["1", "一", None]))
    batch.file.storage.delete(batch.file.name or "")
    with pytest.raises(FileNotFoundError):
        import_services.check_waiting(batch.pk, AT)
    batch.refresh_from_db()
    assert (batch.state, batch.errors[0]["way_out"]) == (ImportBatch.State.REFUSED, "请重新上传。")
    assert import_services.waiting(AT) == []


def test_an_open_xml_parser_or_a_served_store_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert {checks.xml_is_defused, checks.files_are_private} <= registry.registered_checks
    assert checks.xml_is_defused(None) == []
    assert checks.files_are_private(None) == []
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    assert [message.id for message in checks.xml_is_defused(None)] == ["documents.E001"]
    settings.DOCUMENTS_ROOT = Path(settings.STATIC_ROOT) / "files"
    assert [message.id for message in checks.files_are_private(None)] == ["documents.E002"]
