"""Planning tasks with their completion as a file: the same rows as the page (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import local_date

from ..querysets.targets import chain_kinds
from ..selectors import catalogue as read

SHEET = Sheet(
    key="planning-tasks", name=_("Planning tasks"), title=_("Planning tasks and their completion"),
    unit_line=_("Unit: 10,000 yuan"),
    columns=(
        Column("place", _("County"), getter=lambda t: t.place.name, width=18),
        Column("department", _("Municipal department"), getter=lambda t: t.catalogue.department_text, width=26),
        Column("catalogue", _("Planning guidance catalogue"), getter=lambda t: t.catalogue.title, width=36),
        Column("content", _("what to plan"), width=40),
        Column("count", _("Number of projects"), kind="integer", width=12),
        Column("investment", _("Investment"), kind="money", width=16),
        Column("due_on", _("to be done by"), kind="date", width=14),
        Column("done_count", _("Linked projects"), kind="integer", width=12),
        Column("done_sum", _("Their total investment"), kind="money", width=16),
    ),
)  # fmt: skip


def _filters(params: Params) -> read.TaskFilters:
    return read.read_task_filters({name: values[-1] for name, values in params.items() if values})


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return read.tasks(actor, _filters(params), local_date(actor.at)).iterator(chunk_size=1000)


EXPORT = Export(
    kind="planning-tasks", sheet=SHEET, rows=_rows,
    count=lambda actor, params: read.tasks(actor, _filters(params), local_date(actor.at)).count(),
    refuse=lambda actor, params: "" if chain_kinds(actor) else None,
    filter_line=lambda actor, params: read.filters_in_words(_filters(params)),
    back_url=lambda params: reverse("reserve:tasks"),
)  # fmt: skip
