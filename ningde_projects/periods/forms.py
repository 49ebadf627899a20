"""Forms of the commission's decisions about time."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.models import Organisation

from .month import Month
from .rules import DEFAULT_RULES, Cycle

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CODES = [(s.code, f"{s.code} · {s.what}") for s in DEFAULT_RULES if s.code in ("D2", "D3", "D5")]


class MonthChoice(forms.CharField):
    """A month written 2026-10."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return Month.parse(text.strip())
        except ValueError as wrong:
            raise forms.ValidationError(_("Write a month as 2026-10.")) from wrong


class ExtensionForm(forms.Form):
    code = forms.ChoiceField(label=_("Deadline"), choices=CODES)
    month = MonthChoice(label=_("Reporting month"), max_length=7)
    last_day = forms.DateField(label=_("New last day (24:00)"), widget=DATE)
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("For whom"), to_field_name="public_id",
        error_messages={"required": _("Name at least one organisation.")},
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField[Organisation]", self.fields["organisations"])
        field.queryset = Organisation.objects.filter(pk__in=[o.pk for o in organisations])
        field.choices = [(str(o.public_id), f"{o.place.short_name} · {o.short_name}") for o in organisations]


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DATE)
    is_workday = forms.TypedChoiceField(
        label=_("It is"), choices=[("yes", _("a working day")), ("no", _("a day off"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), max_length=100, help_text=_("For example: make-up day for National Day")
    )


class RuleForm(forms.Form):
    """A new version of one rule; per-item rules have working days, the others a day of the month."""

    valid_from = MonthChoice(label=_("From period"), max_length=7)
    day = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31, required=False)
    workdays = forms.IntegerField(label=_("Working days"), min_value=1, max_value=60, required=False)
    moves = forms.BooleanField(label=_("Moves to the next working day"), required=False)
    reminders = forms.RegexField(
        r"^(\d{1,2}(\s*[,，、]\s*\d{1,2})*)?$", label=_("Reminders, days before"), required=False, max_length=30,
        error_messages={"invalid": _("Write numbers of days, for example 3, 1, 0.")},
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = "day" if cycle is Cycle.PER_ITEM else "workdays"
        self.fields.pop(missing)
        for name in ("day", "workdays"):
            if name in self.fields:
                self.fields[name].required = True
