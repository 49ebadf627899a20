"""The matrix of targets as people fill it in: a number and a sum in 亿元 for each county and department (M1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.shell.forms import NamedErrors

from ..models import TargetEdition
from ..services.targets import Target
from .amounts import YiField, as_yi


class YearForm(NamedErrors, forms.Form):
    """Which year a draft is begun for; the reason is asked when targets have been issued already."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2023, max_value=2099)
    reason = forms.CharField(
        label=gettext_lazy("reason for the new edition"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class MatrixForm(NamedErrors, forms.Form):
    """Fields `n-<place>-<department>` and `a-…`, made for the places and departments that are shown."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, edition: TargetEdition, places: Sequence[Place], departments: Sequence[Organisation],
        data: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.places, self.departments = places, departments
        initial: dict[str, Any] = {"version": edition.version}
        for cell in edition.cells.all():
            key = f"{cell.place_id}-{cell.department_id}"
            initial |= {
                f"n-{key}": cell.count or "",
                f"a-{key}": as_yi(cell.investment) if cell.investment else "",
            }
        super().__init__(data, initial=initial)
        for department in departments:
            for place in places:
                self._add(place, department)

    def _add(self, place: Place, department: Organisation) -> None:
        key, where = f"{place.pk}-{department.pk}", f"{department.short_name} · {place.short_name}"
        number = forms.IntegerField(
            label=_("{where}: number").format(where=where), required=False, min_value=0, max_value=9999,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "aria-label": where}),
        )  # fmt: skip
        amount = YiField(
            label=_("{where}: investment (100 million yuan)").format(where=where), required=False
        )
        self.fields[f"n-{key}"], self.fields[f"a-{key}"] = number, amount

    def rows(self) -> list[tuple[Organisation, list[tuple[forms.BoundField, forms.BoundField]]]]:
        return [
            (d, [(self[f"n-{p.pk}-{d.pk}"], self[f"a-{p.pk}-{d.pk}"]) for p in self.places])
            for d in self.departments
        ]

    def targets(self) -> list[Target]:
        found = []
        for department in self.departments:
            for place in self.places:
                key = f"{place.pk}-{department.pk}"
                count, amount = self.cleaned_data.get(f"n-{key}"), self.cleaned_data.get(f"a-{key}")
                found.append(Target(place.pk, department.pk, count or 0, amount or YiField.ZERO))
        return found
