"""附件1 as a form: the main fields, one answer per carried problem, new problems (facts.md §2.2).

A draft is the flat mapping of input names to what was typed; the same forms bind to it, to a request and to an
imported sheet, so there is one set of rules and one wording.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month

from .. import rules
from ..models.problems import Answer, AskedLevel, Category, Impact, Problem
from .fields import CleanText, WanField

M = TypeVar("M", bound=Model)
MAX_NEW_PROBLEMS = 30
#: A draft larger than this is not a form but a mistake.
MAX_DRAFT_CHARACTERS = 1_000_000


class ReportForm(forms.Form):
    month_investment = WanField(label=_("Investment of the month"))
    year_cumulative = WanField(label=_("Cumulative investment of the year"))
    total_cumulative = WanField(label=_("Cumulative investment since start"))
    progress = CleanText(
        label=_("Physical progress"), max_length=2000, rows=3,
        help_text=_("Name the part, chainage, quantity and share; do not write “normal progress”."),
    )  # fmt: skip
    next_plan = CleanText(label=_("Plan for next month"), max_length=1000, rows=2, required=False)
    in_statistics = forms.ChoiceField(
        label=_("In the statistics platform"), required=False,
        choices=[("", _("Not stated")), ("yes", _("Registered")), ("no", _("Not registered"))],
    )  # fmt: skip
    statistics_cumulative = WanField(label=_("Cumulative figure in the statistics platform"), required=False)
    statistics_note = CleanText(
        label=_("Explanation of the difference"), max_length=500, rows=1, required=False
    )
    is_nil = forms.BooleanField(label=_("Nil report"), required=False)
    nil_answer = CleanText(label=_("Answer to the question"), max_length=500, rows=2, required=False)
    filler = CleanText(label=_("Filled in by"), max_length=30, rows=0)
    filler_phone = CleanText(label=_("Telephone"), max_length=20, rows=0, required=False)
    head = CleanText(label=_("Head of the unit"), max_length=30, rows=0, required=False)


class CarriedForm(forms.Form):
    """The three-way answer on an open problem carried forward (M5.1)."""

    answer = forms.ChoiceField(
        label=_("State this month"), widget=forms.RadioSelect,
        choices=[(a.value, a.label) for a in (Answer.UNSOLVED, Answer.PROGRESS, Answer.SOLVED)],
        error_messages={"required": _("Say how the problem stands: still unsolved, progress made or solved.")},
    )  # fmt: skip
    note = CleanText(label=_("Progress on it"), max_length=500, rows=1, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") in (Answer.PROGRESS, Answer.SOLVED) and not data.get("note"):
            self.add_error("note", gettext("Write what has been done."))
        return data


class NewProblemForm(forms.Form):
    """A problem reported for the first time (facts.md §2.2 rows 22–27)."""

    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), empty_label=_("Please choose"), to_field_name="code",
        error_messages={"required": _("Choose a category.")},
    )  # fmt: skip
    occurred_on = forms.DateField(
        label=_("Occurred on"), input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day on which it began."),
                        "invalid": _("Write a date as 2026-10-18.")},
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("Level asked for"), choices=AskedLevel.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose who should coordinate it.")},
    )  # fmt: skip
    description = CleanText(
        label=_("Description"), max_length=500, rows=2, help_text=_("Name place, quantity and effect.")
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Responsible unit"), required=False, to_field_name="public_id",
        empty_label=_("Please choose"),
    )  # fmt: skip
    unit_text = CleanText(label=_("Another unit"), max_length=60, rows=0, required=False)
    request = CleanText(label=_("Request and time hoped for"), max_length=300, rows=1)
    expected_on = forms.DateField(
        label=_("Solution hoped for by"), required=False, input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date as 2026-10-18.")},
    )  # fmt: skip
    impact = forms.ChoiceField(
        label=_("Impact"), required=False, choices=[("", _("Not stated")), *Impact.choices]
    )
    impact_amount = WanField(label=_("Investment affected"), required=False)
    measures = CleanText(label=_("Measures taken so far"), max_length=500, rows=1, required=False)

    def __init__(self, *args: Any, month: Month, lists: Lists, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month
        lists.apply(self)

    def clean_occurred_on(self) -> date:
        day: date = self.cleaned_data["occurred_on"]
        wrong = rules.occurred_on_error(day, self.month)
        if wrong:
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("unit") and not data.get("unit_text") and "unit" not in self.errors:
            self.add_error("unit", gettext("Choose the responsible unit, or write another one."))
        return data


@dataclass
class Lists:
    """The choices of the form, read once for all of its problem blocks; and only when one is shown.

    Querysets are asked for what was chosen when the form is judged; a list is for rows that are at hand.
    """

    categories: QuerySet[Category] | Sequence[Category]
    units: QuerySet[Organisation] | Sequence[Organisation]

    def apply(self, form: NewProblemForm) -> None:
        category = cast("forms.ModelChoiceField[Category]", form.fields["category"])
        unit = cast("forms.ModelChoiceField[Organisation]", form.fields["unit"])
        category.queryset = _asked(Category, self.categories)
        unit.queryset = _asked(Organisation, self.units)
        category.choices = lambda: [("", _("Please choose")), *((c.code, c.name) for c in self.categories)]
        unit.choices = lambda: [
            ("", _("Please choose")), *((str(u.public_id), u.short_name) for u in self.units),
        ]  # fmt: skip


def _asked(model: type[M], rows: QuerySet[M] | Sequence[M]) -> QuerySet[M]:
    if isinstance(rows, QuerySet):
        return rows
    return model._default_manager.filter(pk__in=[row.pk for row in rows])


_NEW_KEY = re.compile(r"^[0-9a-f]{8}$")
_NAME = re.compile(r"^(p-[0-9a-f-]{36}-(answer|note)|n-[0-9a-f]{8}-[a-z_]{1,20})$")


def new_key() -> str:
    return uuid.uuid4().hex[:8]


def raw_of(posted: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, by input name; strange names and control characters are left out, nothing else is."""
    keys = posted.getlist("new") if hasattr(posted, "getlist") else posted.get("new", [])
    raw: dict[str, Any] = {
        "new": [k for k in keys if isinstance(k, str) and _NEW_KEY.match(k)][:MAX_NEW_PROBLEMS]
    }
    for name in posted:
        value = posted.get(name)
        if (name in ReportForm.base_fields or _NAME.match(name)) and isinstance(value, str):
            raw[name] = value.replace("\x00", "")[:MAX_DRAFT_CHARACTERS]
    return raw


@dataclass
class FullForm:
    """The whole of one report's form over one mapping of typed values."""

    report: ReportForm
    carried: list[tuple[Problem, CarriedForm]]
    new: list[tuple[str, NewProblemForm]]
    month: Month
    remarks: list[rules.Remark] = field(default_factory=list)
    circumstances: rules.Circumstances | None = None

    def is_valid(self) -> bool:
        """Runs every check, so that all errors come at once."""
        nil = self._is_nil()
        parts = [self.report.is_valid()]
        parts += [form.is_valid() for _, form in self.carried]
        parts += [form.is_valid() for _, form in self.new] if not nil else []
        if nil:
            self._check_nil()
        if self.circumstances is not None:
            self.remarks = rules.check_entry(self.entry(), self.circumstances)
            for remark in rules.failures(self.remarks):
                if remark.field in self.report.fields and remark.field not in self.report.errors:
                    self.report.add_error(remark.field, remark.text)
        return all(parts) and not self.report.errors

    def _is_nil(self) -> bool:
        return bool(self.report.data.get("is_nil"))

    def _check_nil(self) -> None:
        """'Nothing to report' cannot be signed while a carried problem is open (settled point 4)."""
        still_open = [
            p for p, form in self.carried if form.data.get(f"{form.prefix}-answer") != Answer.SOLVED
        ]
        if still_open:
            self.report.add_error(
                "is_nil",
                gettext("A nil report is possible only when the %(n)s carried problems are marked as solved.")
                % {"n": len(self.carried)},
            )
        if self.new:
            self.report.add_error(
                "is_nil", gettext("A nil report has no new problems; delete them or switch it off.")
            )

    def entry(self) -> rules.Entry:
        data = self.report.cleaned_data if hasattr(self.report, "cleaned_data") else {}
        return rules.Entry(
            month_investment=data.get("month_investment"),
            year_cumulative=data.get("year_cumulative"),
            total_cumulative=data.get("total_cumulative"),
            progress=data.get("progress") or "",
            is_nil=bool(data.get("is_nil")),
            nil_answer=data.get("nil_answer") or "",
            statistics_cumulative=data.get("statistics_cumulative"),
        )

    def errors(self) -> dict[str, list[str]]:
        """Every error by input name."""
        found: dict[str, list[str]] = {}
        forms_ = [self.report, *(f for _, f in self.carried), *(f for _, f in self.new)]
        for form in forms_:
            for name, messages in form.errors.items():
                found[form.add_prefix(name) if name != "__all__" else name] = [str(m) for m in messages]
        return found

    def answers_missing(self) -> int:
        return sum(1 for _, form in self.carried if "answer" in form.errors)


def full_form(
    raw: Mapping[str, Any],
    *,
    month: Month,
    carried: Iterable[Problem],
    lists: Lists,
    circumstances: rules.Circumstances | None,
) -> FullForm:
    """Bind the forms to what was typed."""
    return FullForm(
        report=ReportForm(raw),
        carried=[(p, CarriedForm(raw, prefix=f"p-{p.public_id}")) for p in carried],
        new=[
            (key, NewProblemForm(raw, prefix=f"n-{key}", month=month, lists=lists))
            for key in raw.get("new", [])
        ],
        month=month,
        circumstances=circumstances,
    )
