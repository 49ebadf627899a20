"""Money (万元, two decimals), whole numbers, percentages in points (62.2 means 62.2 %)."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from .base import NOTHING, NUMBERS, Expected, Finding, Reading, Unreadable, as_text

MAX_AMOUNT = Decimal(10) ** 12
_GROUPED = re.compile(r"^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$")
_UNITS = {
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
    "万元": Decimal(1),
    "万": Decimal(1),
    "元": Decimal("0.0001"),
}
_AMOUNT = re.compile(r"^(.*?)(亿元|亿|万元|万|元)?$", re.DOTALL)


def _plain(raw: Any) -> str:
    text = unicodedata.normalize("NFKC", as_text(raw)).replace("−", "-").replace("¥", "").lower()
    return re.sub(r"\s+", "", text)


def _number(text: str) -> Decimal:
    found = _GROUPED.match(text)
    if not found or not (found[2] or found[3]):
        raise Unreadable(
            _("“{text}” is not a number").format(text=text[:40]),
            _("Write digits only, such as 1234.50; thousands may be set apart as 1,234.50."),
        )
    sign, whole, fraction, exponent = found.groups()
    try:
        number = Decimal(f"{sign}{whole.replace(',', '') or '0'}.{fraction or '0'}E{exponent or 0}")
    except InvalidOperation as wrong:  # pragma: no cover - the pattern leaves nothing else
        raise Unreadable(
            _("“{text}” is not a number").format(text=text[:40]), _("Write digits only.")
        ) from wrong
    if number and number.adjusted() >= 15:
        raise Unreadable(_("The number is too large"), _("Check the figure and its unit."))
    return number


def _from_cell(raw: Any) -> Decimal | None:
    """The decimal that a numeric cell shows; noise behind the 15th digit, Excel's last, is cut."""
    if isinstance(raw, bool) or not isinstance(raw, NUMBERS):
        return None
    if not math.isfinite(raw) or abs(raw) >= 1e15:
        raise Unreadable(_("The number is too large"), _("Check the figure and its unit."))
    return Decimal(raw) if isinstance(raw, int) else Decimal(f"{raw:.15g}")


def _wrong_type(raw: Any) -> None:
    if type(raw) in (float, int, str):
        return
    if isinstance(raw, date | time | timedelta):
        raise Unreadable(
            _("A date or time stands where a number is expected"),
            _("Set the cell format to number and type the figure again."),
        )
    if isinstance(raw, bool):
        raise Unreadable(_("TRUE or FALSE stands where a number is expected"), _("Type the figure."))


def read_money(raw: Any, _expected: Expected, _percent: bool) -> Reading:
    _wrong_type(raw)
    number, question = _from_cell(raw), None
    if number is None:
        text = _plain(raw)
        if text in NOTHING:
            return Reading(None)
        found = _AMOUNT.match(text)
        digits, unit = (found[1], found[2]) if found else (text, None)
        number = _number(digits) * _UNITS[unit or "万元"]
        if unit in ("亿元", "亿", "元"):
            question = Finding(
                _("“{text}” was read as {amount} (10,000 yuan)").format(
                    text=text[:40], amount=_amount(number)
                ),
                _("The unit of this column is 10,000 yuan; write {amount}.").format(amount=_amount(number)),
            )
    rounded = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(rounded) >= MAX_AMOUNT:
        raise Unreadable(
            _("The number is too large"), _("The unit is 10,000 yuan; check the figure and its unit.")
        )
    if rounded != number and question is None:
        question = Finding(
            _("More than two decimals: {number} was rounded to {amount}").format(
                number=number.normalize(), amount=_amount(rounded)
            ),
            _("Write at most two decimals."),
        )
    return Reading(rounded + 0, question=question)


def _amount(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def read_integer(raw: Any, _expected: Expected, _percent: bool) -> Reading:
    _wrong_type(raw)
    number = _from_cell(raw)
    if number is None:
        text = _plain(raw)
        if text in NOTHING:
            return Reading(None)
        number = _number(text)
    if number != number.to_integral_value():
        raise Unreadable(
            _("{number} is not a whole number").format(number=number), _("Write a whole number.")
        )
    return Reading(int(number))


def read_percent(raw: Any, _expected: Expected, percent_format: bool) -> Reading:
    _wrong_type(raw)
    number, question = _from_cell(raw), None
    if number is None:
        text = _plain(raw)
        if text in NOTHING:
            return Reading(None)
        number = _number(text.removesuffix("%"))
    elif percent_format:
        number *= 100
    elif 0 < abs(number) < 1:
        question = Finding(
            _("{number} was read as {number} %").format(number=number.normalize()),
            _("If {percent} % is meant, write {percent}.").format(percent=(number * 100).normalize()),
        )
    rounded = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(rounded) >= 10**6:
        raise Unreadable(_("The number is too large"), _("Check the figure."))
    return Reading(rounded + 0, question=question)
