"""What changed between two texts, marked with ins and del.

Chinese is compared by character, Latin words and figures whole ("K2+140", "15,890", "38/40"), so that a
changed stake number does not come out as three struck digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,+/%:_-]*[A-Za-z0-9%]|[A-Za-z0-9]|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
MAX_TOKENS = 4000
"""Above this the comparison goes by sentence: matching is quadratic and a page must not wait for it."""
SHORT_ISLAND = 2
"""An unchanged stretch of this many characters between two changes reads better as part of the change."""

Change = tuple[str, str, str]
"""("same" | "change", old, new)"""


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    a, b = tokens(old), tokens(new)
    if max(len(a), len(b)) > MAX_TOKENS:
        return _SENTENCE.findall(old), _SENTENCE.findall(new)
    return a, b


def _raw(old: str, new: str) -> Iterator[Change]:
    a, b = _pieces(old, new)
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before, after = "".join(a[a1:a2]), "".join(b[b1:b2])
        yield ("same" if tag == "equal" else "change", before, after)


def changes(old: str, new: str) -> list[Change]:
    """The texts as a run of same and changed stretches; short islands are joined to their neighbours."""
    found: list[Change] = []
    raw = list(_raw(old, new))
    for index, (kind, before, after) in enumerate(raw):
        between = 0 < index < len(raw) - 1
        island = (
            kind == "same"
            and between
            and len(before) <= SHORT_ISLAND
            and not re.search(r"[。；，、\s]", before)
        )
        kind_now = "change" if island else kind
        if found and found[-1][0] == "change" and kind_now == "change":
            found[-1] = ("change", found[-1][1] + before, found[-1][2] + after)
        else:
            found.append((kind_now, before, after))
    return found


def marked(old: str | None, new: str | None) -> SafeString:
    """HTML of ``new``, what was taken out struck, what was put in underlined; both texts are escaped."""
    parts: list[str] = []
    for kind, before, after in changes(old or "", new or ""):
        if kind == "same":
            parts.append(escape(after))
            continue
        if before:
            parts.append(format_html('<del class="nd-del">{}</del>', before))
        if after:
            parts.append(format_html('<ins class="nd-ins">{}</ins>', after))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - every part is escaped above
