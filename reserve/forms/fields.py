"""Fields that the forms of this app share: text as it can be kept, months, areas."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ningde_projects.documents.text import clean_text
from ningde_projects.periods.month import Month


class Text(forms.CharField):
    """Without what files cannot hold; what is too long is said by the server and stays."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value)).strip() if value not in self.empty_values else ""


class MonthText(forms.CharField):
    """A month as 2027-03; 2027年3月, 2027.3 and 2027/3 are understood."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.pop("maxlength", None)
        self.widget.attrs.update({"inputmode": "numeric", "placeholder": "2027-03", "autocomplete": "off"})

    def clean(self, value: Any) -> Month | None:
        text = unicodedata.normalize("NFKC", super().clean(value) or "").strip().rstrip("月")
        for mark in ("年", ".", "/"):
            text = text.replace(mark, "-")
        if not text:
            return None
        year, _dash, number = text.partition("-")
        try:
            return Month.parse(f"{year}-{number.zfill(2)}")
        except ValueError as wrong:
            raise ValidationError(_("Write a month as 2027-03."), code="month") from wrong

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Month) else value


class MuField(forms.DecimalField):
    """An area in 亩 with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_digits=10,
            decimal_places=2,
            required=False,
            widget=forms.TextInput,
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").strip().removesuffix("亩").strip()
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}
