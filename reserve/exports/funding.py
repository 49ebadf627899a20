"""Preliminary funds as a sheet, and every payment behind it (E2, M2.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.shell.formats import money

from ..policies.offices import approves, files, is_convener, reads_cases
from ..selectors.funding import FundingFilters, lines_of, listed, read_filters
from ..workflow.funding import FundingStatus


def _payments(line: Any) -> str:
    """Each standing payment with its day and document: the sum is traceable on paper too."""
    return "；".join(
        f"{p.paid_on} {money(p.amount)} {p.document}" for p in line.payments.all() if p.voided_at is None
    )


LINES = Sheet(
    key="reserve-funding", name=gettext_lazy("Preliminary funds"), title=gettext_lazy("Preliminary funds"),
    unit_line=gettext_lazy("Unit: 10,000 yuan"),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda r: r.case.project.name, width=36),
        Column("place", gettext_lazy("County"), getter=lambda r: r.case.project.place.name, width=14),
        Column("owner", gettext_lazy("Owner"), getter=lambda r: r.case.project.owner.name, width=28),
        Column("purpose", gettext_lazy("Purpose"), width=36),
        Column("status", gettext_lazy("State"), kind="choice", choices=FundingStatus.choices, width=14),
        Column("amount", gettext_lazy("Amount requested"), kind="money", width=14),
        Column("approved", gettext_lazy("Amount approved"), kind="money", width=14),
        Column("paid", gettext_lazy("Amount disbursed"), kind="money", width=14),
        Column("requested", gettext_lazy("Requested on"), getter=lambda r: r.requested_at, kind="date", width=12),
        Column("batch", gettext_lazy("Batch"), getter=lambda r: str(r.batch) if r.batch else "", width=22),
        Column("decided", pgettext_lazy("funding", "Approved on"), getter=lambda r: r.decided_at, kind="date", width=12),
        Column("payments", gettext_lazy("Payments"), getter=_payments, width=40),
    ),
)  # fmt: skip


def _filters(actor: Actor, params: Params) -> FundingFilters:
    return read_filters({name: values[-1] for name, values in params.items() if values}, actor)


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return listed(actor, _filters(actor, params)).prefetch_related("payments").iterator(chunk_size=500)


def may_read(actor: Actor) -> bool:
    return is_convener(actor) or files(actor) or approves(actor) or reads_cases(actor)


FUNDING_EXPORT = Export(
    kind=LINES.key, sheet=LINES, rows=_rows,
    count=lambda actor, params: lines_of(actor, _filters(actor, params)).count(),
    refuse=lambda actor, params: "" if may_read(actor) else None,
    filter_line=lambda actor, params: _filters(actor, params).words(),
    name_parts=lambda actor, params: [actor.organisation.short_name, LINES.heading()],
    back_url=lambda params: reverse("reserve:funding"),
)  # fmt: skip
