"""A new value of a threshold, a new category: both from a month on, with a reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.services.thresholds import earliest_month
from ningde_projects.shell.formats import month_name
from ningde_projects.shell.forms import NamedErrors

#: How far ahead a rule may be set.
MONTHS_AHEAD = 11


def month_choices(first: Month) -> list[tuple[str, str]]:
    return [
        (str(month), month_name(month.first_day, year=True))
        for month in first.until(first.plus(MONTHS_AHEAD))
    ]


class MonthChoice(forms.TypedChoiceField):
    """A month of those offered, as a Month."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=Month.parse, **kwargs)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands beside the value wherever the rule is explained."),
    )  # fmt: skip


class ThresholdForm(NamedErrors, forms.Form):
    value = forms.DecimalField(label=_("New value"), max_digits=8, decimal_places=2, min_value=Decimal(0))
    valid_from = MonthChoice(
        label=_("From the data month"), help_text=_("Months being reported or over keep the value they had.")
    )
    reason = _reason()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(MonthChoice, self.fields["valid_from"]).choices = month_choices(earliest_month(at))


class CategoryVersionForm(NamedErrors, forms.Form):
    """The next version of a category; its code stays."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label=pgettext_lazy("category", "Name"), max_length=30)
    help = forms.CharField(
        label=_("What belongs here"),
        max_length=200,
        required=False,
        help_text=_("Owners see it beside the choice."),
    )
    factor_department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Usual municipal department"), required=False,
        empty_label=_("The industry's department"),
    )  # fmt: skip
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999, initial=50)
    valid_from = MonthChoice(label=_("From the data month"))
    reason = _reason()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.filter(
            kind__in=[OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION], is_active=True
        )
        cast("forms.ModelChoiceField[Organisation]", self.fields["factor_department"]).queryset = offices
        cast(MonthChoice, self.fields["valid_from"]).choices = month_choices(earliest_month(at))


class CategoryForm(CategoryVersionForm):
    """A new category."""

    code = forms.CharField(
        label=_("Code"), max_length=4, help_text=_("1 to 4 figures or letters, for example 10.")
    )
    field_order = ("code",)


class EndCategoryForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    valid_to = MonthChoice(
        label=_("Last data month"), help_text=_("Problems filed under it keep it until they are closed.")
    )
    reason = _reason()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(MonthChoice, self.fields["valid_to"]).choices = month_choices(reporting_month(at))
