"""The list of hard cases as a sheet: the rows of the page (E2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date

from ..models import Ground
from ..policies.hard_cases import is_outside, reading_refusal
from ..selectors import hard_cases as read
from ..workflow.hard_cases import HardCaseStatus

SHEET = Sheet(
    key="hard_cases", name=gettext_lazy("Hard cases"),
    columns=(
        Column("code", gettext_lazy("Number"), width=12),
        Column("title", pgettext_lazy("hard case", "Title"), width=40),
        Column("ground", gettext_lazy("Why it is submitted"), kind="choice", choices=Ground.choices, width=14),
        Column("leader", gettext_lazy("City leader"), getter=lambda c: c.leader.name if c.leader else None, width=12),
        Column("line_count", gettext_lazy("Problems"), kind="integer", width=8),
        Column("task_count", gettext_lazy("Matters given to units"), kind="integer", width=10),
        Column("verified_count", gettext_lazy("of these verified"), kind="integer", width=10),
        Column("overdue_count", gettext_lazy("of these overdue"), kind="integer", width=10),
        Column("last_due", pgettext_lazy("instruction", "To be done by"), kind="date", width=12),
        Column("status", gettext_lazy("State"), kind="choice", choices=HardCaseStatus.choices, width=14),
    ),
)  # fmt: skip


def _rows(actor: Actor, params: Params) -> Any:
    asked = {name: values[-1] for name, values in params.items() if values}
    return read.listed(actor, read.CaseFilters.read(asked), local_date(actor.at))


def _refuse(actor: Actor, params: Params) -> str | None:
    return None if is_outside(actor) else reading_refusal(actor)


EXPORT = Export(
    "hard-cases", SHEET, rows=lambda a, p: _rows(a, p).iterator(chunk_size=500), count=lambda a, p: _rows(a, p).count(),
    refuse=_refuse, filter_line=lambda a, p: "", back_url=lambda p: reverse("dispatch:hard_cases"),
)  # fmt: skip
