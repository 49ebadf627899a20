"""Batches, proposals and decisions of the annual key-project list as people fill them in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.projects.models import Project, ProjectPart
from ningde_projects.shell.forms import MoneyField, NamedErrors
from ningde_projects.workflow.acting import ReasonForm, VersionForm

from ..models import AnnualItem, BatchKind
from ..models.annual import LEVELS, STAGES
from ..services.annual import Proposal


class BatchForm(NamedErrors, forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2023, max_value=2099)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=LEVELS)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=BatchKind.choices)
    title = forms.CharField(label=pgettext_lazy("document", "Title"), max_length=120)
    due_on = forms.DateField(
        label=gettext_lazy("Proposals by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Additions are usually filed by the end of April and of August, for May and September."),
    )  # fmt: skip


class ProposalForm(NamedErrors, forms.Form):
    """For a project across counties one plan for each county's part, else one for the whole."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=gettext_lazy("Stage in the list"), choices=STAGES)
    goal = forms.CharField(label=gettext_lazy("Goal of the year"), max_length=300, required=False)
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, project: Project, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: list[ProjectPart] = list(project.parts.select_related("place"))
        label = _("Planned investment of {year}").format(year=year)
        self.amounts = [f"part-{part.pk}" for part in self.parts] or ["investment"]
        for part in self.parts:
            self.fields[f"part-{part.pk}"] = MoneyField(label=f"{part.place.name} · {label}")
        if not self.parts:
            self.fields["investment"] = MoneyField(label=label)
        for field in self.fields.values():
            if field.required:
                field.error_messages["required"] = _("Please fill in: {label}").format(
                    label=field.label or ""
                )

    def bound_amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.amounts]

    def proposal(self) -> Proposal:
        values = self.cleaned_data
        parts: dict[int, Decimal] = {part.pk: values[f"part-{part.pk}"] for part in self.parts}
        return Proposal(values["stage"], values.get("investment"), parts, values["goal"], values["grounds"])


def initial_of(item: AnnualItem) -> dict[str, Any]:
    """What a proposal says, for the form that changes it."""
    amounts = {f"part-{pk}": Decimal(amount) for pk, amount in item.part_plans.items()}
    return {"version": item.version, "stage": item.stage, "goal": item.goal, "grounds": item.grounds,
            "investment": item.investment, **amounts}  # fmt: skip


class DecideForm(VersionForm):
    document = forms.CharField(
        label=gettext_lazy("Document number"), max_length=60, required=False,
        help_text=gettext_lazy("Required for provincial key projects."),
    )  # fmt: skip


class RemoveForm(ReasonForm):
    document = forms.CharField(label=gettext_lazy("Document number"), max_length=60, required=False)
