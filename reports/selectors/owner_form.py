"""The open form of one report: its state, judged and worded, and what stands beside it (M5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _

from ningde_projects.projects.models import Post, Responsible
from ningde_projects.projects.rules import completion_percent, light_of, points_ahead, schedule_percent
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.form_fields import FieldError, anchor_of

from .. import rules
from ..forms.drafts import failing_fields, figure_of, removed_keys, with_computed
from ..forms.report import CarriedForm, FullForm, Lists, NewProblemForm, full_form
from ..forms.wording import Wording
from ..models import Problem, Report
from ..models.problems import Answer
from .basis import carried_problems, circumstances_of, lists_for
from .owner import CarriedCard, carried_card, replies_to

#: Fields by section of the page, for the mark beside its number.
_SECTION_OF = {
    "month_investment": 2, "year_cumulative": 2, "total_cumulative": 2, "progress": 2, "next_plan": 2,
    "in_statistics": 2, "statistics_cumulative": 2, "statistics_note": 2, "is_nil": 3, "nil_answer": 3,
    "filler": 4, "filler_phone": 4, "head": 4,
}  # fmt: skip


@dataclass(frozen=True)
class CarriedBlock:
    number: int
    card: CarriedCard
    form: CarriedForm


@dataclass(frozen=True)
class NewBlock:
    number: int
    key: str
    form: NewProblemForm

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors)

    @property
    def more_open(self) -> bool:
        """The optional fields are shown when one of them has something to say."""
        names = ("expected_on", "impact", "impact_amount", "measures")
        return any(self.form.data.get(self.form.add_prefix(n)) or n in self.form.errors for n in names)


@dataclass(frozen=True)
class RemovedBlock:
    """A new problem taken out of the form: what was typed stays until filing, so that it can be put back."""

    key: str
    text: str
    values: Sequence[tuple[str, str]]


@dataclass
class FormState:
    """`strict` shows every error; otherwise only those of fields that have something in them (DESIGN.md §7)."""

    report: Report
    raw: dict[str, Any]
    form: FullForm
    circumstances: rules.Circumstances
    carried: list[Problem]
    lists: Lists
    cards: list[CarriedCard]
    strict: bool
    limits: Thresholds
    is_valid: bool = False
    open_points: int = 0
    summary: list[FieldError] = field(default_factory=list)
    incomplete: set[int] = field(default_factory=set)

    def judge(self) -> None:
        """Run every check once; then keep the errors that are to be shown."""
        self.is_valid = self.form.is_valid()
        self.open_points = sum(len(messages) for messages in self.form.errors().values())
        for section, form, name in self._error_places():
            self.incomplete.add(section)
            if self.strict:
                self._summarise(form, name)
            elif not str(form.data.get(form.add_prefix(name)) or "").strip():
                form.errors.pop(name, None)

    def _error_places(self) -> list[tuple[int, BaseForm, str]]:
        found = [(_SECTION_OF.get(n, 2), self.form.report, n) for n in list(self.form.report.errors)]
        blocks = [*(f for _p, f in self.form.carried), *(f for _k, f in self.form.new)]
        return found + [(3, form, n) for form in blocks for n in list(form.errors)]

    def _summarise(self, form: BaseForm, name: str) -> None:
        bound = form[name] if name in form.fields else None
        label = self.wording.label(form.add_prefix(name)) if bound is not None else ""
        for message in form.errors[name]:
            self.summary.append(FieldError(label, str(message), anchor_of(bound) if bound else ""))

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.report.month, self.carried, self.lists, self.raw.get("new", []))

    # ---- section 2 ---------------------------------------------------------------------------------------------

    @property
    def year_is_computed(self) -> bool:
        return rules.year_is_computed(self.circumstances)

    @cached_property
    def remarks(self) -> dict[str, list[rules.Remark]]:
        """By field, without the failures: those are errors of the field already."""
        found: dict[str, list[rules.Remark]] = {}
        for remark in self.form.remarks:
            if remark.weight is not rules.Weight.FAIL:
                found.setdefault(remark.field, []).append(remark)
        return found

    @property
    def right_total(self) -> Decimal | None:
        """The computed cumulative figure, where it differs from what was typed; 采用核算值 takes it."""
        month = figure_of(self.raw.get("month_investment"))
        right = rules.expected_total(month, self.circumstances) if month is not None else None
        return None if right is None or right == figure_of(self.raw.get("total_cumulative")) else right

    @property
    def right_total_sum(self) -> str:
        """15,470 + 420."""
        base, month = self.circumstances.basis.total_cumulative, figure_of(self.raw.get("month_investment"))
        return "" if base is None or month is None else f"{rules.figure(base)} + {rules.figure(month)}"

    @cached_property
    def percent(self) -> Decimal | None:
        return completion_percent(figure_of(self.raw.get("year_cumulative")), self.report.annual_plan)

    @property
    def schedule(self) -> Decimal:
        return schedule_percent(self.report.month)

    @property
    def points(self) -> Decimal | None:
        return None if self.percent is None else points_ahead(self.percent, self.report.month)

    @property
    def behind(self) -> Decimal:
        return -(self.points or Decimal(0))

    @property
    def light(self) -> str:
        return light_of(self.percent, self.report.month, self.limits["amber_points"]).value

    @property
    def last_percent(self) -> Decimal | None:
        basis = self.circumstances.basis
        if basis.month is None or basis.month.year != self.report.month.year:
            return None
        return completion_percent(basis.year_cumulative, self.report.annual_plan)

    @cached_property
    def wrong(self) -> set[str]:
        return failing_fields(self.raw, self.circumstances)

    # ---- section 3 ---------------------------------------------------------------------------------------------

    @property
    def carried_blocks(self) -> list[CarriedBlock]:
        return [
            CarriedBlock(number, card, form)
            for number, (card, (_problem, form)) in enumerate(
                zip(self.cards, self.form.carried, strict=True), start=1
            )
        ]

    @property
    def new_blocks(self) -> list[NewBlock]:
        return [
            NewBlock(number, key, form)
            for number, (key, form) in enumerate(self.form.new, start=len(self.carried) + 1)
        ]

    @property
    def removed_blocks(self) -> list[RemovedBlock]:
        found = []
        for key in removed_keys(self.raw):
            prefix = f"n-{key}-"
            values = [(name, str(value)) for name, value in self.raw.items() if name.startswith(prefix)]
            text = str(self.raw.get(f"{prefix}description") or _("(no text yet)"))
            found.append(RemovedBlock(key, text, values))
        return found

    @property
    def is_nil(self) -> bool:
        return bool(self.raw.get("is_nil"))

    @property
    def carried_open(self) -> int:
        """Carried problems not said to be solved: while there is one, nothing can be called nil (point 4)."""
        return sum(1 for card in self.cards if card.answer != Answer.SOLVED)

    @property
    def nil_possible(self) -> bool:
        return self.is_nil or not self.carried_open

    @cached_property
    def question(self) -> str:
        """The polite question, when it has to be asked (settled point 4)."""
        return rules.nil_question(self.form.entry(), self.circumstances) if self.is_nil else ""

    # ---- marks -------------------------------------------------------------------------------------------------

    def mark(self, section: int) -> str:
        """ "ok" when nothing is missing, "bad" when something shown is wrong, else plain."""
        if section not in self.incomplete:
            return "ok"
        shown = any(s == section for s, form, name in self._error_places() if name in form.errors)
        return "bad" if shown else ""

    @property
    def marks(self) -> dict[str, str]:
        return {f"s{section}": self.mark(section) for section in (2, 3, 4)}


def state_of(report: Report, raw: dict[str, Any], at: datetime, *, strict: bool) -> FormState:
    """Bind, compute and judge; a fixed number of queries."""
    circumstances = circumstances_of([report])[report.pk]
    typed = with_computed(raw, circumstances)
    carried, lists, limits = carried_problems(report), lists_for(report), Thresholds(report.month)
    replies = replies_to(carried)
    cards = [carried_card(p, report, limits, replies.get(p.pk), at, typed) for p in carried]
    form = full_form(typed, month=report.month, carried=carried, lists=lists, circumstances=circumstances)
    state = FormState(report, typed, form, circumstances, carried, lists, cards, strict, limits)
    for name, bound_field in form.report.fields.items():
        bound_field.label = state.wording.label(name)
    state.judge()
    return state


def wording_of(report: Report, raw: dict[str, Any]) -> Wording:
    """Labels and shown values for comparing two drafts of a report."""
    return Wording(report.month, carried_problems(report), lists_for(report), raw.get("new", []))


@dataclass(frozen=True)
class Answering:
    """Who answers for the project, as section 1 shows it."""

    county_leader: str
    industry_leader: str
    county_direct: str


def answering_of(report: Report) -> Answering:
    people = {
        row.post: f"{row.user.name}（{row.user.title}）" if row.user.title else row.user.name
        for row in Responsible.objects.filter(project=report.project_id, valid_to__isnull=True)
        .select_related("user")
        .order_by("place_id")
        if row.place_id in (None, report.place_id)
    }
    return Answering(
        people.get(Post.COUNTY_LEADER, ""),
        people.get(Post.INDUSTRY_LEADER, ""),
        people.get(Post.COUNTY_DIRECT, ""),
    )
