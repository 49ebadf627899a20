"""The hidden mark of a form: what it is and for what, so that the same sheet can come back in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.core import signing

_SALT = "documents.form-mark"
#: Begins the marked cell, so that it is found wherever the column has moved.
PREFIX = "nd1:"


@dataclass(frozen=True)
class Subject:
    """A record that the form speaks of: its kind, public id, and its version when the form went out."""

    kind: str
    public_id: str
    version: int = 0


@dataclass(frozen=True)
class FormMark:
    key: str
    version: int
    export_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    subjects: tuple[Subject, ...] = ()

    def subject(self, kind: str) -> Subject | None:
        return next((subject for subject in self.subjects if subject.kind == kind), None)

    def to_text(self) -> str:
        subjects = [[s.kind, s.public_id, s.version] for s in self.subjects]
        return PREFIX + signing.dumps(
            [self.key, self.version, self.export_id, subjects], salt=_SALT, compress=True
        )


def read_mark(text: str) -> FormMark | None:
    """None when the text was not written by us or was changed."""
    if not text.startswith(PREFIX):
        return None
    try:
        key, version, export_id, subjects = signing.loads(text.removeprefix(PREFIX).strip(), salt=_SALT)
        return FormMark(key, int(version), export_id, tuple(Subject(k, i, int(v)) for k, i, v in subjects))
    except (signing.BadSignature, ValueError, TypeError):
        return None
