"""What the fields of a report are called and how their values read, for page, error summary and comparison alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.periods.month import Month

from ..models.problems import Answer, AskedLevel, Impact, Problem
from ..rules import month_name
from .report import Lists, NewProblemForm, ReportForm

CARRIED_NAME = re.compile(r"^p-([0-9a-f-]{36})-(answer|note)$")
NEW_NAME = re.compile(r"^n-([0-9a-f]{8})-([a-z_]+)$")


def span_name(month: Month) -> str:
    """1—10月: the months that a cumulative figure of the year covers."""
    if month.number == 1:
        return month_name(month)
    return pgettext("months from January", "January to month %(n)s") % {"n": month.number}


def field_labels(month: Month) -> dict[str, str]:
    """Labels of the main fields; figures name their month (DESIGN.md §1.4)."""
    labels = {name: str(field.label) for name, field in ReportForm.base_fields.items()}
    labels["month_investment"] = _("Investment of %(month)s") % {"month": month_name(month)}
    labels["year_cumulative"] = _("Cumulative investment %(span)s") % {"span": span_name(month)}
    labels["next_plan"] = _("Plan for %(month)s") % {"month": month_name(month.next)}
    labels["statistics_cumulative"] = _("Statistics platform, %(span)s") % {"span": span_name(month)}
    return labels


@dataclass(frozen=True)
class Wording:
    """Labels and shown values of one form. Problems are numbered as on the page: carried ones first."""

    month: Month
    carried: Sequence[Problem]
    lists: Lists
    new_keys: Sequence[str]

    @cached_property
    def _labels(self) -> dict[str, str]:
        return field_labels(self.month)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        keys = [str(p.public_id) for p in self.carried] + list(self.new_keys)
        return {key: number for number, key in enumerate(keys, start=1)}

    def problem(self, key: str) -> str:
        """问题 3, by the public id of a carried problem or the key of a new one."""
        number = self._numbers.get(key)
        return _("Problem %(n)s") % {"n": number} if number else _("Problem")

    def label(self, name: str) -> str:
        """What an input name is called: 问题 3 责任单位."""
        if name in self._labels:
            return self._labels[name]
        if found := CARRIED_NAME.match(name):
            field = _("state of %(month)s") if found[2] == "answer" else _("progress of %(month)s")
            return _("%(problem)s, %(field)s") % {
                "problem": self.problem(found[1]), "field": field % {"month": month_name(self.month)}
            }  # fmt: skip
        if found := NEW_NAME.match(name):
            field_ = NewProblemForm.base_fields.get(found[2])
            return _("%(problem)s, %(field)s") % {
                "problem": self.problem(found[1]), "field": field_.label if field_ else found[2]
            }  # fmt: skip
        return name

    def shown(self, name: str, value: Any) -> str:
        """A typed value as it reads: a category's name instead of its code."""
        text = str(value or "")
        found = CARRIED_NAME.match(name) or NEW_NAME.match(name)
        choices = self._choices.get(found[2] if found else name)
        return choices.get(text, text) if choices and text else text

    @cached_property
    def _choices(self) -> Mapping[str, Mapping[str, str]]:
        return {
            "answer": {a.value: str(a.label) for a in Answer},
            "level": {a.value: str(a.label) for a in AskedLevel},
            "impact": {a.value: str(a.label) for a in Impact},
            "category": {c.code: c.name for c in self.lists.categories},
            "unit": {str(u.public_id): u.short_name for u in self.lists.units},
            "in_statistics": {"yes": _("Registered"), "no": _("Not registered")},
            "is_nil": {"on": _("Yes"), "": _("No")},
        }
