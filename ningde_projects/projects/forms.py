"""Forms of the register. Rules live in rules.py and the services; here they find their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Q, QuerySet
from django.forms.models import construct_instance
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.actor import Held
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.shell.forms import MoneyField, NamedErrors
from ningde_projects.workflow.refusals import Refusal

from . import policies
from .models import Management, Project
from .rules import Question, read_project_code, total_questions
from .selectors import NameBook
from .services.register import errors_of, taken_errors

MUNICIPAL_KINDS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)


class CodeField(forms.CharField):
    """A national project code as people paste it: spaces, full-width digits and other hyphens are put right."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        for wrong, right in (("－", "-"), ("—", "-"), ("–", "-"), ("‐", "-"), (" ", ""), ("\u3000", "")):
            text = text.replace(wrong, right)
        return text.translate(_DIGITS)


_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def say_blank(form: forms.BaseForm) -> None:
    """The empty choice in words instead of a row of hyphens."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("Please choose") if field.required else "—"
        elif isinstance(field, forms.ChoiceField):
            choices: list[Any] = list(cast(Any, field.choices))
            if choices and choices[0][0] == "" and str(choices[0][1]).startswith("--"):
                field.choices = [("", _("Please choose") if field.required else "—"), *choices[1:]]


class RegisterForm(NamedErrors, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a row whose rules are ours: Django's own words about constraints name no field."""

    def _post_clean(self) -> None:
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class ProjectForm(RegisterForm):
    """The facts of one project. Questions do not block: ticked `confirm` answers all of them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = CodeField(
        label=gettext_lazy("National project code"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("For example 2403-350902-04-01-123456; empty until approved."),
    )
    total_investment = MoneyField(label=gettext_lazy("Total investment"), required=False)
    confirm = forms.BooleanField(
        label=gettext_lazy("Questions to answer"), required=False, widget=forms.CheckboxInput
    )

    class Meta:
        model = Project
        fields: ClassVar = [
            "name", "code", "place", "township", "industry", "owner", "municipal_department", "county_department",
            "management", "investment_kind", "level", "stage", "total_investment", "content", "annual_goal",
            "start_year", "end_year",
        ]  # fmt: skip
        widgets: ClassVar = {
            "content": forms.Textarea(attrs={"rows": 4}),
            "start_year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
            "end_year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        }

    def __init__(self, *args: Any, holder: Held, slip_factor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder, self.slip_factor = holder, slip_factor
        self.before_total = self.instance.total_investment
        self.questions: list[Question] = []
        known = self.instance if self.instance.pk else None
        self.frozen = policies.frozen_fields(holder, known)
        self._narrow(known)
        for name, reason in self.frozen.items():
            self.fields[name].disabled = True
            self.fields[name].help_text = reason
        say_blank(self)
        for name in ("start_year", "end_year"):
            self.fields[name].validators.append(_year)
        if known:
            self.initial["version"] = known.version
        else:
            self.initial = {**self._first_values(), **self.initial}

    def _first_values(self) -> dict[str, Any]:
        """What a new record starts with; a county's own is county-managed, its level is the commission's to set."""
        if self.holder.duty == Duty.DISPATCH:
            return {"level": "municipal", "stage": "planning", "management": Management.COUNTY}
        return {
            "level": "other",
            "stage": "planning",
            "management": Management.COUNTY,
            "place": self.holder.organisation.place_id,
        }

    def _narrow(self, known: Project | None) -> None:
        """Offer the offices that can be meant; a county bureau sees its own county's."""
        offices = Organisation.objects.filter(is_active=True).select_related("place")
        county = self.holder.organisation.place if "place" in self.frozen else None
        place = known.place if known else county
        owners = offices.filter(kind=OrgKind.OWNER)
        if county:
            owners = owners.filter(
                Q(place=county) | Q(is_municipal_enterprise=True) | Q(owned_projects__place=county)
            ).distinct()
        departments = offices.filter(kind=OrgKind.COUNTY_DEPARTMENT)
        self._offer("owner", owners.order_by("place__order", "order", "name"))
        self._offer("municipal_department", offices.filter(kind__in=MUNICIPAL_KINDS))
        self._offer("county_department", departments.filter(place=place) if place else departments)
        self._offer("place", Place.objects.filter(pk=county.pk) if county else Place.objects.all())

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = rows

    def _post_clean(self) -> None:
        """The register's own rules, after the fields are on the instance."""
        super()._post_clean()
        if self.errors:
            return
        before = self.initial.get("stage", "")
        refused = policies.stage_refusal(self.holder, str(before), self.instance.stage) if before else ""
        if refused:
            self.add_error("stage", refused)
        for field, messages in (errors_of(self.instance) | taken_errors(self.instance)).items():
            for message in messages:
                self.add_error(field, message)
        if not self.errors:
            self.questions = self._asked()
            if self.questions and not self.cleaned_data.get("confirm"):
                self.add_error("confirm", _("Please answer the questions, or tick that all is right."))

    def _asked(self) -> list[Question]:
        project = self.instance
        asked = []
        if "total_investment" in self.changed_data:
            asked += total_questions(project.total_investment, self.before_total, self.slip_factor)
        if "name" in self.changed_data or "place" in self.changed_data:
            book = NameBook(project.place, leaving_out=project.pk)
            asked += [
                Question(
                    "name",
                    _("“{name}” is in the register already. Is it the same project?").format(name=name),
                )
                for name in book.alike(project.name, project.total_investment)[:5]
            ]
        if "code" in self.changed_data and project.code:
            asked += [Question("code", str(text)) for text in read_project_code(project.code).warnings]
        return asked

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def take(self, refusal: Refusal) -> None:
        """Put a service's refusal at its fields."""
        named: Mapping[str, list[str]] = refusal.errors or {"": [str(refusal)]}
        for field, messages in named.items():
            for message in messages:
                self.add_error(field if field in self.fields else None, message)


def _year(value: Any) -> None:
    if value is not None and not 1980 <= int(value) <= 2100:
        raise forms.ValidationError(_("Please give a year between 1980 and 2100."))


class ManagementForm(NamedErrors, forms.Form):
    """Who manages the project, with the reason."""

    management = forms.ChoiceField(
        label=gettext_lazy("Managed by"), choices=Management.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Name, office, position and rank: what one chooses by."""

    def label_from_instance(self, obj: Any) -> str:
        rank = obj.get_rank_display() if obj.rank else _("rank not stated")
        return f"{obj.name}（{obj.organisation.short_name} {obj.title}，{rank}）"


class AssignForm(NamedErrors, forms.Form):
    """Who holds a post, from which day."""

    user = PersonField(label=pgettext_lazy("post", "Person"), queryset=None)
    since = forms.DateField(
        label=pgettext_lazy("start of a term", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidates: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = candidates
        say_blank(self)


class DismissForm(NamedErrors, forms.Form):
    """The last day of someone whom nobody follows yet."""

    since = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=200
    )
