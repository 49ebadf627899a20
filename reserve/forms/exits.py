"""Decisions on a project in the pool: out, back, still true."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.projects.models import Project
from ningde_projects.shell.forms import NamedErrors
from ningde_projects.workflow.acting import ReasonForm

from ..models import ExitCategory
from .fields import Text


class ExitForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label=_("Why it leaves"), choices=ExitCategory.choices, widget=forms.RadioSelect
    )
    reason = Text(
        label=_("Explained"), max_length=500, rows=3,
        help_text=_("What has changed, since when, and what would have to happen for it to come back."),
    )  # fmt: skip


class NoteForm(ReasonForm):
    """What makes it still true; the note stands in the record."""

    reason = Text(
        label=_("What has been checked"), max_length=500, rows=3,
        help_text=_("For example: land survey under way, the owner confirms the start in March 2027."),
    )  # fmt: skip


class MergeForm(NamedErrors, forms.Form):
    """The record that stays, among those that look alike; and why."""

    target = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("The record that stays"),
        to_field_name="public_id",
        widget=forms.RadioSelect,
    )
    reason = Text(label=_("Reason"), max_length=500, rows=3)

    def __init__(self, *args: object, choices: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = choices  # type: ignore[assignment]
        field.empty_label = None


class ReturnForm(NamedErrors, forms.Form):
    """Return to the applicant: why, and which fields."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = Text(
        label=_("What has to be changed"), max_length=500, rows=4,
        help_text=_("Say what is wrong and what would be right; the applicant sees these words."),
    )  # fmt: skip
    fields_named = forms.MultipleChoiceField(
        label=_("Fields to correct"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fields_named"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = choices


class PassForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    text = Text(label=_("Opinion"), required=False, max_length=500, rows=3)
