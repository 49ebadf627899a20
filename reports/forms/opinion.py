"""Forms of the second channel: passing a problem, giving an opinion, reassigning (M6.2)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation

from ..models import Opinion
from ..models.opinions import OpinionResult
from .fields import CleanText

DATE = {"input_formats": ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        "error_messages": {"invalid": _("Write a date as 2026-10-18.")}}  # fmt: skip

RESULT_HINTS = {
    OpinionResult.SOLVED: _("settled once the owner confirms"),
    OpinionResult.WORKING: _("write the steps and the date"),
    OpinionResult.ESCALATE: _("goes to the city leaders' list"),
    OpinionResult.NOT_OURS: _("name the unit whose duty it is"),
}


def municipal_departments() -> list[Organisation]:
    """Departments that can be asked, in the offices' own order."""
    kinds = [OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION]
    return list(Organisation.objects.filter(kind__in=kinds, is_active=True).order_by("order", "name"))


def _choose(field: Any, departments: list[Organisation], *, empty: bool = True) -> None:
    chosen = cast("forms.ModelChoiceField[Organisation]", field)
    chosen.queryset = Organisation.objects.filter(pk__in=[d.pk for d in departments])
    options = [(str(d.public_id), d.short_name) for d in departments]
    chosen.choices = [("", _("Please choose")), *options] if empty else options


class OpinionForm(forms.Form):
    """What a department says; completeness is judged when it goes to the leader, so that a draft is kept as it is."""

    result = forms.ChoiceField(
        label=_("Result"), choices=OpinionResult.choices, widget=forms.RadioSelect, required=False
    )
    text = CleanText(label=_("Coordination opinion"), max_length=1000, rows=4, required=False)
    proper_unit = CleanText(label=_("Unit whose duty it is"), max_length=60, rows=0, required=False)
    section = CleanText(label=_("Section in charge"), max_length=40, rows=0, required=False)
    person = CleanText(label=_("Responsible person"), max_length=30, rows=0, required=False)
    due_on = forms.DateField(label=_("To be settled by"), required=False, **DATE)  # type: ignore[arg-type]
    helpers = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Departments asked to help"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, departments: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["helpers"], departments, empty=False)

    @staticmethod
    def initial_of(opinion: Opinion, person_name: str, section: str) -> dict[str, Any]:
        return {
            "result": opinion.result, "text": opinion.text, "proper_unit": opinion.proper_unit,
            "section": opinion.section or section, "person": opinion.person or person_name,
            "due_on": opinion.due_on, "helpers": [str(h.public_id) for h in opinion.helpers.all()],
        }  # fmt: skip


class PassingForm(forms.Form):
    """Pass a problem to a municipal department with the county department's own view."""

    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Municipal department"), to_field_name="public_id",
        error_messages={"required": _("Choose a municipal department.")},
    )  # fmt: skip
    note = CleanText(
        label=_("County department's opinion"), max_length=500, rows=2,
        help_text=_("What the county has done, and what the city is asked for."),
    )  # fmt: skip

    def __init__(self, *args: Any, departments: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["department"], departments)


class ReasonForm(forms.Form):
    """A reason, asked for before an act that others will see."""

    reason = CleanText(label=_("Reason"), max_length=500, rows=3)

    def __init__(self, *args: Any, label: Any = None, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        if label:
            self.fields["reason"].label = label


class ReassignForm(ReasonForm):
    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Hand to"), to_field_name="public_id",
        error_messages={"required": _("Choose another municipal department.")},
    )  # fmt: skip
    field_order = ("department", "reason")

    def __init__(self, *args: Any, departments: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["department"], departments)
