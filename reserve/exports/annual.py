"""The annual key-project list as a file: the same rows as the page (E2)."""

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
from ..selectors import annual as read


def _batch(project: Any) -> str:
    return project.year_items[0].batch.title if project.year_items else ""


def _document(project: Any) -> str:
    return project.year_items[0].batch.document_number if project.year_items else ""


SHEET = Sheet(
    key="annual-list", name=_("Key projects"), title=_("Annual list of key projects"),
    unit_line=_("Unit: 10,000 yuan"),
    columns=(
        Column("name", _("Project name"), width=36),
        Column("code", _("National project code"), width=26),
        Column("level", _("Level"), getter=lambda p: p.get_level_display(), width=12),
        Column("stage", _("Stage"), getter=lambda p: p.get_stage_display(), width=12),
        Column("place", _("County"), getter=lambda p: p.place.name, width=18),
        Column("parts", _("Counties of the parts"), width=24,
               getter=lambda p: "、".join(part.place.name for part in p.shown_parts)),
        Column("industry", _("Industry"), getter=lambda p: p.industry and p.industry.name, width=12),
        Column("owner", _("Owner"), getter=lambda p: p.owner.name, width=30),
        Column("total_investment", _("Total investment"), kind="money", width=16),
        Column("year_plan", _("Plan of the year"), kind="money", width=16),
        Column("annual_goal", _("Goal of the year"), width=30),
        Column("batch", _("Batch"), getter=_batch, width=30),
        Column("document", _("Document number"), getter=_document, width=20),
    ),
)  # fmt: skip


def _filters(actor: Actor, params: Params) -> read.Filters:
    return read.read_filters({name: values[-1] for name, values in params.items() if values}, actor.at)


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    rows = read.annual_list(actor, _filters(actor, params), local_date(actor.at))
    return rows.iterator(chunk_size=1000)


EXPORT = Export(
    kind="annual-list", sheet=SHEET, rows=_rows,
    count=lambda actor, params: read.annual_list(actor, _filters(actor, params), local_date(actor.at)).count(),
    refuse=lambda actor, params: "" if chain_kinds(actor) else None,
    filter_line=lambda actor, params: read.in_words(_filters(actor, params)),
    back_url=lambda params: reverse("reserve:annual"),
)  # fmt: skip
