"""A spot check with its finding (M7.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..models.checks import Effect, Finding
from .fields import CleanText
from .opinion import DATE


class VerificationForm(forms.Form):
    checked_on = forms.DateField(label=_("Checked on"), **DATE)  # type: ignore[arg-type]
    finding = forms.ChoiceField(
        label=_("Finding"), choices=Finding.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was found.")},
    )  # fmt: skip
    evidence = CleanText(
        label=pgettext_lazy("verification", "Evidence"),
        max_length=1000,
        rows=3,
        help_text=_("What was looked at, where, by whom, and what it showed."),
    )
    effect = forms.ChoiceField(
        label=_("Effect on the project"), choices=Effect.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the effect.")},
    )  # fmt: skip
    effect_note = CleanText(label=_("Effect described"), max_length=500, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("effect") in (Effect.HELD_BACK, Effect.SERIOUS) and not data.get("effect_note"):
            self.add_error("effect_note", gettext("Describe how the project was held back."))
        if data.get("finding") == Finding.ACCURATE and data.get("effect") in (
            Effect.HELD_BACK,
            Effect.SERIOUS,
        ):
            self.add_error("effect", gettext("An accurate report has held nothing back."))
        return data
