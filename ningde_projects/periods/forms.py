"""Forms of the commission's decisions about time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import NamedErrors

from .month import Month
from .rules import Cycle
from .tables import month_text

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_REMINDERS = 5


def _months(first: Month, last: Month) -> list[tuple[str, str]]:
    return [(str(month), month_text(month)) for month in first.until(last)]


class ExtensionForm(NamedErrors, forms.Form):
    """`code` and `month` stand in the address; the offices are those that the rule addresses."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("For whom"), to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("This organisation is not among those that the rule addresses."),
            "invalid_pk_value": _("This organisation is not among those that the rule addresses."),
        },
    )  # fmt: skip
    last_day = forms.DateField(label=_("New last day (24:00)"), widget=DATE)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, offices: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField[Organisation]", self.fields["organisations"])
        field.queryset = Organisation.objects.filter(pk__in=[o.pk for o in offices])

    @property
    def chosen(self) -> set[str]:
        """Ticked as typed, so that a form with errors keeps its ticks."""
        return set(self["organisations"].value() or [])


class DayForm(NamedErrors, forms.Form):
    day = forms.DateField(label=_("Day"), widget=DATE)
    is_workday = forms.TypedChoiceField(
        label=_("It is"), choices=[("yes", _("a working day")), ("no", _("a day off"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), max_length=100, help_text=_("For example: make-up day for National Day")
    )

    def clean_day(self) -> Any:
        return _in_reach(self.cleaned_data["day"])


def _in_reach(day: Any) -> Any:
    if not 2020 <= day.year <= 2040:
        raise ValidationError(_t("A day from 2020 to 2040."))
    return day


class NoticeForm(NamedErrors, forms.Form):
    """The State Council's notice as pasted. `agreed` is set on the page that shows what was understood."""

    year = forms.IntegerField(label=_("Year of the notice"), min_value=2020, max_value=2040)
    text = forms.CharField(
        label=_("Text of the notice"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Paste the paragraphs on the holidays, or a list: one day per line, then whether it is off or worked, then "
            "a note."
        ),
    )  # fmt: skip
    agreed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class RuleForm(NamedErrors, forms.Form):
    """A new version of one rule; per-item rules have working days, the others a day of the month."""

    valid_from = forms.ChoiceField(label=_("From period"))
    day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False,
        help_text=_("31 means the last day of the month."),
    )  # fmt: skip
    workdays = forms.IntegerField(label=_("Working days"), min_value=1, max_value=60, required=False)
    moves = forms.BooleanField(label=_("Moves to the next working day"), required=False)
    reminders = forms.CharField(
        label=_("Reminders, days before"), required=False, max_length=30,
        help_text=_("Numbers of days, for example 3, 1, 0; empty for none."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, cycle: Cycle, first: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["valid_from"]).choices = _months(first, first.plus(24))
        for name in ("workdays",) if cycle is not Cycle.PER_ITEM else ("day", "moves"):
            self.fields.pop(name)
        for name in ("day", "workdays"):
            if name in self.fields:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _t("Please fill in: {label}").format(
                    label=self.fields[name].label
                )

    def clean_valid_from(self) -> Month:
        return Month.parse(self.cleaned_data["valid_from"])

    def clean_reminders(self) -> list[int]:
        text = self.cleaned_data["reminders"].strip()
        parts = [part for part in re.split(r"[\s,，、;；]+", text) if part]
        if not all(part.isascii() and part.isdecimal() and int(part) <= 30 for part in parts):
            raise ValidationError(_t("Write numbers of days up to 30, for example 3, 1, 0."))
        days = sorted({int(part) for part in parts}, reverse=True)
        if len(days) > MOST_REMINDERS:
            raise ValidationError(_t("At most %(n)s reminders.") % {"n": MOST_REMINDERS})
        return days
