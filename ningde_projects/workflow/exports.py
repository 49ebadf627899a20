"""The record as a file: what the auditor sees on the page, without the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty

from .selectors import Filters
from .shown import Shown, shown

KIND = "record"


def _facts(row: Shown) -> str:
    return _("; ").join(f"{fact.label}={fact.value}" for fact in row.facts)


SHEET = Sheet(
    key=KIND, name=_("Record"), title=_("Record of acts"),
    columns=(
        Column("at", _("Time"), getter=lambda s: f"{timezone.localtime(s.act.at):%Y-%m-%d %H:%M:%S}", width=20),
        Column("organisation", _("Organisation"), getter=lambda s: s.act.organisation_text, width=28),
        Column("user", _("Person"), getter=lambda s: s.act.user_text, width=12),
        Column("principal", _("Acting for"), getter=lambda s: s.act.principal_text, width=12),
        Column("machine", _("Kind"), getter=lambda s: s.kind, width=16),
        Column("name", _("Act"), getter=lambda s: s.name, width=18),
        Column("object", _("Object"), getter=lambda s: s.object, width=44),
        Column("states", _("State"), getter=lambda s: s.states, width=22),
        Column("reason", _("Reason"), width=40),
        Column("data", _("Facts"), getter=_facts, width=50),
        Column("ip", _("Address"), getter=lambda s: s.act.ip, width=16),
        Column("request_id", _("Request number"), getter=lambda s: s.act.request_id, width=20),
        Column("number", _("Number in the record"), getter=lambda s: str(s.act.pk), width=14),
    ),
)  # fmt: skip


def _filters(actor: Actor, params: Params) -> Filters:
    return Filters.read({name: values[-1] for name, values in params.items() if values}, actor.at)


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return shown(_filters(actor, params).rows().iterator(chunk_size=1000))


def _refuse(actor: Actor, params: Params) -> str | None:
    return "" if actor.has(Duty.ADMIN_AUDIT) else None


EXPORT = Export(
    kind=KIND,
    sheet=SHEET,
    rows=_rows,
    count=lambda actor, params: _filters(actor, params).rows().count(),
    refuse=_refuse,
    filter_line=lambda actor, params: _filters(actor, params).in_words(),
    name_parts=lambda actor, params: [str(SHEET.title)],
    back_url=lambda params: reverse("workflow:records"),
    is_administrative=True,
)
