"""A catalogue as people fill it in: its directions, and one line of tasks for each county (M1.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.shell.forms import MoneyField, NamedErrors

from ..models import Catalogue, Half
from ..services.catalogue import Entry, Task
from ..workflow.catalogue import FundingDirection

MOST_ENTRIES = 60
_ZERO = Decimal(0)


class BeginForm(NamedErrors, forms.Form):
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2023, max_value=2099)
    half = forms.ChoiceField(
        label=gettext_lazy("Issue"), choices=[*Half.choices, (0, gettext_lazy("Extra issue"))],
        help_text=gettext_lazy("January's and July's are due by the end of the month; an extra one has no deadline."),
    )  # fmt: skip
    title = forms.CharField(label=pgettext_lazy("document", "Title"), max_length=120)

    def __init__(self, offices: Sequence[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(o.public_id): o for o in offices}
        self.fields["department"].choices = [(key, o.name) for key, o in self.offices.items()]  # type: ignore[attr-defined]

    @property
    def office(self) -> Organisation:
        return self.offices[self.cleaned_data["department"]]


class HeadForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(label=pgettext_lazy("document", "Title"), max_length=120)


class EntryForm(NamedErrors, forms.Form):
    direction = forms.CharField(label=gettext_lazy("Direction"), max_length=120)
    funding = forms.ChoiceField(label=gettext_lazy("Funding direction"), choices=FundingDirection.choices)
    description = forms.CharField(
        label=pgettext_lazy("catalogue", "Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    requirements = forms.CharField(
        label=gettext_lazy("Requirements"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def has_changed(self) -> bool:
        """A spare line of which only the funding direction stands there by itself is still empty."""
        if self.empty_permitted:
            typed = (self[name].data for name in ("direction", "description", "requirements"))
            return any((text or "").strip() for text in typed)
        return super().has_changed()


EntryFormSet = forms.formset_factory(
    EntryForm,
    extra=2,
    can_delete=True,
    max_num=MOST_ENTRIES,
    validate_max=True,
    absolute_max=MOST_ENTRIES + 20,
)


def entries_of(formset: Any) -> list[Entry]:
    """The filled lines, in their order."""
    rows = [f.cleaned_data for f in formset if f.cleaned_data and not f.cleaned_data.get("DELETE")]
    return [
        Entry(r["direction"].strip(), r["funding"], r["description"].strip(), r["requirements"].strip())
        for r in rows
    ]


class TaskTable(NamedErrors, forms.Form):
    """One line for each county; a line without a number gives no task."""

    def __init__(
        self, catalogue: Catalogue, places: Sequence[Place], data: Mapping[str, Any] | None = None
    ) -> None:
        self.places = places
        initial: dict[str, Any] = {}
        for task in catalogue.tasks.all():
            key = task.place_id
            initial |= {f"count-{key}": task.count, f"sum-{key}": task.investment, f"due-{key}": task.due_on,
                        f"what-{key}": task.content}  # fmt: skip
        super().__init__(data, initial=initial)
        for place in places:
            self._add(place)

    def _add(self, place: Place) -> None:
        where = place.short_name
        self.fields[f"count-{place.pk}"] = forms.IntegerField(
            label=_("{where}: number").format(where=where), required=False, min_value=1, max_value=9999,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
        self.fields[f"sum-{place.pk}"] = MoneyField(
            label=_("{where}: investment").format(where=where), required=False
        )
        self.fields[f"due-{place.pk}"] = forms.DateField(
            label=_("{where}: due").format(where=where),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields[f"what-{place.pk}"] = forms.CharField(
            label=_("{where}: what to plan").format(where=where), required=False, max_length=300
        )

    def rows(self) -> list[tuple[Place, list[forms.BoundField]]]:
        return [
            (p, [self[f"{name}-{p.pk}"] for name in ("count", "sum", "due", "what")]) for p in self.places
        ]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for place in self.places:
            count, due = values.get(f"count-{place.pk}"), values.get(f"due-{place.pk}")
            other = values.get(f"sum-{place.pk}") or due or values.get(f"what-{place.pk}")
            if count and due is None and f"due-{place.pk}" not in self.errors:
                self.add_error(
                    f"due-{place.pk}",
                    _("Give the day by which {place} plans these.").format(place=place.name),
                )
            if other and not count and f"count-{place.pk}" not in self.errors:
                self.add_error(
                    f"count-{place.pk}",
                    _("Give the number, or clear the line of {place}.").format(place=place.name),
                )
        return values

    def tasks(self) -> list[Task]:
        values = self.cleaned_data
        return [
            Task(p.pk, values[f"count-{p.pk}"], values[f"sum-{p.pk}"] or _ZERO, values[f"due-{p.pk}"],
                 values[f"what-{p.pk}"].strip())
            for p in self.places if values.get(f"count-{p.pk}")
        ]  # fmt: skip


class LinkForm(NamedErrors, forms.Form):
    """Which of the county's reserve projects meets the task."""

    project: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Reserve project"), to_field_name="public_id",
        error_messages={"invalid_choice": gettext_lazy(
            "Only a project of your own county that is in the reserve pool can be linked.")},
    )  # fmt: skip

    def __init__(self, rows: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = rows  # type: ignore[attr-defined]
