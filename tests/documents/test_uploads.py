"""Attachments: kind, structure, secrecy marks, who reads, who adds (B44–B49, D31–D41, settled point 16)."""

from __future__ import annotations

import io
import socket
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ningde_projects.documents import secrecy, uploads
from ningde_projects.documents.attachments import attachments_of
from ningde_projects.documents.models import Attachment
from ningde_projects.documents.refusals import FileRefused
from ningde_projects.documents.scanner import ScannerDown, scan
from ningde_projects.documents.services import sweeping
from ningde_projects.documents.services import uploads as services
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import ZONE
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState
from tests.cast import Cast

from . import corpus

AT = datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)
SUBJECT = uuid.UUID(int=1)
HIDDEN = uuid.UUID(int=2)
CLOSED = uuid.UUID(int=3)


def jpeg(exif: bool = False, size: tuple[int, int] = (40, 20)) -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    target = io.BytesIO()
    options: dict[str, Any] = {}
    if exif:
        notes = Image.Exif()
        notes[0x0112] = 6
        notes.get_ifd(0x8825)[1] = "N"
        notes[0x010E] = "宁德某处"
        options["exif"] = notes
    picture.save(target, "JPEG", **options)
    return target.getvalue()


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (10, 10)).save(target, "PNG")
    return target.getvalue()


@pytest.fixture(autouse=True)
def policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """People of Xiapu read and add; one subject is closed, one hidden."""

    def may_read(actor: Actor, attachment: Attachment) -> bool:
        return attachment.subject_id != HIDDEN and actor.organisation.place.code == "XP"

    def refuse_change(actor: Actor, subject_id: uuid.UUID) -> str | None:
        if subject_id == HIDDEN or actor.organisation.place.code != "XP":
            return None
        return "已签收，不能再改附件。" if subject_id == CLOSED else ""

    monkeypatch.setattr(uploads, "_policies", {})
    uploads.register_attachment_policy("tests.report", may_read, refuse_change)


def put(
    cast: Cast, content: bytes, name: str, *, by: str = "owner_xp", subject: uuid.UUID = SUBJECT, **more: Any
) -> Attachment:
    upload = SimpleUploadedFile(name, content)
    options = {"declared": True} | more
    return services.receive(
        upload, "tests.report", subject, actor=cast.actor(getattr(cast, by), AT), at=AT, **options
    )


# --- what is taken in ---------------------------------------------------------------------------------

GOOD = {
    "意见.pdf": corpus.pdf(),
    "现场.jpg": jpeg(),
    "现场.JPEG": jpeg(),
    "图.png": png(),
    "表.xlsx": corpus.plain_workbook(),
    "纪要.docx": corpus.document(),
    "商业秘密保护说明.pdf": corpus.pdf(),
    "保守国家秘密承诺书.pdf": corpus.pdf(),
}
MARKED = "<w:p><w:r><w:t>机密★</w:t></w:r><w:r><w:t>1年</w:t></w:r></w:p>"
MARKED_ROW = f'<row r="1">{corpus.inline("A1", "密级：秘密")}</row>'
MARKED_PAGE = "<headerFooter><oddHeader>&amp;R机密★5年</oddHeader></headerFooter></worksheet>"
BAD = {
    "a program": ("x.pdf.exe", b"MZ", "ending"),
    "a picture with scripts": ("x.svg", b"<svg onload=alert(1)>", "ending"),
    "no ending": ("pdf", corpus.pdf(), "ending"),
    "a web page as PDF": ("x.pdf", b"<html><script>", "renamed"),
    "a PDF that is a web page too": ("x.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>" + corpus.pdf()[9:], "renamed"),
    "a PDF with a web page behind it": ("x.pdf", corpus.pdf(tail=b"<script>alert(1)</script>"), "renamed"),
    "a PDF cut off": ("x.pdf", corpus.pdf()[:-8], "renamed"),
    "a PDF with a script": ("x.pdf", corpus.pdf(b"3 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n"), "active"),
    "a PDF with an escaped script": ("x.pdf", corpus.pdf(b"3 0 obj << /S /J#61vaScript >> endobj\n"), "active"),
    "a PDF that starts programs": ("x.pdf", corpus.pdf(b"3 0 obj << /S /Launch /F (cmd.exe) >> endobj\n"), "active"),
    "a PDF with a file in it": ("x.pdf", corpus.pdf(b"3 0 obj << /Type /EmbeddedFile >> endobj\n"), "active"),
    "a PDF that hides its script in a packed stream": (
        "x.pdf",
        corpus.pdf(corpus.pdf_stream(b"/Type /ObjStm", b"7 0 << /S /JavaScript >>")),
        "active",
    ),
    "an encrypted PDF": ("x.pdf", corpus.pdf(b"trailer << /Encrypt 9 0 R >>\n"), "locked"),
    "a PDF bomb": ("x.pdf", corpus.pdf(corpus.pdf_stream(b"/Type /ObjStm", b"0" * 210 * 1024 * 1024)), "active"),
    "PHP as a picture": ("x.jpg", b"<?php system($_GET['c']);", "renamed"),
    "a picture cut off": ("x.jpg", jpeg(size=(400, 400))[:600], "damaged"),
    "a flood of pixels": ("x.png", corpus.png_head(60_000, 60_000), "pixels"),
    "a GIF as PNG": ("x.png", b"GIF89a/*", "renamed"),
    "macros": ("x.xlsx", corpus.packed(corpus.parts() | {"xl/vbaProject.bin": b"x"}), "macros"),
    "a bomb": ("x.docx", corpus.zip_bomb(200), "bomb"),
    "a workbook as document": ("x.docx", corpus.plain_workbook(), "renamed"),
    "nothing": ("x.pdf", b"", "empty"),
    "秘密 in the name": ("关于某事项的秘密报告.pdf", corpus.pdf(), "secret"),
    "机密 with a star in the name": ("【机密★10年】方案.docx", corpus.document(), "secret"),
    "绝 密 spaced in the name": ("绝 密.pdf", corpus.pdf(), "secret"),
    "a mark at the head of a document": ("x.docx", corpus.document(MARKED), "secret"),
    "a mark in the page head of a document": (
        "x.docx",
        corpus.document(**{"word__header1_xml": "<w:hdr><w:p><w:t>秘 密</w:t></w:p></w:hdr>"}),
        "secret",
    ),
    "a mark in a cell": ("x.xlsx", corpus.packed(corpus.parts(sheet=corpus.sheet_xml(MARKED_ROW))), "secret"),
    "a mark in the page head of a sheet": (
        "x.xlsx",
        corpus.packed(corpus.parts(sheet=corpus.sheet_xml("").replace("</worksheet>", MARKED_PAGE))),
        "secret",
    ),
    "a mark on a page of a PDF": ("x.pdf", corpus.pdf_showing("机密★10年"), "secret"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_what_it_says_is_taken_in(name: str, tmp_path: Path) -> None:
    accepted = uploads.accept(corpus.saved(tmp_path, GOOD[name], "received"), name, tmp_path)
    assert accepted.name == name


@pytest.mark.parametrize("what", BAD)
def test_is_refused_with_rule_and_way_out(what: str, tmp_path: Path) -> None:
    name, content, code = BAD[what]
    with pytest.raises(FileRefused) as refused:
        uploads.accept(corpus.saved(tmp_path, content, "received"), name, tmp_path)
    assert refused.value.code == code, refused.value
    assert refused.value.rule
    assert refused.value.way_out


def test_a_picture_is_written_anew_upright_and_without_its_notes(tmp_path: Path) -> None:
    content = jpeg(exif=True) + b"<?php evil ?>"
    accepted = uploads.accept(corpus.saved(tmp_path, content, "received"), "x.jpg", tmp_path)
    kept = accepted.path.read_bytes()
    assert b"php" not in kept
    with Image.open(accepted.path) as picture:
        assert not picture.getexif()
        assert picture.size == (20, 40)


@pytest.mark.parametrize(
    "line",
    ["秘密", "机 密", "绝密★长期", "机密★10年", "密级：秘密", "秘密 1年", "附件 机密★", "绝密☆"],
)
def test_marks_are_seen(line: str) -> None:
    assert secrecy.text_mark([line])


@pytest.mark.parametrize(
    "line",
    [
        "本项目不涉及国家秘密。",
        "商业秘密",
        "应当保守工作秘密",
        "秘密到达现场进行抽查",
        "机密性要求",
        "非秘密",
    ],
)
def test_words_of_running_text_are_no_marks(line: str) -> None:
    assert secrecy.text_mark([line]) is None


# --- who may, and what is kept ------------------------------------------------------------------------


def test_a_file_is_kept_under_a_random_name_with_its_hash_and_its_act(
    cast: Cast, private_store: Path
) -> None:
    attachment = put(cast, corpus.pdf(), "../意见.pdf")
    assert attachment.original_name == "意见.pdf"
    assert Path(attachment.file.path).is_relative_to(private_store)
    assert "意见" not in str(attachment.file.name)
    assert Path(attachment.file.path).stat().st_mode & 0o777 == 0o600
    assert attachment.state == Attachment.State.CLEAN
    act = Act.objects.get(machine="attachment", name="upload")
    assert act.data["sha256"] == attachment.sha256


def test_without_the_declaration_nothing_is_kept(cast: Cast, private_store: Path) -> None:
    with pytest.raises(RuleBroken) as refused:
        put(cast, corpus.pdf(), "x.pdf", declared=False)
    assert refused.value.field == "declared"
    assert not list(private_store.rglob("*"))


def test_the_same_file_twice_is_one(cast: Cast) -> None:
    first, second = put(cast, corpus.pdf(), "a.pdf"), put(cast, corpus.pdf(), "b.pdf")
    assert first.pk == second.pk
    assert put(cast, corpus.pdf(), "a.pdf", subject=uuid.UUID(int=9)).pk != first.pk


def test_a_closed_record_takes_no_file_and_a_hidden_one_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="已签收"):
        put(cast, corpus.pdf(), "x.pdf", subject=CLOSED)
    with pytest.raises(Attachment.DoesNotExist):
        put(cast, corpus.pdf(), "x.pdf", subject=HIDDEN)
    with pytest.raises(Attachment.DoesNotExist):
        put(cast, corpus.pdf(), "x.pdf", by="owner_fa")


def test_reading_follows_the_policy_of_the_record(cast: Cast) -> None:
    attachment = put(cast, corpus.pdf(), "x.pdf")
    assert services.readable(cast.actor(cast.bureau_xp, AT), attachment.public_id) == attachment
    with pytest.raises(Attachment.DoesNotExist):
        services.readable(cast.actor(cast.bureau_fa, AT), attachment.public_id)


def test_a_download_leaves_a_line_in_the_record(cast: Cast) -> None:
    attachment = put(cast, corpus.pdf(), "x.pdf")
    services.hand_out(cast.actor(cast.bureau_xp, AT), attachment.public_id, AT)
    assert Act.objects.get(machine="attachment", name="download").user == cast.bureau_xp


def test_a_removed_file_is_gone_for_everyone_and_can_be_added_again(cast: Cast) -> None:
    attachment = put(cast, corpus.pdf(), "x.pdf")
    owner = cast.actor(cast.owner_xp, AT)
    services.remove(owner, attachment.public_id, AT)
    with pytest.raises(Attachment.DoesNotExist):
        services.readable(owner, attachment.public_id)
    assert put(cast, corpus.pdf(), "x.pdf").pk != attachment.pk


def test_a_file_of_a_closed_record_is_not_removed(cast: Cast) -> None:
    attachment = put(cast, corpus.pdf(), "x.pdf")
    Attachment.objects.update(subject_id=CLOSED)
    with pytest.raises(NotAllowed, match="已签收"):
        services.remove(cast.actor(cast.owner_xp, AT), attachment.public_id, AT)
    attachment.refresh_from_db()
    assert attachment.removed_at is None


def test_a_record_takes_so_many_files_and_no_more(cast: Cast, settings: Any, private_store: Path) -> None:
    settings.DOCUMENTS_MAX_SUBJECT_FILES = 1
    put(cast, corpus.pdf(), "a.pdf")
    with pytest.raises(FileRefused) as refused:
        put(cast, corpus.pdf(b"% 2\n"), "b.pdf")
    assert refused.value.code == "count"
    assert len([path for path in private_store.rglob("*") if path.is_file()]) == 1


def test_all_files_of_a_record_together_have_a_limit(cast: Cast, settings: Any) -> None:
    settings.DOCUMENTS_MAX_SUBJECT_BYTES = 200
    put(cast, corpus.pdf(), "a.pdf")
    with pytest.raises(FileRefused) as refused:
        put(cast, corpus.pdf(b"% 2\n" * 20), "b.pdf")
    assert refused.value.code == "room"


def test_the_list_of_a_record_says_what_one_may_do(cast: Cast) -> None:
    put(cast, corpus.pdf(), "x.pdf")
    files = attachments_of(cast.actor(cast.owner_xp, AT), "tests.report", SUBJECT)
    assert ([file.original_name for file in files.attachments], files.can_change) == (["x.pdf"], True)
    closed = attachments_of(cast.actor(cast.owner_xp, AT), "tests.report", CLOSED)
    assert (closed.can_change, closed.reason) == (False, "已签收，不能再改附件。")
    with pytest.raises(Attachment.DoesNotExist):
        attachments_of(cast.actor(cast.owner_fa, AT), "tests.report", SUBJECT)


def test_a_file_without_a_row_is_swept_away_after_a_day(cast: Cast, private_store: Path) -> None:
    kept = Path(put(cast, corpus.pdf(), "x.pdf").file.path)
    orphan = private_store / "attachments" / "ab" / "abcdef"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    sweeping.sweep(datetime.now(ZONE))
    assert orphan.exists()
    sweeping.sweep(datetime.now(ZONE) + 2 * sweeping.GRACE)
    assert not orphan.exists()
    assert kept.exists()


# --- the virus scanner --------------------------------------------------------------------------------


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Answers as clamd does: FOUND for what holds EICAR, OK for the rest."""
    path = tmp_path / "clamd.sock"
    heard: list[bytes] = []
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        while True:
            try:
                line, _address = server.accept()
            except OSError:
                return
            with line:
                stream = line.makefile("rb")
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(size)
                heard.append(content)
                line.sendall(b"stream: Eicar-Test FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"unix:{path}", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def test_the_scanner_is_asked_over_its_socket(scanner: tuple[str, list[bytes]]) -> None:
    address, heard = scanner
    content = b"x" * 200_000
    assert scan(address, io.BytesIO(content)) is None
    assert heard == [content]
    assert scan(address, io.BytesIO(b"EICAR")) == "Eicar-Test"


def test_a_file_waits_for_the_scanner_and_only_its_uploader_sees_it(
    cast: Cast, settings: Any, scanner: tuple[str, list[bytes]]
) -> None:
    settings.DOCUMENTS_SCANNER = scanner[0]
    attachment = put(cast, corpus.pdf(), "x.pdf")
    assert attachment.state == Attachment.State.PENDING
    services.readable(cast.actor(cast.owner_xp, AT), attachment.public_id)
    with pytest.raises(Attachment.DoesNotExist):
        services.readable(cast.actor(cast.bureau_xp, AT), attachment.public_id)
    assert services.scan_pending(AT) == 1
    services.readable(cast.actor(cast.bureau_xp, AT), attachment.public_id)


def test_what_the_scanner_finds_is_blocked_for_everyone(
    cast: Cast, settings: Any, scanner: tuple[str, list[bytes]]
) -> None:
    settings.DOCUMENTS_SCANNER = scanner[0]
    attachment = put(cast, corpus.pdf(b"% EICAR\n"), "x.pdf")
    services.scan_pending(AT)
    with pytest.raises(WrongState, match="Eicar-Test"):
        services.hand_out(cast.actor(cast.owner_xp, AT), attachment.public_id, AT)


def test_while_the_scanner_is_down_nothing_becomes_clean(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_SCANNER = f"unix:{tmp_path}/nobody.sock"
    attachment = put(cast, corpus.pdf(), "x.pdf")
    with pytest.raises(ScannerDown):
        scan(settings.DOCUMENTS_SCANNER, io.BytesIO(b"x"))
    assert services.scan_pending(AT) == 0
    attachment.refresh_from_db()
    assert attachment.state == Attachment.State.PENDING
