"""The forms of a hard case and of an instruction; both work without script."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hookups.rules.meetings import UNIT_KINDS
from ningde_projects.organizations.actor import in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, User
from ningde_projects.shell.forms import NamedErrors

from ..models import Ground, HardCase
from ..services.hard_cases import TaskContent

#: Rows for units that the form of an instruction offers; what is left empty is left out.
ROWS = 4


class LeaderChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} {obj.name}".strip()


class CaseForm(NamedErrors, forms.Form):
    """A draft may lack anything but its title; submitting asks for what is missing."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(label=pgettext_lazy("hard case", "Title"), max_length=100)
    ground = forms.ChoiceField(label=gettext_lazy("Why it is submitted"), choices=Ground.choices)
    leader = LeaderChoice(
        User.objects.none(), label=gettext_lazy("City leader"), required=False, empty_label="—"
    )
    summary = forms.CharField(
        label=gettext_lazy("State of the matter"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    proposal = forms.CharField(
        label=gettext_lazy("Proposal of the commission"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, at: Any, case: HardCase | None = None) -> None:
        initial: dict[str, Any] = {"version": 0, "ground": Ground.HARD}
        if case is not None:
            initial = {
                "version": case.version, "title": case.title, "ground": case.ground, "leader": case.leader_id,
                "summary": case.summary, "proposal": case.proposal,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        held = Assignment.objects.filter(
            in_force(at), duty__in=(Duty.LEAD, Duty.VIEW), organisation__kind=OrgKind.MUNICIPAL_GOVERNMENT
        )
        cast(Any, self.fields["leader"]).queryset = User.objects.filter(
            pk__in=held.values("user"), is_active=True
        ).order_by("pk")


class InstructionForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Instruction"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    given_on = forms.DateField(
        label=pgettext_lazy("instruction", "Given on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TaskForm(NamedErrors, forms.Form):
    """One unit; an empty row is left out."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Responsible unit"), required=False, empty_label="—"
    )
    text = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    due_on = forms.DateField(
        label=pgettext_lazy("instruction", "To be done by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False
        self.use_required_attribute = False
        cast(Any, self.fields["unit"]).queryset = Organisation.objects.filter(
            is_active=True, kind__in=UNIT_KINDS
        ).order_by("place__order", "order", "name")

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("unit", "text", "due_on"))


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    pass


class InstructionSheet:
    """The instruction with its rows; the first row is filled with what the commission proposed."""

    def __init__(self, data: QueryDict | None, case: HardCase, today: date, *, again: bool) -> None:
        self.form = InstructionForm(data, initial={"version": case.version, "given_on": today})
        kind = forms.formset_factory(
            TaskForm, formset=_Rows, extra=0, min_num=ROWS, max_num=20, validate_max=True
        )
        first: dict[str, Any] = {}
        if not again:
            line = case.lines.select_related("problem", "project").first()
            unit = (line.problem.unit_id or line.project.municipal_department_id) if line else None
            first = {"unit": unit, "text": case.proposal[:500]}
        self.rows = cast(_Rows, kind(data, initial=[first], prefix="t"))

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.rows.is_valid()])

    def tasks(self) -> list[TaskContent]:
        return [
            TaskContent(row.cleaned_data["unit"], row.cleaned_data["text"], row.cleaned_data["due_on"])
            for row in self.rows.forms
            if not cast(TaskForm, row).is_blank
        ]


class SayForm(NamedErrors, forms.Form):
    """What is said with an act, and the version that the page was shown with."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
            self.fields["reason"].error_messages["required"] = _("Please fill in: {label}").format(
                label=label
            )
        else:
            del self.fields["reason"]
