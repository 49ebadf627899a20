"""What is typed during a meeting: what was said on an item, and what is decided."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from hookups.rules.meetings import UNIT_KINDS
from hookups.services.decisions import DecisionContent
from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import NamedErrors


class NoteForm(NamedErrors, forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What was said"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class DecideForm(NamedErrors, forms.Form):
    """Nothing is required here: the rule of the record says by name what is missing."""

    text = forms.CharField(
        label=gettext_lazy("What is decided"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Responsible unit"), required=False, empty_label="—"
    )
    person_text = forms.CharField(label=gettext_lazy("Responsible person"), max_length=30, required=False)
    due_on = forms.DateField(
        label=pgettext_lazy("decision", "To be done by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["unit"]).queryset = Organisation.objects.filter(
            is_active=True, kind__in=UNIT_KINDS
        ).order_by("place__order", "order", "name")

    def content(self) -> DecisionContent:
        typed = self.cleaned_data
        return DecisionContent(typed["text"], typed["unit"], typed["due_on"], typed["person_text"])
