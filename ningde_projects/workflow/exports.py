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

from .acts import act_title, kind_title, status_title
from .models import Act
from .row_changes import plain
from .selectors import Filters

KIND = "record"


def _states(act: Act) -> str:
    if not act.to_status:
        return ""
    before, after = (status_title(act.machine, s) for s in (act.from_status, act.to_status))
    return after if before == after else f"{before} → {after}"


SHEET = Sheet(
    key=KIND, name=_("Record"), title=_("Record of acts"),
    columns=(
        Column("at", _("Time"), getter=lambda a: f"{timezone.localtime(a.at):%Y-%m-%d %H:%M:%S}", width=20),
        Column("organisation", _("Organisation"), getter=lambda a: a.organisation_text, width=28),
        Column("user", _("Person"), getter=lambda a: a.user_text, width=12),
        Column("principal", _("Acting for"), getter=lambda a: a.principal_text, width=12),
        Column("machine", _("Kind"), getter=lambda a: kind_title(a.machine), width=16),
        Column("name", _("Act"), getter=lambda a: act_title(a.machine, a.name), width=18),
        Column("object", _("Object"), getter=lambda a: a.object_text, width=44),
        Column("states", _("State"), getter=_states, width=22),
        Column("reason", _("Reason"), width=40),
        Column("data", _("Facts"), getter=lambda a: plain(a.data) if a.data else "", width=50),
        Column("ip", _("Address"), width=16),
        Column("request_id", _("Request number"), width=20),
        Column("number", _("Number in the record"), getter=lambda a: str(a.pk), width=14),
    ),
)  # fmt: skip


def _filters(actor: Actor, params: Params) -> Filters:
    return Filters.read({name: values[-1] for name, values in params.items() if values}, actor.at)


def _rows(actor: Actor, params: Params) -> Iterable[Any]:
    return _filters(actor, params).rows().iterator(chunk_size=1000)


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
)
