"""亿元 as people type them, 万元 as they are kept: for the totals of a county or the city (DESIGN §6)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST_YI = Decimal("99999.99")
_UNIT = re.compile(r"\s*亿元?$")


class YiField(forms.DecimalField):
    """A sum in 亿元 (up to six decimals, which is 0.01 万元); cleaned, it is 万元."""

    ZERO: ClassVar = Decimal(0)
    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Please give an amount in 100 million yuan, for example 12.5."),
        "max_decimal_places": _("At most six decimals, in 100 million yuan."),
        "unit": _("Please give the amount in 100 million yuan, without another unit."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=12, decimal_places=6, min_value=Decimal(0), max_value=LARGEST_YI, **kwargs
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            text = _UNIT.sub("", unicodedata.normalize("NFKC", value).strip())
            if text.endswith(("元", "万")):
                raise ValidationError(self.error_messages["unit"], code="unit")
            value = re.sub(r"(?<=\d)[,\s](?=\d)", "", text)
        return super().to_python(value)

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return None if amount is None else (amount * 10000).quantize(Decimal("0.01"))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


def as_yi(wan: Decimal) -> str:
    """What stands in the field for a sum in 万元: no more decimals than it has."""
    return f"{(wan / 10000).quantize(Decimal('0.000001')):f}".rstrip("0").rstrip(".")
