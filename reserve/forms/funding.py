"""Forms of preliminary funds (M2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import MoneyField, NamedErrors

from ..models import FundingRequest
from .cases import DATE


class RequestForm(NamedErrors, forms.Form):
    amount = MoneyField(label=gettext_lazy("Amount requested"), required=False, min_value=None)
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Which work it pays for: survey, feasibility study, siting report …"),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have checked the unit; the amount is right"), required=False
    )


class _LineField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.case.project.name} · {obj.amount:,.2f}"


class _FinanceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class BatchForm(NamedErrors, forms.Form):
    """Which requests, who pays, and a note to the government."""

    lines = _LineField(
        FundingRequest.objects.none(),
        label=gettext_lazy("Requests"),
        required=False,
        to_field_name="public_id",
    )
    finance = _FinanceField(
        Organisation.objects.none(), label=gettext_lazy("Finance office that pays"), to_field_name="public_id"
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the government"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Any]", self.fields["lines"]).queryset = lines
        cast("forms.ModelChoiceField[Any]", self.fields["finance"]).queryset = offices


class TakeInForm(NamedErrors, forms.Form):
    lines = _LineField(
        FundingRequest.objects.none(), label=gettext_lazy("Requests"), to_field_name="public_id"
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Any]", self.fields["lines"]).queryset = lines


class ApprovalForm(NamedErrors, forms.Form):
    """An amount for every line, with what was requested standing in it."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Words of the approval"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Sequence[FundingRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"amount_{line.pk}"] = MoneyField(
                label=line.case.project.name, required=False, initial=line.amount, min_value=None
            )

    @property
    def rows(self) -> list[tuple[FundingRequest, forms.BoundField]]:
        return [(line, self[f"amount_{line.pk}"]) for line in self.lines]

    def amounts(self) -> dict[int, Decimal | None]:
        return {line.pk: self.cleaned_data.get(f"amount_{line.pk}") for line in self.lines}


class PaymentForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    amount = MoneyField(label=gettext_lazy("Amount disbursed"), required=False, min_value=None)
    paid_on = forms.DateField(label=gettext_lazy("Day of payment"), required=False, **DATE)
    document = forms.CharField(label=gettext_lazy("Document number"), max_length=60, required=False)
