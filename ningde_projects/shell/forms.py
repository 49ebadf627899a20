"""Forms that speak the house's language: every error names its field and says what to do."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .formats import money

_UNIT = re.compile(r"\s*万元$")
LARGEST = Decimal("99999999.99")
"""万元; above it an amount is a slip of units, not a project."""


class NamedErrors(forms.BaseForm):
    """Mixin: the messages Django gives for every field alike name the field ("请选择责任单位")."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # the server's words are the only ones
        for field in self.fields.values():
            if field.required and not getattr(field, "own_required_message", False):
                field.error_messages["required"] = _required(field)


def _required(field: forms.Field) -> str:
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    label = field.label or ""
    if chosen:
        return _("Please choose: {label}").format(label=label)
    if isinstance(field, forms.FileField):
        return _("Please attach: {label}").format(label=label)
    return _("Please fill in: {label}").format(label=label)


class MoneyField(forms.DecimalField):
    """万元 with two decimals. Takes what people type and paste: commas, full-width figures, the unit.

    An amount in 元 or 亿元 is refused in words, not converted: nobody knows which was meant.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": gettext_lazy("Please give an amount in 10,000 yuan, for example 15,890.50."),
        "max_decimal_places": gettext_lazy("At most two decimals, in 10,000 yuan."),
        "unit": gettext_lazy("Please give the amount in 10,000 yuan, without another unit."),
    }

    def __init__(self, *, min_value: Decimal | None = Decimal(0), **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_value", LARGEST)
        super().__init__(min_value=min_value, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
            text = _UNIT.sub("", text)
            if text.endswith(("元", "亿")):
                raise ValidationError(self.error_messages["unit"], code="unit")
            value = re.sub(r"(?<=\d)[,\s](?=\d)", "", text)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Shown with commas; what could not be read is given back as it was typed."""
        return money(value) if isinstance(value, Decimal | int | float) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}
