"""Form fields of the chain: money in 万元 as people type it, and text without what files cannot hold."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_WAN = Decimal("9999999999.99")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def clean_text(value: str) -> str:
    """NFC, without control characters, direction overrides and lone surrogates; ends trimmed."""
    return unicodedata.normalize("NFC", _CONTROL.sub("", value.replace("\r\n", "\n"))).strip()


def parse_wan(text: str) -> Decimal | None:
    """Read a sum in 万元: full-width digits and thousands separators are understood, units are named.

    Raises ValidationError with the way out; '' is None.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").strip()
    if not plain:
        return None
    if plain.endswith(("亿元", "亿")):
        amount = _decimal(plain.removesuffix("元").removesuffix("亿"))
        raise ValidationError(
            _("Write the figure in 10,000 yuan: %(text)s is %(wan)s."),
            params={"text": plain, "wan": f"{amount * 10000:,.2f}".rstrip("0").rstrip(".")},
            code="unit",
        )
    amount = _decimal(plain.removesuffix("元").removesuffix("万"))
    if amount < 0:
        raise ValidationError(_("The figure cannot be negative."), code="negative")
    if amount > MAX_WAN:
        raise ValidationError(_("The figure is too large; the unit is 10,000 yuan."), code="max")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValidationError(_("At most two decimals (10,000 yuan)."), code="decimals")
    return amount.quantize(Decimal("0.01"))


def _decimal(text: str) -> Decimal:
    try:
        if not re.fullmatch(r"[+-]?(\d{1,14}(\.\d{0,6})?|\.\d{1,6})", text, re.ASCII):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation as wrong:
        raise ValidationError(
            _("Write a figure in 10,000 yuan, for example 420 or 1,080.5."), code="invalid"
        ) from wrong


class WanField(forms.Field):
    """A sum in 万元; the typed text is kept when it cannot be read."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"required": _("Fill in the figure; nothing done is 0.")}  # noqa: RUF012

    def to_python(self, value: Any) -> Decimal | None:
        return parse_wan(str(value or ""))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        return value


class CleanText(forms.CharField):
    """Text; `rows` 0 is a single line."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        maximum = kwargs.get("max_length")
        messages = {
            "required": _("This has to be filled in."),
            "max_length": _("At most %(limit_value)d characters; it now has %(show_value)d."),
        }
        kwargs.setdefault("error_messages", messages)
        super().__init__(**kwargs)
        # The browser must not cut off what is pasted: the server says what is too long, and nothing is lost.
        if maximum:
            self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value)) if value not in self.empty_values else ""
