"""An urgent or direct report: one problem, who says it, and nothing of the month's figures (M5.3, M6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project, ProjectPart

from ..models.reports import ReportKind
from .fields import CleanText
from .report import FullForm, Lists, NewProblemForm, ReportForm

#: The one problem block of such a form.
KEY = "00000001"


class AtOnceForm(ReportForm):
    """The main form without the month's figures: they are reported monthly."""

    filler_phone = CleanText(label=_("Telephone"), max_length=20, rows=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("month_investment", "year_cumulative", "total_cumulative", "progress"):
            self.fields[name].required = False


@dataclass
class AtOnceFull(FullForm):
    """Exactly one problem; it is never a nil report."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self._is_nil() or len(self.new) != 1:
            self.report.add_error(None, gettext("An urgent report carries exactly one problem."))
            return False
        return valid


def at_once_form(raw: Mapping[str, Any], *, month: Month, lists: Lists) -> AtOnceFull:
    """Bind it to what was typed."""
    return AtOnceFull(
        report=AtOnceForm(raw),
        carried=[],
        new=[
            (key, NewProblemForm(raw, prefix=f"n-{key}", month=month, lists=lists))
            for key in raw.get("new", [])
        ],
        month=month,
    )


@dataclass(frozen=True)
class Place:
    """What a report can be about: a project, or the part of it that this owner reports."""

    project: Project
    part: ProjectPart | None

    @property
    def value(self) -> str:
        return str(self.part.public_id if self.part else self.project.public_id)

    @property
    def label(self) -> str:
        return f"{self.project.name}（{self.part.place.short_name}）" if self.part else self.project.name


class ChoiceForm(forms.Form):
    """Which project, and whether it is urgent or goes straight to the commission."""

    project = forms.ChoiceField(
        label=_("Project"),
        error_messages={"required": _("Choose the project."), "invalid_choice": _("Choose the project.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind of report"), widget=forms.RadioSelect, initial=ReportKind.URGENT,
        choices=[(ReportKind.URGENT.value, _("Urgent report")),
                 (ReportKind.DIRECT.value, _("Direct report to the commission"))],
        error_messages={"required": _("Choose the kind of report.")},
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.value: place for place in places}
        field = cast("forms.ChoiceField", self.fields["project"])
        field.choices = [("", _("Please choose")), *((p.value, p.label) for p in places)]

    def clean_project(self) -> Place:
        return self.places[self.cleaned_data["project"]]
