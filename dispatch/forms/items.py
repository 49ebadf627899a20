"""What the commission types of an item, and what is said with an act on it (M8.2, M8.3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project
from ningde_projects.shell.forms import NamedErrors
from reports.forms.fields import CleanText

from ..models import Item, Pace, Tier
from ..services.drawing import KEY_LEVELS

_CITY = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)


def units_for(item: Item) -> QuerySet[Organisation]:
    """The government and the departments of the item's county, and those of the city."""
    county = Q(kind__in=[OrgKind.COUNTY_GOVERNMENT, OrgKind.COUNTY_DEPARTMENT], place=item.place_id)
    owner = Q(pk=item.project.owner_id)
    rows = Organisation.objects.filter(county | owner | Q(kind__in=_CITY), is_active=True)
    return rows.order_by("kind", "pk")


class ItemForm(NamedErrors, forms.Form):
    """One proposed item. Nothing is required while it is being written; sending the list asks for the rest."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    tier = forms.ChoiceField(
        label=gettext_lazy("Level of coordination"), choices=Tier.choices, widget=forms.RadioSelect
    )
    tier_reason = CleanText(label=gettext_lazy("Why this level"), max_length=300, rows=2, required=False)
    problem_text = CleanText(label=gettext_lazy("Problem"), max_length=2000, rows=3, required=False)
    requirement = CleanText(
        label=pgettext_lazy("item", "What is required"), max_length=1000, rows=3, required=False
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Responsible unit"),
        to_field_name="public_id",
        required=False,
    )
    leader_text = forms.CharField(label=gettext_lazy("Responsible leader"), max_length=40, required=False)
    co_units = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Assisting units"),
        to_field_name="public_id",
        required=False,
    )
    due_on = forms.DateField(
        label=pgettext_lazy("item", "To be rectified by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    pace = forms.ChoiceField(label=gettext_lazy("Follow-up"), choices=Pace.choices)

    def __init__(self, data: Any = None, *, item: Item, **more: Any) -> None:
        super().__init__(data, initial=self.initial_of(item), **more)
        for name in ("unit", "co_units"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = units_for(item)
                field.label_from_instance = lambda office: office.short_name

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {
            "version": item.version, "tier": item.tier, "tier_reason": item.tier_reason,
            "problem_text": item.problem_text, "requirement": item.requirement,
            "unit": item.unit.public_id if item.unit else None, "leader_text": item.leader_name,
            "co_units": [o.public_id for o in item.co_units.all()] if item.pk else [], "due_on": item.due_on,
            "pace": item.pace,
        }  # fmt: skip


class AmendForm(ItemForm):
    """What can be changed of an issued item, with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, item: Item, **more: Any) -> None:
        super().__init__(data, item=item, **more)
        for name in ("tier_reason", "problem_text", "co_units"):
            del self.fields[name]


class SayForm(NamedErrors, forms.Form):
    """What is said with an act, and the version that the page was shown with."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label, field.required = label, required
        field.error_messages["required"] = _("Please fill in: {label}").format(label=label)


class AddForm(NamedErrors, forms.Form):
    """A key project put on the list by hand: its name or code, or as much of it as fits one project only."""

    project = forms.CharField(
        label=gettext_lazy("Project name or code"), max_length=120,
        help_text=gettext_lazy("A part of the name is enough if it fits one key project only."),
    )  # fmt: skip
    tier = forms.ChoiceField(
        label=gettext_lazy("Level of coordination"),
        choices=Tier.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean_project(self) -> Project:
        words = str(self.cleaned_data["project"]).replace("\x00", "").strip()
        rows = Project.objects.filter(level__in=KEY_LEVELS).select_related("place")
        exact = list(rows.filter(Q(name=words) | Q(code=words))[:2])
        found: list[Project] = exact if len(exact) == 1 else list(rows.search(words).order_by("name")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No key project fits. Check the name in the register of projects."))
        names = "；".join(project.name for project in found[:5])
        raise forms.ValidationError(
            _("Several projects fit: {names}. Type more of the name.").format(names=names)
        )
