"""涉密不上网: looks for the marks 秘密, 机密, 绝密 in file names and at the head of documents (settled point 16).

A help against slips, not a proof: what is scanned, photographed or encrypted cannot be read here. The person who
uploads declares that the file is not secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .refusals import FileRefused

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
#: Words that hold the same characters and mean no classification.
_HARMLESS = re.compile(
    r"(商业|技术|个人|通信|工作)\s*(秘密|机密)|非(秘密|机密)|(保守|泄露|涉及|国家)\S{0,2}(秘密|机密)"
)
_STAR = re.compile(_LEVEL + r"\s*[★☆✩✭✮✯⭐]")
#: A line that consists of the mark, perhaps with its term: 秘密、密级：机密、绝密★长期、机密 10年.
_LINE = re.compile(
    r"^(?:密\s*级\s*[::]?\s*)?"
    + _LEVEL
    + r"\s*(?:[★☆*]\s*)?(?:(?:\d+|[一二三四五六七八九十]+)\s*[年月]|长期)?$"
)
_IN_NAME = re.compile(_LEVEL)
#: The mark stands at the head of a document.
HEAD_LINES = 40


def name_mark(name: str) -> str | None:
    """The mark in a file name, if there is one."""
    plain = _HARMLESS.sub("", unicodedata.normalize("NFKC", name))
    found = _IN_NAME.search(plain)
    return re.sub(r"\s", "", found[0]) if found else None


def text_mark(lines: Iterable[str]) -> str | None:
    """The mark in a text: with a star anywhere, or alone on one of the first lines."""
    for number, line in enumerate(lines):
        plain = unicodedata.normalize("NFKC", line).strip()
        if found := _STAR.search(plain):
            return re.sub(r"\s", "", found[0])
        if number < HEAD_LINES and _LINE.match(plain):
            return re.sub(r"\s", "", plain)
    return None


def check_name(name: str) -> None:
    if mark := name_mark(name):
        raise _refused(mark, _("the file name"))


def check_text(lines: Iterable[str]) -> None:
    if mark := text_mark(lines):
        raise _refused(mark, _("the document"))


def _refused(mark: str, where: str) -> FileRefused:
    return FileRefused(
        "secret",
        _("The mark “{mark}” stands in {where}: secret files must not be put on this network").format(
            mark=mark, where=where
        ),
        _(
            "Do not upload it. Report it to your unit's secrecy officer, and hand it over on the way meant for it."
        ),
    )
