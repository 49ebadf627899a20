"""Results of pushes and lists of required fields as people fill them in (M1.3)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.shell.forms import NamedErrors
from ningde_projects.workflow.acting import ReasonForm, VersionForm

from ..rules.push_fields import FIELDS


class RegisteredForm(VersionForm):
    outside_number = forms.CharField(label=_("Number that the platform gave"), max_length=60)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReturnedForm(ReasonForm):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class RequirementForm(NamedErrors, forms.Form):
    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    fields_asked = forms.MultipleChoiceField(
        label=_("required fields"),
        choices=[(f.key, f.title) for f in FIELDS],
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = forms.DateField(
        label=_("valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
