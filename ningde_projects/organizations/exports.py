"""The lists of offices, accounts and duties as files: the rows of the page, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.shell.formats import full_stamp

from . import policies, selectors
from .actor import Actor
from .duties import Duty, OrgKind
from .lists import Listing
from .models import Rank


def _flat(params: Params) -> Mapping[str, str]:
    return {name: values[-1] for name, values in params.items() if values}


def _instant(value: Any) -> str:
    return full_stamp(value) if value else ""


def _rank(person: Any) -> str:
    return str(Rank(person.rank).label) if person.rank else ""


def _duties(person: Any) -> str:
    return "、".join(str(Duty(held.duty).label) for held in person.duties_now)


def _organisation_listing(actor: Actor, params: Params) -> Listing:
    return selectors.organisation_list(actor, _flat(params))


def _people_listing(actor: Actor, params: Params) -> Listing:
    return selectors.people_list(actor, _flat(params), actor.at)


def _duty_listing(actor: Actor, params: Params) -> Listing:
    return selectors.duty_list(actor, _flat(params), actor.at)


ORGANISATIONS = Sheet(
    "organisations", _("Offices"), title=_("Register of offices"),
    columns=(
        Column("name", _("Name"), width=36),
        Column("short_name", _("Short name"), width=20),
        Column("kind", pgettext_lazy("organisation", "Kind"), kind="choice", choices=OrgKind.choices, width=18),
        Column("place", _("Place"), getter=lambda o: o.place.name, width=16),
        Column("parent", _("Parent organisation"), getter=lambda o: o.parent.name if o.parent else "", width=28),
        Column("credit_code", _("Unified social credit code"), width=22),
        Column("people_count", _("Open accounts"), kind="integer", width=10),
        Column("state", _("State"), kind="choice", choices=list(selectors.STATES.items()), width=10),
    ),
)  # fmt: skip
PEOPLE = Sheet(
    "people", pgettext_lazy("page", "Accounts"), title=_("Register of accounts"),
    columns=(
        Column("name", pgettext_lazy("person", "Name"), width=14),
        Column("username", _("Account name"), width=22),
        Column("organisation", _("Organisation"), getter=lambda u: u.organisation.name, width=32),
        Column("section", _("Section"), width=18),
        Column("title", _("Position"), width=18),
        Column("rank", pgettext_lazy("person", "Rank"), getter=_rank, width=12),
        Column("duties", _("Duties"), getter=_duties, width=28),
        Column("state", _("State"), kind="choice", choices=list(selectors.PERSON_STATES.items()), width=12),
        Column("last_login", _("Last signed in"), getter=lambda u: _instant(u.last_login), width=20),
    ),
)  # fmt: skip
DUTIES = Sheet(
    "duties", pgettext_lazy("sheet", "Duties"), title=_("Who holds which duty"),
    columns=(
        Column("name", pgettext_lazy("person", "Name"), getter=lambda a: a.user.name, width=14),
        Column("username", _("Account name"), getter=lambda a: a.user.username, width=22),
        Column("duty", pgettext_lazy("grant", "Duty"), kind="choice", choices=Duty.choices, width=16),
        Column("organisation", _("Organisation"), getter=lambda a: a.organisation.name, width=32),
        Column("valid_from", _("From"), getter=lambda a: _instant(a.valid_from), width=20),
        Column("valid_to", _("Until"), getter=lambda a: _instant(a.revoked_at or a.valid_to), width=20),
        Column("granted_by", _("Granted by"), getter=lambda a: a.granted_by.name if a.granted_by else "", width=14),
        Column("reason", _("Reason"), width=30),
        Column("state", _("State"), kind="choice", choices=list(selectors.DUTY_STATES.items()), width=12),
    ),
)  # fmt: skip

EXPORTS = (
    Export(
        "organisations", ORGANISATIONS,
        rows=lambda a, p: selectors.with_people(_organisation_listing(a, p).rows()).iterator(chunk_size=1000),
        count=lambda a, p: _organisation_listing(a, p).rows().count(),
        refuse=lambda a, p: policies.reading_refusal(a),
        filter_line=lambda a, p: _organisation_listing(a, p).in_words(),
        back_url=lambda p: reverse("organizations:organisations"),
        is_administrative=True,
    ),
    Export(
        "people", PEOPLE,
        rows=lambda a, p: selectors.with_duties(_people_listing(a, p).rows(), a.at).iterator(chunk_size=1000),
        count=lambda a, p: _people_listing(a, p).rows().count(),
        refuse=lambda a, p: policies.reading_refusal(a),
        filter_line=lambda a, p: _people_listing(a, p).in_words(),
        back_url=lambda p: reverse("organizations:people"),
        is_administrative=True,
    ),
    Export(
        "duties", DUTIES,
        rows=lambda a, p: selectors.for_duty_table(_duty_listing(a, p).rows()).iterator(chunk_size=1000),
        count=lambda a, p: _duty_listing(a, p).rows().count(),
        refuse=lambda a, p: policies.duties_reading_refusal(a),
        filter_line=lambda a, p: _duty_listing(a, p).in_words(),
        back_url=lambda p: reverse("organizations:duties"),
        is_administrative=True,
    ),
)  # fmt: skip
