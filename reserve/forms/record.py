"""The reserve facts of a project: what the application and the later update both ask for (facts.md §2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.projects.rules import Question
from ningde_projects.shell.formats import money
from ningde_projects.shell.forms import MoneyField, NamedErrors

from ..models import CatalogueFit, Direction, FundingSource, Nature, PushTarget, ReserveRecord
from ..rules.applications import funding_error, funding_questions, span_error
from .fields import MonthText, MuField, Text

#: Columns of the reserve record that these forms write.
RECORD_FIELDS = (
    "nature", "directions", "push_targets", "catalogue_fit", "planned_start", "planned_completion", "land_mu",
    "forest_mu", "sea_mu", "progress_note",
)  # fmt: skip


@dataclass(frozen=True)
class Funding:
    """One source as typed, 万元."""

    source: str
    amount: Decimal
    settled: bool


class ReserveFacts(NamedErrors, forms.Form):
    """Mixed into the application and used alone for an update in the pool."""

    nature = forms.ChoiceField(label=_("Construction nature"), choices=[("", "—"), *Nature.choices])
    planned_start = MonthText(label=_("Planned start"))
    planned_completion = MonthText(label=_("Planned completion"))
    land_mu = MuField(label=_("Land needed"))
    forest_mu = MuField(label=_("Forest land needed"))
    sea_mu = MuField(label=_("Sea needed"))
    directions = forms.MultipleChoiceField(
        label=_("Policy directions"),
        choices=Direction.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    catalogue_fit = forms.ChoiceField(
        label=_("Planning guidance catalogue"), choices=CatalogueFit.choices, required=False
    )
    push_targets = forms.MultipleChoiceField(
        label=_("To be pushed to"),
        choices=PushTarget.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    progress_note = Text(
        label=_("Progress of preliminary work"), required=False, max_length=2000, rows=3,
        help_text=_("Which items are under way, with whom they lie, what is missing."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for source in FundingSource:
            self.fields[f"fund_{source}"] = MoneyField(label=source.label, required=False)
            self.fields[f"settled_{source}"] = forms.BooleanField(label=_("settled"), required=False)

    @property
    def funding_rows(self) -> list[tuple[Any, Any]]:
        """(amount, settled) per source, for the entry grid."""
        return [(self[f"fund_{source}"], self[f"settled_{source}"]) for source in FundingSource]

    def funding(self) -> list[Funding]:
        """The sources with an amount; of the cleaned data."""
        found = []
        for source in FundingSource:
            amount = self.cleaned_data.get(f"fund_{source}")
            if amount:
                found.append(Funding(source.value, amount, bool(self.cleaned_data.get(f"settled_{source}"))))
        return found

    def check_money(self, total: Decimal | None) -> list[Question]:
        """Puts what stops to its field and answers what is only asked."""
        amounts = [line.amount for line in self.funding()]
        if wrong := funding_error(total, amounts):
            first = next(s for s in FundingSource if self.cleaned_data.get(f"fund_{s}"))
            self.add_error(f"fund_{first}", wrong)
        for source in FundingSource:
            if self.cleaned_data.get(f"settled_{source}") and not self.cleaned_data.get(f"fund_{source}"):
                self.add_error(f"fund_{source}", _("Settled, but without an amount: fill it in."))
        if wrong := span_error(
            self.cleaned_data.get("planned_start"), self.cleaned_data.get("planned_completion")
        ):
            self.add_error("planned_completion", wrong)
        return funding_questions(total, amounts)

    def record_facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in RECORD_FIELDS}


class RecordForm(ReserveFacts):
    """An update of a project in the pool."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, total: Decimal | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            self.check_money(self.total)
        return self.cleaned_data


def initial_of(record: ReserveRecord) -> dict[str, Any]:
    """What a form starts with from the kept record; sums as people write them."""
    values: dict[str, Any] = {name: getattr(record, name) for name in RECORD_FIELDS}
    for line in record.funding.all():
        values[f"fund_{line.source}"] = money(line.amount)
        values[f"settled_{line.source}"] = line.settled
    return values


def as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """Initial values as a browser would send them: text, lists of texts, "on"."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list | tuple):
            found[name] = [str(v) for v in value]
        elif value is True:
            found[name] = "on"
        elif value not in (None, False, ""):
            found[name] = str(value)
    return found
