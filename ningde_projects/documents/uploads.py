"""Attachments: what kinds of file are taken in, what is looked at, and who may read them.

Controls B44–B49; bad input D31–D41; settled point 16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor

from . import conf, gate, sandbox, secrecy
from .office_text import first_lines
from .refusals import FileRefused
from .text import clean_file_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from .models import Attachment

FileKind = Literal["pdf", "jpg", "png", "xlsx", "docx"]
MAX_PIXELS = 40_000_000
ENDINGS: dict[str, FileKind] = {
    "pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "xlsx": "xlsx", "docx": "docx",
}  # fmt: skip
CONTENT_TYPES: dict[FileKind, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_FIRST_BYTES: dict[FileKind, bytes] = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "xlsx": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
}


# --- who may ------------------------------------------------------------------------------------------

MayRead = Callable[[Actor, "Attachment"], bool]
#: Why this person may not add to (or remove from) the record, or ''; None when he may not know of the record.
RefuseChange = Callable[[Actor, UUID], "StrOrPromise | None"]


@dataclass(frozen=True)
class AttachmentPolicy:
    may_read: MayRead
    refuse_change: RefuseChange


_policies: dict[str, AttachmentPolicy] = {}


def register_attachment_policy(subject_type: str, may_read: MayRead, refuse_change: RefuseChange) -> None:
    """Called from an app's ready(); without a policy nobody reads and nobody adds."""
    if subject_type in _policies:
        raise ValueError(f"attachments of {subject_type} are registered twice")
    _policies[subject_type] = AttachmentPolicy(may_read, refuse_change)


def policy_of(subject_type: str) -> AttachmentPolicy | None:
    return _policies.get(subject_type)


# --- what is taken in ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """A file that passed: under which name, as what, and which bytes to keep (pictures are written anew)."""

    name: str
    kind: FileKind
    path: Path


def accept(path: Path, name: str, scratch: Path) -> Accepted:
    """Look at a file on disk; FileRefused names the rule and the way out. `scratch` takes a recoded picture."""
    clean = clean_file_name(name)
    kind = _kind(clean)
    secrecy.check_name(clean)
    gate.check_size(path.stat().st_size, conf.max_upload_bytes())
    with path.open("rb") as file:
        head = file.read(16)
    if not head.startswith(_FIRST_BYTES[kind]):
        raise _not_what_it_says(kind)
    if kind == "pdf":
        _check_pdf(path)
        return Accepted(clean, kind, path)
    if kind == "jpg" or kind == "png":
        return Accepted(clean, kind, _recode(path, kind, scratch))
    gate.check_archive(path, kind)
    secrecy.check_text(first_lines(path, kind))
    return Accepted(clean, kind, path)


def _kind(name: str) -> FileKind:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = ENDINGS.get(ending)
    if kind is None:
        raise FileRefused(
            "ending",
            _("Files of the kind .{ending} are not taken in").format(ending=ending[:10]),
            _("Take .pdf, .jpg, .png, .xlsx or .docx."),
        )
    return kind


def _not_what_it_says(kind: FileKind) -> FileRefused:
    return FileRefused(
        "renamed",
        _("The content is not that of a .{kind} file").format(kind=kind),
        _("Open it in the program that made it and save it as .{kind}.").format(kind=kind),
    )


def _check_pdf(path: Path) -> None:
    told = sandbox.run("inspect_pdf", path)
    if told["broken"]:
        raise _not_what_it_says("pdf")
    if told["encrypted"]:
        raise FileRefused("locked", _("The file is protected by a password"), _("Remove the password."))
    if told["active"]:
        raise FileRefused(
            "active",
            _("The PDF holds scripts, embedded files or actions: {names}").format(
                names=", ".join(told["active"])
            ),
            _("Print it to a new PDF and upload that."),
        )
    secrecy.check_text(told["lines"])


def _recode(path: Path, kind: FileKind, scratch: Path) -> Path:
    target = scratch / f"picture.{kind}"
    told = sandbox.run("recode_image", path, target, kind, MAX_PIXELS)
    if told.get("refused") == "pixels":
        raise FileRefused(
            "pixels",
            _("The picture has more than {limit} million pixels").format(limit=MAX_PIXELS // 1_000_000),
            _("Make it smaller."),
        )
    if told.get("refused"):
        raise FileRefused(
            "damaged", _("The picture is damaged or incomplete"), _("Save it again, or take it anew.")
        )
    return target
