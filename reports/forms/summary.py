"""The form of one line of 附件2 (M6.1)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import NamedErrors

from ..models import SummaryItem
from ..models.problems import AskedLevel
from ..services.summaries import ITEM_FIELDS
from .fields import CleanText


class ItemForm(NamedErrors, forms.Form):
    """What the county may word differently; the owner's own words are kept beside it."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = CleanText(label=_("Difficulty and problem"), max_length=1000, rows=3)
    county_opinion = CleanText(
        label=_("The county's coordination so far"), max_length=1000, rows=3, required=False,
        help_text=_("What has been done, by whom, and until when."),
    )  # fmt: skip
    request = CleanText(label=_("Matter for higher coordination"), max_length=1000, rows=2, required=False)
    level = forms.ChoiceField(
        label=_("Level asked for"), choices=AskedLevel.choices, widget=forms.RadioSelect
    )
    lead_department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Leading municipal department"), required=False,
        to_field_name="public_id", help_text=_("needed for the municipal departments' level"),
    )  # fmt: skip
    cooperating = CleanText(label=_("Cooperating units"), max_length=200, rows=0, required=False)
    due_on = forms.DateField(
        label=_("To be solved by"), required=False, input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date as 2026-11-20.")},
    )  # fmt: skip
    note = CleanText(label=_("Note"), max_length=200, rows=0, required=False)

    def __init__(self, *args: Any, departments: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = cast("forms.ModelChoiceField[Organisation]", self.fields["lead_department"])
        chosen.queryset = Organisation.objects.filter(pk__in=[d.pk for d in departments])
        chosen.choices = [("", _("None")), *((str(d.public_id), d.short_name) for d in departments)]

    @staticmethod
    def initial_of(item: SummaryItem) -> dict[str, Any]:
        values: dict[str, Any] = {name: getattr(item, name) for name in ITEM_FIELDS}
        lead = item.lead_department
        return values | {"version": item.version, "lead_department": str(lead.public_id) if lead else ""}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("level") == AskedLevel.DEPARTMENT and found.get("lead_department") is None:
            self.add_error("lead_department", _("Name the leading municipal department for this level."))
        return found
