"""Applications and lapsing items as files: the rows that are on screen (E2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import local_date
from ningde_projects.projects.policies import reading_refusal

from ..selectors.applications import STATES, in_state, listed
from ..selectors.duplicates import pairs_in_pool
from ..selectors.items import lapsing_rows
from ..workflow.applications import ApplicationStatus


def _day(value: Any) -> Any:
    return local_date(value) if value else None


APPLICATION_SHEET = Sheet(
    key="reserve-applications",
    name=_("Reserve applications"),
    title=_("Reserve applications"),
    columns=(
        Column("name", _("Project name"), width=36, getter=str),
        Column("place", _("County"), width=14, getter=lambda a: a.project.place.name if a.project else None),
        Column("applicant", _("applicant office"), width=28, getter=lambda a: a.applicant.name),
        Column("status", _("State"), kind="choice", choices=ApplicationStatus.choices, width=14),
        Column("submitted", pgettext_lazy("reserve", "Filed on"), kind="date", width=12,
               getter=lambda a: _day(a.submitted_at)),
        Column("county", _("County side"), kind="date", width=14, getter=lambda a: _day(a.county_passed_at)),
        Column("industry", _("Industry side"), kind="date", width=14, getter=lambda a: _day(a.industry_passed_at)),
        Column("passed", _("passed on"), kind="date", width=12, getter=lambda a: _day(a.passed_at)),
    ),
)  # fmt: skip

LAPSING_SHEET = Sheet(
    key="reserve-items",
    name=_("Preliminary items"),
    title=_("Approvals about to lapse"),
    columns=(
        Column("project", _("Project name"), width=36, getter=lambda i: i.project.name),
        Column("place", _("County"), width=14, getter=lambda i: i.project.place.name),
        Column("owner", _("Owner"), width=28, getter=lambda i: i.project.owner.name),
        Column("kind", _("preliminary item"), width=26, getter=lambda i: i.kind.name),
        Column("authority", _("department in charge"), width=20, getter=lambda i: i.kind.authority),
        Column("document_no", _("document number"), width=24),
        Column("approved_on", pgettext_lazy("item", "approved on"), kind="date", width=12),
        Column("valid_until", pgettext_lazy("item", "valid until"), kind="date", width=12),
    ),
)


def state_of(params: Params) -> str:
    value = (params.get("state") or ["all"])[-1]
    return value if value in STATES else "all"


def _applications(actor: Actor, params: Params) -> Any:
    text = " ".join((params.get("q") or [""])[-1].replace("\0", "").split())[:60]
    rows = in_state(listed(actor), state_of(params), actor)
    return rows.filter(name__icontains=text) if text else rows


def _lapsing(actor: Actor, params: Params) -> Any:
    return lapsing_rows(actor, actor.at)


def _iterate(rows: Any) -> Iterable[Any]:
    return rows.iterator(chunk_size=1000)  # type: ignore[no-any-return]


APPLICATIONS = Export(
    kind="reserve-applications",
    sheet=APPLICATION_SHEET,
    rows=lambda actor, params: _iterate(_applications(actor, params)),
    count=lambda actor, params: _applications(actor, params).count(),
    refuse=lambda actor, params: reading_refusal(actor),
    back_url=lambda params: reverse("reserve:applications"),
)
LAPSING = Export(
    kind="reserve-items",
    sheet=LAPSING_SHEET,
    rows=lambda actor, params: _iterate(_lapsing(actor, params)),
    count=lambda actor, params: _lapsing(actor, params).count(),
    refuse=lambda actor, params: reading_refusal(actor),
    back_url=lambda params: reverse("reserve:lapsing"),
)


def _record_columns(side: str, title: Any) -> tuple[Column, ...]:
    """One record of a pair: name, county, owner, total."""

    def of(pair: Any) -> Any:
        return getattr(pair, side)

    return (
        Column(side, title, width=36, getter=lambda p: of(p).name),
        Column(f"{side}_place", _("County"), width=14, getter=lambda p: of(p).place.name),
        Column(f"{side}_owner", _("Owner"), width=28, getter=lambda p: of(p).owner.name),
        Column(
            f"{side}_total",
            _("Total investment"),
            kind="money",
            width=16,
            getter=lambda p: of(p).total_investment,
        ),
    )


DUPLICATES_SHEET = Sheet(
    key="reserve-duplicates",
    name=_("Possibly the same project"),
    title=_("Possibly the same project"),
    unit_line=_("Unit: 10,000 yuan"),
    columns=(
        *_record_columns("first", _("One record")),
        *_record_columns("second", _("The other record")),
        Column("why", pgettext_lazy("pair", "Why"), width=20),
    ),
)


def _commission_only(actor: Actor, params: Params) -> Any:
    if actor.is_administrator:
        return None
    return (
        ""
        if actor.has(Duty.DISPATCH)
        else _("Only the commission merges records, or says that two are different.")
    )


DUPLICATES = Export(
    kind="reserve-duplicates",
    sheet=DUPLICATES_SHEET,
    rows=lambda actor, params: pairs_in_pool(actor),
    count=lambda actor, params: len(pairs_in_pool(actor)),
    refuse=_commission_only,
    back_url=lambda params: reverse("reserve:duplicates"),
)
