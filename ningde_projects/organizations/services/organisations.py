"""Offices, enterprises and bodies: entered, changed, renamed, closed; never deleted (point 15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from .. import handover, policies, rules
from ..actor import Actor
from ..duties import Duty
from ..models import Industry, Organisation
from . import record

MACHINE = "organisation"
#: Facts that `update` changes; names have an act of their own, kind and place never change.
FACTS = ("parent", "is_factor_department", "is_municipal_enterprise", "credit_code", "email", "order")


def create(
    facts: Mapping[str, Any], industries: Iterable[Industry] = (), *, by: Actor, at: datetime
) -> Organisation:
    """Enter an organisation. Raises NotAllowed, RuleBroken."""
    place = facts["place"]
    holder = policies.need(policies.organisation_right(by, facts["kind"], place.pk))
    row = Organisation(**facts)
    _check(row)
    with transaction.atomic():
        _save(row)
        row.industries.set(industries)
        record.log(
            MACHINE, "created", row, by=by, at=at, holder=holder, place_id=place.pk,
            after={name: record.shown(value) for name, value in facts.items()},
        )  # fmt: skip
    return row


def update(
    organisation: Organisation, facts: Mapping[str, Any], industries: Iterable[Industry] | None = None,
    *, by: Actor, at: datetime, version: int | None = None,
) -> Organisation:  # fmt: skip
    """Change facts other than the name; with `chat_channel` the group chat too, whose empty address and secret stay.

    Raises NotAllowed, RuleBroken, StaleVersion.
    """
    holder = policies.need(policies.organisation_right(by, organisation.kind, organisation.place_id))
    with transaction.atomic():
        row = record.locked(organisation, version)
        changes = record.change(row, {name: value for name, value in facts.items() if name in FACTS})
        _check(row)
        if industries is not None:
            wanted = list(industries)
            before, after = record.names(row.industries.all()), record.names(wanted)
            if before != after:
                row.industries.set(wanted)
                changes["industries"] = [before, after]
        if "chat_channel" in facts and by.has(Duty.ADMIN_SYSTEM):
            changes |= _set_chat(row, facts)
        if changes:
            row.version += 1
            _save(row)
            record.log(
                MACHINE, "changed", row, by=by, at=at, holder=holder, place_id=row.place_id, changes=changes
            )
    return row


def _set_chat(row: Organisation, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> [before, after]; of address and secret the record learns only that they were changed."""
    channel = facts["chat_channel"]
    changes = record.change(row, {"chat_channel": channel})
    for name in ("chat_address", "chat_secret"):
        given = str(facts.get(name, "")).strip()
        after = (given or getattr(row, name)) if channel else ""
        if after != getattr(row, name):
            setattr(row, name, after)
            changes[name] = ["", "***" if after else ""]
    return changes


def rename(
    organisation: Organisation, name: str, short_name: str, reason: str,
    *, by: Actor, at: datetime, version: int | None = None,
) -> Organisation:  # fmt: skip
    """Give a new name from now on; what was filed keeps the name it was filed under."""
    holder = policies.need(policies.organisation_right(by, organisation.kind, organisation.place_id))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        row = record.locked(organisation, version)
        changes = record.change(row, {"name": name.strip(), "short_name": short_name.strip()})
        if not changes:
            raise RuleBroken(_("This is the present name already."), field="name")
        row.version += 1
        _save(row)
        record.log(
            MACHINE, "renamed", row, by=by, at=at, holder=holder, reason=reason.strip(), place_id=row.place_id,
            changes=changes,
        )  # fmt: skip
    return row


def close(
    organisation: Organisation, reason: str, *, by: Actor, at: datetime, version: int | None = None
) -> Organisation:
    """No new accounts and duties from now on; needs that nobody and nothing hangs on it any more."""
    holder = policies.need(policies.organisation_right(by, organisation.kind, organisation.place_id))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        row = record.locked(organisation, version)
        if not row.is_active:
            raise WrongState(_("This organisation is closed already."))
        hindering = closing_obstacles(row)
        if hindering:
            raise RuleBroken(" ".join(hindering))
        row.is_active, row.version = False, row.version + 1
        row.save()
        record.log(
            MACHINE, "closed", row, by=by, at=at, holder=holder, reason=reason.strip(), place_id=row.place_id,
            changes={"is_active": [True, False]},
        )  # fmt: skip
    return row


def reopen(
    organisation: Organisation, reason: str, *, by: Actor, at: datetime, version: int | None = None
) -> Organisation:
    holder = policies.need(policies.organisation_right(by, organisation.kind, organisation.place_id))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        row = record.locked(organisation, version)
        if row.is_active:
            raise WrongState(_("This organisation is open."))
        row.is_active, row.version = True, row.version + 1
        row.save()
        record.log(
            MACHINE, "reopened", row, by=by, at=at, holder=holder, reason=reason.strip(), place_id=row.place_id,
            changes={"is_active": [False, True]},
        )  # fmt: skip
    return row


def closing_obstacles(row: Organisation) -> list[str]:
    """What has to be settled first, each with the number and the way out."""
    found = []
    if row.kind in rules.CHAIN_KINDS:
        found.append(_("Reports of this place go through this office; rename it instead."))
    if people := row.people.filter(is_active=True).count():
        found.append(
            _("{n} open accounts belong to it; hand them over and close them first.").format(n=people)
        )
    if children := row.children.filter(is_active=True).count():
        found.append(
            _("{n} open organisations are below it; give them another parent first.").format(n=children)
        )
    return [*found, *handover.obstacles(row)]


def _check(row: Organisation) -> None:
    errors: dict[str, list[str]] = {}
    if wrong := rules.place_error(row.kind, is_municipal=row.place.is_municipal):
        errors["place"] = [str(wrong)]
    if wrong := rules.credit_code_error(row.credit_code):
        errors["credit_code"] = [str(wrong)]
    if row.parent_id and _is_above(row, row.parent):
        errors["parent"] = [_("An organisation cannot be below itself; choose another parent.")]
    if row.parent and not row.parent.is_active:
        errors["parent"] = [_("This organisation is closed; choose another parent.")]
    if errors:
        raise RuleBroken(_("Please correct what is marked."), errors=errors)


def _is_above(row: Organisation, other: Organisation | None) -> bool:
    """`row` is `other` or somewhere above it."""
    seen: set[int] = set()
    while other is not None and other.pk not in seen:
        if row.pk is not None and other.pk == row.pk:
            return True
        seen.add(other.pk)
        other = other.parent
    return False


def _save(row: Organisation) -> None:
    """Two constraints answer for names and for the one office of its kind per place."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "organisation_one_chain_office_per_place" in str(error):
            raise RuleBroken(
                _("{place} has an office of this kind already; rename that one instead.").format(
                    place=row.place
                ),
                field="kind",
            ) from error
        if "organisation_name_once_per_place" in str(error):
            raise RuleBroken(
                _("{place} has an organisation of this name already (closed ones count).").format(
                    place=row.place
                ),
                field="name",
            ) from error
        raise


def is_bureau_only(by: Actor) -> bool:
    """Keeps owners of its own place, but no offices."""
    return not by.has(Duty.ADMIN_SYSTEM) and not isinstance(policies.organisation_right(by), NotAllowed)
