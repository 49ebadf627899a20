"""Acting for another: bounded, for one duty, never passed on; both names go into every act (settled point 14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.periods.month import local_date, midnight
from ningde_projects.shell.formats import full_date
from ningde_projects.shell.formats import last_day as day_before
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from .. import policies, rules
from ..actor import Actor, Held, in_force
from ..duties import ADMIN_DUTIES, Duty
from ..models import Assignment, Delegation, User
from . import record

MACHINE = "delegation"
Facts = dict[str, str | None]


def delegate(
    assignment: Assignment,
    deputy: User,
    first_day: date,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Let `deputy` act in a duty that the assignment's holder has himself, for at most 90 days, both days included.

    Only an own duty can be handed on, so what one holds by delegation goes no further.
    Raises NotAllowed, RuleBroken, WrongState.
    """
    principal = assignment.user
    holder = _right(by, principal)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    field, wrong = rules.span_error(first_day, last_day, local_date(at))
    if wrong:
        raise RuleBroken(wrong, field=field)
    begin = max(midnight(first_day), at)
    until = midnight(last_day + timedelta(days=1))
    with transaction.atomic():
        # In one order whoever asks: two delegations between the same two people must not wait for each other.
        people = User.objects.select_for_update().filter(pk__in=[principal.pk, deputy.pk]).order_by("pk")
        deputy = {person.pk: person for person in people}[deputy.pk]
        own = record.locked(assignment)
        _check_duty(own, at, until)
        _check_deputy(own, deputy, at)
        _check_overlap(own, begin, until)
        row = Delegation.objects.create(
            principal=own.user, delegate=deputy, duty=own.duty, organisation=own.organisation, valid_from=begin,
            valid_to=until, reason=reason.strip(), created_by=by.user, created_at=at,
        )  # fmt: skip
        act = _log("delegated", row, by, at, holder, reason.strip(), None, _facts(row))
        params = _params(row) | {"first": full_date(first_day), "last": full_date(last_day)}
        url = reverse("organizations:delegations")
        notify("delegation_given", [deputy], at=at, dedupe=f"act:{act.pk}", params=params, url=url)
        if principal.pk != by.user.pk:
            dedupe = f"act:{act.pk}:principal"
            notify("delegation_made", [principal], at=at, dedupe=dedupe, params=params, url=url)
    return row


def revoke_delegation(row: Delegation, reason: str, *, by: Actor, at: datetime) -> None:
    """End it now, before its time. Raises NotAllowed, RuleBroken, WrongState."""
    holder = _right(by, row.principal)
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        row = record.locked(row)
        if row.revoked_at is not None or row.valid_to <= at:
            raise WrongState(_("This delegation has ended already."))
        end(row, by=by, at=at, reason=reason.strip(), holder=holder)


def end(row: Delegation, *, by: Actor, at: datetime, reason: str, holder: Held | None = None) -> None:
    """Write the end of one that runs or is to come; the caller has the row and has asked for the right."""
    before = _facts(row)
    row.revoked_at = at
    row.save()
    act = _log("ended", row, by, at, holder, reason, before, _facts(row))
    notify("delegation_over", [row.delegate], at=at, dedupe=f"act:{act.pk}", params=_params(row))


def end_all_of(user: User, *, by: Actor, at: datetime, reason: str, holder: Held | None = None) -> int:
    """Whatever the person gave or holds, when the account closes."""
    rows = Delegation.objects.select_for_update(of=("self",)).filter(revoked_at__isnull=True, valid_to__gt=at)
    mine = [*rows.filter(principal=user), *rows.filter(delegate=user)]
    for row in mine:
        end(row, by=by, at=at, reason=reason, holder=holder)
    return len(mine)


def _right(by: Actor, principal: User) -> Held | None:
    right = policies.delegation_right(by, principal)
    if isinstance(right, NotAllowed):
        raise right
    return right


def _check_duty(own: Assignment, at: datetime, until: datetime) -> None:
    if own.duty in ADMIN_DUTIES:
        raise RuleBroken(
            _("Administration is never delegated; the security administrator grants it to another person."),
            field="assignment",
        )
    if not own.holds(at) or not own.user.is_active:
        raise WrongState(_("This duty has ended; only a duty held now can be delegated."))
    if own.valid_to is not None and own.valid_to < until:
        raise RuleBroken(
            _("The duty itself ends on {day}; the delegation cannot last longer.").format(
                day=full_date(day_before(own.valid_to))
            ),
            field="last_day",
        )


def _check_deputy(own: Assignment, deputy: User, at: datetime) -> None:
    if deputy.pk == own.user_id:
        raise RuleBroken(_("Nobody acts for himself; choose another person."), field="deputy")
    if not deputy.is_active:
        raise RuleBroken(_("This account is closed; choose another person."), field="deputy")
    if deputy.organisation.place_id != own.organisation.place_id:
        raise RuleBroken(
            _("The acting person has to belong to {place}.").format(place=own.organisation.place.name),
            field="deputy",
        )
    if wrong := rules.duty_error(own.duty, deputy.organisation.kind):
        raise RuleBroken(wrong, field="deputy")
    held = Assignment.objects.filter(revoked_at__isnull=True, user=deputy).exclude(valid_to__lte=at)
    if wrong := rules.separation_error(own.duty, set(held.values_list("duty", flat=True))):
        raise RuleBroken(wrong, field="deputy")
    if held.filter(in_force(at), duty=own.duty, organisation=own.organisation_id).exists():
        raise RuleBroken(_("This person holds the duty already and needs no delegation."), field="deputy")


def _check_overlap(own: Assignment, begin: datetime, until: datetime) -> None:
    """One duty of a person is with one deputy at a time, so that everyone knows who acts."""
    other = (
        Delegation.objects.filter(
            principal=own.user_id, duty=own.duty, organisation=own.organisation_id, revoked_at__isnull=True,
            valid_from__lt=until, valid_to__gt=begin,
        )
        .select_related("delegate")
        .first()
    )  # fmt: skip
    if other is not None:
        raise RuleBroken(
            _(
                "{name} acts in this duty from {first} to {last} already; end that first or choose other days."
            ).format(
                name=other.delegate.name,
                first=full_date(other.valid_from),
                last=full_date(day_before(other.valid_to)),
            ),
            field="first_day",
        )


def _facts(row: Delegation) -> Facts:
    return {
        "from": row.valid_from.isoformat(),
        "until": row.valid_to.isoformat(),
        "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _params(row: Delegation) -> dict[str, str]:
    return {
        "principal": row.principal.name,
        "delegate": row.delegate.name,
        "duty": str(Duty(row.duty).label),
        "organisation": row.organisation.name,
    }


def _log(
    name: str,
    row: Delegation,
    by: Actor,
    at: datetime,
    holder: Held | None,
    reason: str,
    before: Facts | None,
    after: Facts,
) -> Act:
    return record.log(
        MACHINE, name, row, by=by, at=at, holder=holder, reason=reason, place_id=row.organisation.place_id,
        text=f"{row.principal.name} → {row.delegate.name} · {Duty(row.duty).label}", principal=row.principal.name,
        delegate=row.delegate.name, duty=row.duty, organisation=row.organisation.name, before=before, after=after,
    )  # fmt: skip
