"""The pages: upload, preview, confirm, export, attachments; hidden is 404, not allowed 403 with its reason."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from ningde_projects.documents import exports, imports, uploads
from ningde_projects.documents.exports import Export
from ningde_projects.documents.imports import Importer, ImportPlan, PlanItem
from ningde_projects.documents.models import Attachment, ExportJob, ImportBatch
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.services import exports as export_services
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from tests.cast import Cast

from . import corpus
from .test_imports import content

SHEET = Sheet(
    "tests.names",
    "名单",
    (
        Column("code", "编号", required=True, help="八位编号"),
        Column("name", "姓名", required=True),
        Column("amount", "金额", kind="money"),
    ),
)
SUBJECT = uuid.UUID(int=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
reason: dict[str, str | None] = {}


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One importer, one export, one kind of subject; people of Xiapu may."""
    applied: list[str] = []
    reason.clear()

    def refuse(actor: Actor, params: Any) -> str:
        return "" if actor.organisation.place.code == "XP" else "只有霞浦县的同志可以导入。"

    def hide(actor: Actor, subject: Any) -> str | None:
        return reason.get("change", "") if actor.organisation.place.code == "XP" else None

    def check(rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Mapping[str, str]) -> ImportPlan:
        return ImportPlan(
            [PlanItem("create", f"{row.get('code')} {params.get('month', '')}") for row in rows]
        )

    def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Mapping[str, str]) -> None:
        applied.extend(item.label for item in plan.items)

    for module, name in ((imports, "_importers"), (exports, "_exports"), (uploads, "_policies")):
        monkeypatch.setattr(module, name, {})
    imports.register_importer(
        Importer(
            "tests.names",
            "名单导入",
            apply,
            refuse,
            SHEET,
            check,
            params=("month",),
            back_url=lambda params: "/",
        )
    )
    exports.register_export(
        Export(
            "tests.names", SHEET,
            lambda actor, params: ({"code": str(n), "name": "<b>名</b>", "amount": n} for n in range(3)),
            lambda actor, params: reason.get("count", 3),  # type: ignore[arg-type,return-value]
            lambda actor, params: hide(actor, None),
        )
    )  # fmt: skip
    uploads.register_attachment_policy(
        "tests.report", lambda actor, file: hide(actor, None) is not None, hide
    )
    return applied


def signed_in(cast: Cast, client: Client, who: str = "bureau_xp") -> Client:
    return cast.login(client, getattr(cast, who))


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def send(client: Client, body: bytes, name: str = "名单.xlsx", query: str = "") -> Any:
    return client.post(f"/imports/tests.names/{query}", {"file": SimpleUploadedFile(name, body)})


# --- imports ------------------------------------------------------------------------------------------


def test_an_import_goes_from_upload_to_result(cast: Cast, client: Client, registries: list[str]) -> None:
    signed_in(cast, client)
    page = client.get("/imports/tests.names/?month=2026-10")
    assert "八位编号" in page.content.decode()
    sent = send(client, content(["1", "<script>", 2]), query="?month=2026-10")
    batch = ImportBatch.objects.get()
    url = f"/imports/tests.names/{batch.public_id}/"
    assert sent.headers["Location"] == url
    preview = client.get(url).content.decode()
    assert "1 2026-10" in preview
    assert "导入 1 条" in preview
    assert registries == []
    done = client.post(f"{url}confirm/", follow=True)
    assert "新增 1 条" in done.content.decode()
    assert registries == ["1 2026-10"]
    client.post(f"{url}confirm/")
    assert registries == ["1 2026-10"]


def test_errors_are_shown_with_their_place_and_can_be_taken_away_in_the_table(
    cast: Cast, client: Client
) -> None:
    signed_in(cast, client)
    page = client.get(send(client, content(["1", None, "很多"])).headers["Location"])
    text = page.content.decode()
    assert "有 2 处需要修改" in text
    assert "工作表“Sheet”第 2 行 B 列（姓名）" in text
    assert "confirm" not in text
    link = re.findall(r'href="([^"]+findings\.xlsx)"', text)[0]
    response = client.get(link)
    assert response.headers["Content-Type"] == XLSX
    book = load_workbook(io.BytesIO(body_of(response)))
    assert book.worksheets[1]["B2"].comment is not None


def test_a_file_that_is_no_table_is_refused_beside_the_field_and_nothing_is_kept(
    cast: Cast, client: Client
) -> None:
    signed_in(cast, client)
    response = send(client, corpus.encrypted())
    assert response.status_code == 422
    assert "文件设有密码。请取消密码" in response.content.decode()
    assert not ImportBatch.objects.exists()
    missing = client.post("/imports/tests.names/", {})
    assert missing.status_code == 422
    assert "填好的表格" in missing.content.decode()


def test_the_form_to_fill_in_is_one_click_away_and_comes_back(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    response = client.get("/imports/tests.names/form.xlsx")
    assert "filename*=utf-8''%E5%90%8D%E5%8D%95%E5%AF%BC%E5%85%A5_" in response.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(body_of(response)))
    book.worksheets[0]["A3"], book.worksheets[0]["B3"] = "7", "七"
    target = io.BytesIO()
    book.save(target)
    send(client, target.getvalue())
    assert ImportBatch.objects.get().state == ImportBatch.State.PREVIEWED


def test_who_may_not_import_is_told_why_on_every_page(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    url = send(client, content(["1", "x", 2])).headers["Location"]
    other = signed_in(cast, Client(), "bureau_fa")
    for address in ("/imports/tests.names/", "/imports/tests.names/form.xlsx"):
        response = other.get(address)
        assert response.status_code == 403
        assert "只有霞浦县的同志可以导入。" in response.content.decode()
    assert send(other, content()).status_code == 403
    assert other.get(url).status_code == 404


def test_another_persons_batch_is_hidden(cast: Cast, client: Client, registries: list[str]) -> None:
    signed_in(cast, client)
    url = send(client, content(["1", "x", 2])).headers["Location"]
    colleague = signed_in(cast, Client(), "bureau2_xp")
    assert colleague.get(url).status_code == 404
    assert colleague.post(f"{url}confirm/").status_code == 404
    assert colleague.get(f"{url}findings.xlsx").status_code == 404
    assert registries == []


def test_unknown_kinds_and_visitors_get_nothing(cast: Cast, client: Client) -> None:
    assert client.get("/imports/tests.names/").status_code == 302
    signed_in(cast, client)
    assert client.get("/imports/nothing/").status_code == 404
    assert client.get(f"/imports/tests.names/{uuid.uuid4()}/").status_code == 404
    assert client.get(f"/imports/tests.names/{uuid.uuid4()}/confirm/").status_code == 405
    assert client.get("/exports/nothing/").status_code == 404


def test_a_kept_file_that_has_vanished_is_gone_not_broken(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    wrong = send(client, content(["1", None, 2])).headers["Location"]
    right = send(client, content(["1", "x", 2])).headers["Location"]
    for batch in ImportBatch.objects.all():
        batch.file.storage.delete(batch.file.name or "")
    assert client.post(f"{right}confirm/").status_code == 410
    listed = load_workbook(io.BytesIO(body_of(client.get(f"{wrong}findings.xlsx")))).worksheets
    assert [sheet.title for sheet in listed] == ["校验结果"]


# --- exports ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "kind"), [("xlsx", XLSX), ("csv", "text/csv; charset=utf-8")])
def test_a_short_list_is_a_download_with_guarding_headers(
    form: str, kind: str, cast: Cast, client: Client
) -> None:
    response = signed_in(cast, client).get(f"/exports/tests.names/?form={form}&county=XP")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert body_of(response)
    assert not ExportJob.objects.exists()


def test_a_long_list_asks_first_then_is_written_and_fetched_by_the_one_who_asked(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    reason["count"] = 2001  # type: ignore[assignment]
    signed_in(cast, client)
    question = client.get("/exports/tests.names/?county=XP")
    assert "2,001" in question.content.decode()
    assert not ExportJob.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        started = client.post("/exports/tests.names/?county=XP")
    job = ExportJob.objects.get()
    assert (job.state, job.params) == (ExportJob.State.READY, {"county": ["XP"]})
    page = client.get(started.headers["Location"]).content.decode()
    assert "/file/" in page
    file = client.get(f"/exports/jobs/{job.public_id}/file/")
    assert body_of(file).startswith(b"PK")
    assert job.file_name.rpartition("_")[2] in file.headers["Content-Disposition"]
    assert job.file_name in client.get("/exports/").content.decode()
    colleague = signed_in(cast, Client(), "bureau2_xp")
    assert colleague.get(f"/exports/jobs/{job.public_id}/").status_code == 404
    assert colleague.get(f"/exports/jobs/{job.public_id}/file/").status_code == 404


def test_while_it_is_being_written_the_part_that_changes_is_fetched_again(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    export = exports.export_of("tests.names")
    actor = cast.actor(cast.bureau_xp, datetime.now().astimezone())
    job = export_services.start(export, "xlsx", actor, {}, actor.at)
    page = client.get(f"/exports/jobs/{job.public_id}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    part = client.get(f"/exports/jobs/{job.public_id}/", headers={"HX-Target": "export-job"}).content.decode()
    assert part.lstrip().startswith("<section")
    export_services.run(job.pk, actor.at)
    assert "every 2s" not in client.get(f"/exports/jobs/{job.public_id}/").content.decode()
    ExportJob.objects.update(expires_at=actor.at - timedelta(days=1))
    assert client.get(f"/exports/jobs/{job.public_id}/file/").status_code == 410


def test_a_hidden_list_is_not_there_and_a_closed_one_says_why(cast: Cast, client: Client) -> None:
    assert signed_in(cast, Client(), "bureau_fa").get("/exports/tests.names/").status_code == 404
    reason["change"] = "本表尚未下发。"
    response = signed_in(cast, client).get("/exports/tests.names/")
    assert response.status_code == 403
    assert "本表尚未下发。" in response.content.decode()


# --- attachments --------------------------------------------------------------------------------------

ADD = f"/attachments/tests.report/{SUBJECT}/add/"


def attach(
    client: Client, body: bytes | None = None, name: str = "意见.pdf", declared: bool = True, **extra: Any
) -> Any:
    data: dict[str, Any] = {"file": SimpleUploadedFile(name, corpus.pdf() if body is None else body)}
    if declared:
        data["declared"] = "on"
    return client.post(f"{ADD}?next=/", data, **extra)


def test_a_file_is_added_listed_downloaded_and_removed(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    assert attach(client).headers["Location"] == "/"
    file = Attachment.objects.get()
    assert "意见.pdf" in client.get(f"/attachments/tests.report/{SUBJECT}/").content.decode()
    download = client.get(f"/attachments/{file.public_id}/")
    assert body_of(download) == corpus.pdf()
    assert download.headers["Content-Type"] == "application/pdf"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download.headers["Content-Security-Policy"]
    asked = client.get(f"/attachments/{file.public_id}/remove/")
    assert "移除" in asked.content.decode()
    client.post(f"/attachments/{file.public_id}/remove/")
    assert client.get(f"/attachments/{file.public_id}/").status_code == 404


def test_adding_in_the_dialog_answers_in_place_and_tells_the_list(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    headers = {"HX-Request": "true", "HX-Target": "nd-dialog-body"}
    response = attach(client, headers=headers)
    assert (response.status_code, response.headers["HX-Trigger"]) == (200, "nd:attachments")
    assert "已添加“意见.pdf”" in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("body", "name", "declared", "words"),
    [
        (b"<html>", "x.pdf", True, "文件内容与扩展名 .pdf 不符。"),
        (corpus.pdf(), "机密方案.pdf", True, "涉密不上网"),
        (corpus.pdf(), "x.pdf", False, "涉密不上网"),
        (b"", "x.pdf", True, "文件为空。"),
        (corpus.pdf(), "x.exe", True, "不接收 .exe 文件。"),
    ],
)
def test_a_refused_file_is_told_beside_its_field(
    body: bytes, name: str, declared: bool, words: str, cast: Cast, client: Client
) -> None:
    signed_in(cast, client)
    response = attach(client, body, name, declared)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_hidden_record_is_not_there_and_a_closed_one_says_why_to_uploads(
    cast: Cast, client: Client
) -> None:
    signed_in(cast, client)
    attach(client)
    file = Attachment.objects.get()
    other = signed_in(cast, Client(), "bureau_fa")
    for address in (
        ADD,
        f"/attachments/tests.report/{SUBJECT}/",
        f"/attachments/{file.public_id}/",
        f"/attachments/other/{SUBJECT}/",
    ):
        assert other.get(address).status_code == 404, address
    assert other.post(f"/attachments/{file.public_id}/remove/").status_code == 404
    reason["change"] = "已签收，不能再改附件。"
    assert attach(client).status_code == 403
    assert "已签收，不能再改附件。" in client.get(f"/attachments/tests.report/{SUBJECT}/").content.decode()
    assert client.post(f"/attachments/{file.public_id}/remove/").status_code == 403


def test_the_way_back_stays_in_the_house(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    for wanted in ("//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"):
        data = {"file": SimpleUploadedFile("x.pdf", corpus.pdf()), "declared": "on", "next": wanted}
        assert client.post(ADD, data).headers["Location"] == ADD


def test_a_name_with_quotes_and_line_breaks_stays_one_header(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    attach(client, name='a"X: y.pdf')
    file = Attachment.objects.get()
    Attachment.objects.update(original_name='a"\r\nX: y.pdf')
    response = client.get(f"/attachments/{file.public_id}/")
    assert "X" not in response.headers
    assert "\n" not in response.headers["Content-Disposition"]


def test_nginx_may_send_the_bytes(cast: Cast, client: Client, settings: Any) -> None:
    settings.DOCUMENTS_ACCEL_PREFIX = "/_private/"
    signed_in(cast, client)
    attach(client)
    file = Attachment.objects.get()
    response = client.get(f"/attachments/{file.public_id}/")
    assert response.headers["X-Accel-Redirect"] == f"/_private/{file.file.name}"
    assert response.content == b""


def test_a_file_that_is_missing_from_the_disk_is_gone_not_broken(cast: Cast, client: Client) -> None:
    signed_in(cast, client)
    attach(client)
    file = Attachment.objects.get()
    file.file.storage.delete(file.file.name or "")
    assert client.get(f"/attachments/{file.public_id}/").status_code == 410
