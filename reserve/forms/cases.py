"""Forms of the case: what is typed, and from it the facts that count (M2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import MoneyField, NamedErrors
from ningde_projects.workflow.refusals import Refusal

from ..models import Case, OpinionVerdict
from ..models.cases import LEADS, LeadRole
from ..rules.cases import FundSource

DATE: dict[str, Any] = {
    "input_formats": ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "error_messages": {"invalid": gettext_lazy("Write a date as 2026-10-18.")},
}
_LONGEST_TYPED = 4000


class AreaField(MoneyField):
    """亩, read with the same leniency as sums."""

    default_error_messages = {  # noqa: RUF012
        "invalid": gettext_lazy("Write the area in mu, for example 120 or 38.5."),
        "unit": gettext_lazy("Write the area in mu, without another unit."),
        "max_decimal_places": gettext_lazy("At most two decimals, in mu."),
    }


def _text(label: Any, rows: int, longest: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=widget, help_text=help_text
    )


class CaseForm(NamedErrors, forms.Form):
    """Completeness is judged when the case is filed, so that a draft is kept as it is."""

    body = _text(gettext_lazy("Implementing body"), 0, 120)
    siting = _text(
        gettext_lazy("Siting and state of the land"), 3, 2000,
        gettext_lazy("Where it stands, what the land is now, what procedures have been begun."),
    )  # fmt: skip
    land_mu = AreaField(label=gettext_lazy("Land"), required=False)
    forest_mu = AreaField(label=gettext_lazy("Forest"), required=False)
    sea_mu = AreaField(label=gettext_lazy("Sea"), required=False)
    financing_note = _text(
        gettext_lazy("How the funds are raised"), 2, 2000,
        gettext_lazy("State of each source: applied for, agreed, in place."),
    )  # fmt: skip
    questions = _text(
        gettext_lazy("Questions to be settled"), 3, 2000,
        gettext_lazy("One question to a line; name the office that it is for."),
    )  # fmt: skip
    supplement = _text(gettext_lazy("What has been supplemented"), 3, 2000)
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have checked the unit; the figures are right"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in FundSource.choices:
            self.fields[f"fund_{kind}"] = MoneyField(label=label, required=False)

    @property
    def funds(self) -> list[forms.BoundField]:
        return [self[f"fund_{kind}"] for kind in FundSource.values]

    def facts(self) -> dict[str, Any]:
        """What the services file; only after `is_valid()`."""
        found = {name: value for name, value in self.cleaned_data.items() if not name.startswith("fund_")}
        found["financing"] = [
            (kind, amount)
            for kind in FundSource.values
            if (amount := cast("Decimal | None", self.cleaned_data.get(f"fund_{kind}"))) is not None
            and amount > 0
        ]
        return found

    def refuse(self, refused: Refusal) -> None:
        """The words of the services beside the fields that they are about."""
        if not refused.errors:
            self.add_error(None, str(refused))
        for name, texts in refused.errors.items():
            target = f"fund_{FundSource.values[0]}" if name == "financing" else name
            for text in texts:
                self.add_error(target if target in self.fields else None, text)


def typed_of(query: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form, as it was typed, for the draft on the server."""
    names = [*CaseForm.base_fields, *(f"fund_{kind}" for kind in FundSource.values)]
    return {
        name: query[name].replace("\0", "")[:_LONGEST_TYPED]
        for name in names
        if query.get(name) and name != "confirmed"
    }


def initial_of(case: Case) -> dict[str, Any]:
    return dict(case.draft)


class _Offices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class _Office(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


def _queryset(field: forms.Field, offices: list[Organisation]) -> None:
    cast("forms.ModelChoiceField[Organisation]", field).queryset = Organisation.objects.filter(
        pk__in=[office.pk for office in offices]
    ).order_by("place__order", "order", "name")


class InviteForm(NamedErrors, forms.Form):
    """Any number of further offices, with a day and a question."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    others = _Offices(
        Organisation.objects.none(), label=gettext_lazy("Further departments (N)"), required=False,
        to_field_name="public_id",
    )  # fmt: skip
    last_day = forms.DateField(label=gettext_lazy("Opinions due by"), **DATE)
    question = forms.CharField(
        label=gettext_lazy("What is asked"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self.fields["others"], offices)


class AcceptForm(InviteForm):
    """The three by name, and the N."""

    approval = _Office(Organisation.objects.none(), label=LeadRole.APPROVAL.label, to_field_name="public_id")
    finance = _Office(Organisation.objects.none(), label=LeadRole.FINANCE.label, to_field_name="public_id")
    land = _Office(Organisation.objects.none(), label=LeadRole.LAND.label, to_field_name="public_id")
    field_order = ("version", "approval", "finance", "land", "others", "last_day", "question")

    def __init__(self, *args: Any, offices: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, offices=offices, **kwargs)
        for role in LEADS:
            _queryset(self.fields[role], offices)

    def leads(self) -> dict[str, Organisation]:
        return {role: self.cleaned_data[role] for role in LEADS}


class OpinionForm(NamedErrors, forms.Form):
    """What an office says; completeness is judged when it goes to the leader."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Conclusion of the opinion"),
        choices=OpinionVerdict.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    text = _text(gettext_lazy("Wording of the opinion"), 6, 3000)
    section = _text(gettext_lazy("Section in charge"), 0, 40)
    handler = _text(gettext_lazy("Handler"), 0, 30)


class AskAgainForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What the new opinion has to answer"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    last_day = forms.DateField(label=gettext_lazy("Opinions due by"), **DATE)


class ReleaseForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    instead = _Office(
        Organisation.objects.none(), label=gettext_lazy("Office that speaks instead"), required=False,
        to_field_name="public_id",
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, offices: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _queryset(self.fields["instead"], offices)


class ConclusionForm(NamedErrors, forms.Form):
    """The words of the conclusion; needed when it does not pass."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Words of the conclusion"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
