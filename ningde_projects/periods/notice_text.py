"""Reads the yearly notice of the State Council on days off, as people paste it, or a simple list of days.

Nothing is guessed: a sentence that speaks of a day and cannot be read is named with its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

#: A row of 40 days off is a slip of the pen.
LONGEST_HOLIDAY = 15
NOTE_LENGTH = 100

_BRACKETS = re.compile(r"\([^()]*\)")
_HEADING = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|\d{1,2}[.、])\s*([^:,。;、\d]{2,12}):")
_SPAN = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:\s*(?:至|到|—|-|~)\s*(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日)?"
)
_FURTHER = re.compile(r"^、(\d{1,2})日")
_FREE, _WORKS = ("放假", "调休", "休息"), ("上班", "补班")
_LINE = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[,\t; ]+(\S+?)(?:[,\t; ]+(.*))?$")
_WORDS = {
    "班": True, "上班": True, "补班": True, "工作日": True, "workday": True, "work": True,
    "休": False, "放假": False, "休息": False, "节假日": False, "off": False, "holiday": False,
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What was understood: day → (is a working day, note); and what was not."""

    days: dict[date, tuple[bool, str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read_notice(text: str, year: int) -> Read:
    """Days of one year's notice. A day of December before or of the next year is taken with its own year."""
    found = Read()
    heading = ""
    for number, line in enumerate(_normal(text).splitlines(), start=1):
        if not line.strip():
            continue
        as_list = _LINE.match(line.strip())
        if as_list:
            _read_list_line(as_list, number, found)
            continue
        opened = _HEADING.match(line)
        heading = opened.group(1).strip() if opened else heading
        for sentence in re.split(r"[。;]", line[opened.end() :] if opened else line):
            _read_sentence(sentence, number, heading, year, found)
    return found


def _normal(text: str) -> str:
    """One width, and without what stands in brackets: weekdays and the lunar calendar."""
    plain = unicodedata.normalize("NFKC", text).replace("：", ":").replace("，", ",").replace("；", ";")
    while _BRACKETS.search(plain):
        plain = _BRACKETS.sub("", plain)
    return plain


def _read_list_line(match: re.Match[str], number: int, found: Read) -> None:
    word = match.group(4).lower()
    day = _date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    if day is None:
        found.errors.append(_("Line %(n)s: there is no such day.") % {"n": number})
    elif word not in _WORDS:
        found.errors.append(
            _("Line %(n)s: after the day write whether it is off or worked, then the note.") % {"n": number}
        )
    else:
        _put(found, number, day, _WORDS[word], (match.group(5) or "").strip())


def _read_sentence(sentence: str, number: int, heading: str, year: int, found: Read) -> None:
    works = any(word in sentence for word in _WORKS)
    free = any(word in sentence for word in _FREE)
    if not (works or free):
        return
    if works and free:
        # "1月1日放假，1月4日上班" in one sentence: each part has its own verb.
        parts = [part for part in re.split(r",", sentence) if any(w in part for w in (*_WORKS, *_FREE))]
        if len(parts) > 1:
            for part in parts:
                _read_sentence(part, number, heading, year, found)
            return
        found.errors.append(_("Line %(n)s: days off and working days in one; separate them.") % {"n": number})
        return
    spans = list(_spans(sentence, year))
    if not spans:
        if re.search(r"\d", sentence) and "共" not in sentence:
            found.errors.append(_("Line %(n)s: no day could be read.") % {"n": number})
        return
    for first, last in spans:
        if first is None or last is None or not timedelta() <= last - first < timedelta(days=LONGEST_HOLIDAY):
            found.errors.append(_("Line %(n)s: there is no such day or span.") % {"n": number})
            continue
        day = first
        while day <= last:
            _put(found, number, day, works, heading)
            day += timedelta(days=1)


def _spans(sentence: str, year: int) -> Iterator[tuple[date | None, date | None]]:
    for match in _SPAN.finditer(sentence):
        own_year, month, day, other_year, other_month, other_day = match.groups()
        first_year = int(own_year or year)
        first = _date(first_year, int(month), int(day))
        if other_day is None:
            yield first, first
            # "2月14日、28日上班": further days of the same month.
            rest = sentence[match.end() :]
            while further := _FURTHER.match(rest):
                more = _date(first_year, int(month), int(further.group(1)))
                yield more, more
                rest = rest[further.end() :]
            continue
        last_month = int(other_month or month)
        last_year = int(other_year or first_year + (last_month < int(month)))
        yield first, _date(last_year, last_month, int(other_day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2999 else None
    except ValueError:
        return None


def _put(found: Read, number: int, day: date, works: bool, note: str) -> None:
    known = found.days.get(day)
    if known is not None and known[0] != works:
        found.errors.append(
            _("Line %(n)s: %(day)s is a day off and a working day.") % {"n": number, "day": day.isoformat()}
        )
        return
    found.days[day] = (works, note[:NOTE_LENGTH])
