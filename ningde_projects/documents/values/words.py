"""Text, choices, yes and no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from ..text import CELL_LIMIT, excel_length, fold
from .base import Expected, Reading, Unreadable, as_text

_YES = frozenset({"是", "有", "√", "✓", "✔", "☑", "■", "y", "yes", "true", "1", "对", "v"})
_NO = frozenset({"否", "无", "×", "✗", "✘", "☐", "□", "n", "no", "false", "0", "x", "错", "没有"})


def read_text(raw: Any, expected: Expected, _percent: bool) -> Reading:
    text = as_text(raw)
    if not text:
        return Reading(None)
    if excel_length(text) >= CELL_LIMIT:
        raise Unreadable(
            _("The text fills the whole cell, its end may have been cut off"),
            _("Shorten it, or put the full text into an attachment."),
        )
    if len(text) > expected.max_length:
        raise Unreadable(
            _("{length} characters, at most {most} are allowed").format(
                length=len(text), most=expected.max_length
            ),
            _("Shorten the text."),
        )
    return Reading(text)


def read_choice(raw: Any, expected: Expected, _percent: bool) -> Reading:
    text = as_text(raw)
    if not text:
        return Reading(None)
    ticked = _ticked(text, expected.choices)
    if ticked == "":
        return Reading(None)
    wanted = fold(ticked or text)
    for code, label in expected.choices:
        if wanted in (fold(label), fold(code)):
            return Reading(code)
    raise Unreadable(
        _("“{text}” is not one of the choices").format(text=text[:40]),
        _("Choose one of: {choices}.").format(choices=_listed([label for _code, label in expected.choices])),
    )


def _ticked(text: str, choices: Sequence[tuple[str, str]]) -> str | None:
    """The label that bears a tick in '☑例行月报 □重大紧急即报', '' when none does; None for any other text."""
    boxes: list[tuple[str, str]] = re.findall(r"([☑■√✓✔☒□☐])\s*([^☑■√✓✔☒□☐]+)", text)
    if not boxes:
        return None
    chosen = [label.strip() for box, label in boxes if box not in "□☐"]
    if not chosen:
        return ""
    if len(chosen) > 1:
        raise Unreadable(
            _("{number} boxes are ticked, one is expected").format(number=len(chosen)),
            _("Tick one of: {choices}.").format(choices=_listed([label for _code, label in choices])),
        )
    return chosen[0]


def _listed(labels: list[str], most: int = 12) -> str:
    return "、".join(labels[:most]) + ("……" if len(labels) > most else "")


def read_yesno(raw: Any, _expected: Expected, _percent: bool) -> Reading:
    if isinstance(raw, bool):
        return Reading(raw)
    text = fold(as_text(raw))
    if not text or text in ("-", "—", "/"):
        return Reading(None)
    if text in _YES:
        return Reading(True)
    if text in _NO:
        return Reading(False)
    raise Unreadable(_("“{text}” is neither yes nor no").format(text=text[:40]), _("Write yes or no."))
