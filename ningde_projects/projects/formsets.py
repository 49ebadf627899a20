"""Sets of rows that belong to a project: plans, nodes, parts, units."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.shell.forms import MoneyField, NamedErrors

from .forms import RegisterForm, say_blank
from .models import AnnualPlan, ParticipantRole, PlanNode, Project, ProjectPart
from .services.rows import RowChanges

#: Empty rows offered below those that are there; saving offers as many again.
EXTRA = 2


class PlanForm(RegisterForm):
    investment = MoneyField(label=gettext_lazy("Planned investment"), required=False)

    class Meta:
        model = AnnualPlan
        fields: ClassVar = ["year", "part", "investment", "goal"]
        labels: ClassVar = {"part": pgettext_lazy("of a project", "Part")}
        widgets: ClassVar = {"year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})}

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError(_("Please give a year between 2000 and 2100."))
        return year


class NodeForm(RegisterForm):
    class Meta:
        model = PlanNode
        fields: ClassVar = ["kind", "name", "planned_on", "reached_on"]
        widgets: ClassVar = {
            "planned_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reached_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("planned_on") and not data.get("reached_on"):
            self.add_error("planned_on", _("Please give the day planned, or the day reached."))
        if data.get("kind") == "other" and not data.get("name"):
            self.add_error("name", _("Please name the node."))
        return data


class PartForm(RegisterForm):
    total_investment = MoneyField(label=gettext_lazy("Total investment of the part"), required=False)

    class Meta:
        model = ProjectPart
        fields: ClassVar = ["place", "owner", "county_department", "total_investment", "is_lead"]
        labels: ClassVar = {
            "place": gettext_lazy("County"),
            "county_department": gettext_lazy("County industry department"),
            "is_lead": pgettext_lazy("county", "lead"),
        }


class BaseRows(BaseInlineFormSet):  # type: ignore[type-arg]
    """Choices are asked for once for the whole set, not once per row."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index)}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, choices in self._choices().items():
            form.fields[name].choices = choices
        say_blank(form)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take out")

    def _choices(self) -> dict[str, list[tuple[Any, str]]]:
        return {}

    def changes(self) -> RowChanges:
        """What the valid set asks for; call once."""
        self.save(commit=False)
        changed = [row for row, _fields in self.changed_objects]
        return RowChanges(save=[*changed, *self.new_objects], remove=list(self.deleted_objects))


class PlanRows(BaseRows):
    def _choices(self) -> dict[str, list[tuple[Any, str]]]:
        if not hasattr(self, "_parts"):
            parts = self.instance.parts.select_related("place")
            self._parts: list[tuple[Any, str]] = [
                ("", _("Whole project")),
                *((p.pk, p.place.name) for p in parts),
            ]
        return {"part": self._parts}

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[Any, Any]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data or data.get("DELETE") or not data.get("year"):
                continue
            key = (data["year"], getattr(data.get("part"), "pk", None))
            if key in seen:
                form.add_error("year", _("There are two plans for this year."))
            seen.add(key)


class PartRows(BaseRows):
    def _choices(self) -> dict[str, list[tuple[Any, str]]]:
        if not hasattr(self, "_offices"):
            offices = Organisation.objects.filter(is_active=True)
            owners = offices.filter(kind=OrgKind.OWNER).values_list("pk", "name")
            departments = offices.filter(kind=OrgKind.COUNTY_DEPARTMENT).values_list("pk", "name")
            places = Place.objects.filter(is_municipal=False).values_list("pk", "name")
            blank: list[tuple[Any, str]] = [("", "—")]
            self._offices: dict[str, list[tuple[Any, str]]] = {
                "owner": [*blank, *owners],
                "county_department": [*blank, *departments],
                "place": [*blank, *places],
            }
        return self._offices

    def clean(self) -> None:
        super().clean()
        seen: set[Any] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            place = data.get("place")
            if not place or data.get("DELETE"):
                continue
            if place in seen:
                form.add_error("place", _("This county stands there twice."))
            seen.add(place)


PlanFormSet = inlineformset_factory(Project, AnnualPlan, form=PlanForm, formset=PlanRows, extra=EXTRA)
NodeFormSet = inlineformset_factory(Project, PlanNode, form=NodeForm, formset=BaseRows, extra=EXTRA)
PartFormSet = inlineformset_factory(
    Project, ProjectPart, form=PartForm, formset=PartRows, extra=EXTRA, max_num=11
)


class UnitForm(NamedErrors, forms.Form):
    """A participating unit by name: known ones are suggested, another is entered by being typed."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", "—"), *ParticipantRole.choices], required=False
    )
    name = forms.CharField(label=gettext_lazy("Unit"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("name") and not data.get("role"):
            self.add_error("role", _("Please choose what the unit does."))
        if data.get("role") and not data.get("name"):
            self.add_error("name", _("Please name the unit."))
        return data


class UnitRows(forms.BaseFormSet):  # type: ignore[type-arg]
    def pairs(self) -> list[tuple[str, str]]:
        return [
            (f.cleaned_data["role"], f.cleaned_data["name"]) for f in self.forms if f.cleaned_data.get("name")
        ]


UnitFormSet = forms.formset_factory(UnitForm, formset=UnitRows, extra=EXTRA, max_num=60, validate_max=True)
