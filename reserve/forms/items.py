"""Where a project stands with one item; one item of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.projects.models import InvestmentKind
from ningde_projects.shell.forms import NamedErrors

from ..models import ItemState, ProjectItem
from .fields import MonthText, Text


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"invalid": _("Write a day as 2026-11-07.")}, **kwargs,
    )  # fmt: skip


class ItemForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=ItemState.choices, widget=forms.RadioSelect)
    document_no = Text(label=_("Document number"), required=False, max_length=60)
    approved_on = _day(_("Approved on"))
    valid_until = _day(_("Valid until"), help_text=_("Left empty, it follows from the catalogue."))
    planned_on = _day(_("Planned for"))
    note = Text(label=pgettext_lazy("item", "Note"), required=False, max_length=200)


def initial_of(item: ProjectItem | None) -> dict[str, Any]:
    if item is None:
        return {"state": ItemState.NOT_STARTED, "version": 0}
    names = ("state", "document_no", "approved_on", "valid_until", "planned_on", "note", "version")
    return {name: getattr(item, name) for name in names}


class KindForm(NamedErrors, forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,19}$", label=_("Code"),
        error_messages={"invalid": _("2–20 characters: small letters, digits and underscore.")},
    )  # fmt: skip
    name = Text(label=_("Preliminary item"), max_length=40)
    authority = Text(label=_("Department in charge"), max_length=60, required=False)
    validity_months = forms.IntegerField(
        label=_("Valid for months"), required=False, min_value=1, max_value=600, widget=forms.TextInput
    )
    applies_to = forms.ChoiceField(
        label=_("Applies to"), required=False,
        choices=[("", _("All projects")), *(c for c in InvestmentKind.choices if c[0])],
    )  # fmt: skip
    required = forms.BooleanField(label=_("Required as a rule: counts for the maturity"), required=False)
    order = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=9999, widget=forms.TextInput
    )
    valid_to = MonthText(label=_("Last month in use"), required=False)
    reason = Text(label=_("Reason"), max_length=500, rows=2)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            self.fields["code"].disabled = True
