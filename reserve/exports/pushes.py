"""Pool projects and their pushes as a file: the same rows as the page (E2)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor

from ..querysets.targets import chain_kinds
from ..selectors import pushes as read

SHEET = Sheet(
    key="pushes", name=_("Pushes"), title=_("Pool projects and where they stand with the platform"),
    columns=(
        Column("name", _("Project name"), getter=lambda r: r.project.name, width=36),
        Column("code", _("National project code"), getter=lambda r: r.project.code, width=26),
        Column("place", _("County"), getter=lambda r: r.project.place.name, width=18),
        Column("owner", _("Owner"), getter=lambda r: r.project.owner.name, width=28),
        Column("missing", _("What is missing"), getter=lambda r: "、".join(str(f.title) for f in r.gaps), width=36),
        Column("status", _("State"), getter=lambda r: r.push and r.push.get_status_display(), width=12),
        Column("batch", _("Batch"), getter=lambda r: r.push and r.push.batch and r.push.batch.number, width=16),
        Column("pushed", _("pushed on"), kind="date", width=12,
               getter=lambda r: r.push and r.push.pushed_at and r.push.pushed_at.date()),
        Column("number", _("number there"), getter=lambda r: r.push and r.push.outside_number, width=20),
        Column("registered", _("registered on"), kind="date", width=12,
               getter=lambda r: r.push and r.push.registered_on),
        Column("returned", _("returned on"), kind="date", width=12, getter=lambda r: r.push and r.push.returned_on),
        Column("reason", _("reason of the return"), getter=lambda r: r.push and r.push.return_reason, width=36),
    ),
)  # fmt: skip


def _filters(params: Params) -> read.Filters:
    return read.read_filters({name: values[-1] for name, values in params.items() if values})


def _rows(actor: Actor, params: Params) -> list[read.Row]:
    return read.all_rows(actor, _filters(params), actor.at)


EXPORT = Export(
    kind="pushes", sheet=SHEET, rows=_rows, count=lambda actor, params: len(_rows(actor, params)),
    refuse=lambda actor, params: "" if chain_kinds(actor) else None,
    filter_line=lambda actor, params: read.in_words(_filters(params)),
    back_url=lambda params: reverse("reserve:pushes"),
)  # fmt: skip
