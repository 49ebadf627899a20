"""Forms of the receiver: returning one report or several, with reasons, named fields and a day (M5.4, point 7)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from ningde_projects.periods.month import ZONE, local_date
from ningde_projects.shell.forms import NamedErrors

from .fields import CleanText

RETURN_REASONS = (
    ("figures", _("Investment figures contradict each other")),
    ("progress", _("Physical progress is not concrete or repeats last month's")),
    ("problem", _("A problem names no responsible unit or request")),
    ("evidence", _("Evidence is missing")),
)
_REASON_WORDS = dict(RETURN_REASONS)
_STAMP = "%Y-%m-%dT%H:%M"


def default_refile_by(at: datetime) -> datetime:
    """Noon of the next day."""
    return datetime.combine(local_date(at) + timedelta(days=1), time(12), tzinfo=ZONE)


class ReturnForm(NamedErrors, forms.Form):
    """退回: at least one ticked reason, what has to be changed, and until when."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(
        label=_("Reason for the return"), choices=RETURN_REASONS, widget=forms.CheckboxSelectMultiple,
        help_text=_("at least one"),
    )  # fmt: skip
    text = CleanText(
        label=_("What has to be changed"), max_length=500, rows=3, help_text=_("The owner reads this.")
    )
    points = forms.MultipleChoiceField(
        label=_("Fields to correct"), required=False, widget=forms.CheckboxSelectMultiple
    )
    refile_by = forms.DateTimeField(
        label=_("To be filed again by"),
        input_formats=[_STAMP, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_STAMP),
        error_messages={"invalid": _("Write day and time as 2026-11-10 12:00.")},
    )

    def __init__(self, *args: Any, at: datetime, points: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        cast(forms.MultipleChoiceField, self.fields["points"]).choices = points
        if not points:
            del self.fields["points"]

    def clean_refile_by(self) -> datetime:
        day: datetime = self.cleaned_data["refile_by"]
        if day <= self.at:
            raise forms.ValidationError(_("The time has passed already; choose a later one."), code="past")
        if day > self.at + timedelta(days=31):
            raise forms.ValidationError(_("At most a month from now."), code="far")
        return day

    def reason(self) -> str:
        """What the owner reads: the ticked reasons, then the words."""
        ticked = pgettext("list of reasons", "; ").join(
            str(_REASON_WORDS[name]) for name in self.cleaned_data["reasons"]
        )
        return gettext("%(reasons)s. %(text)s") % {"reasons": ticked, "text": self.cleaned_data["text"]}

    def named(self) -> list[str]:
        """What the owner's form marks: families of the ticked reasons, and the named fields."""
        return list(dict.fromkeys([*self.cleaned_data["reasons"], *self.cleaned_data.get("points", [])]))
