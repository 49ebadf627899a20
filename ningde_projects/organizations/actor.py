"""Who acts: a person at an instant with the duties held then, own or delegated; or the system itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from .duties import ADMIN_DUTIES, Duty
from .models import Assignment, Delegation, Organisation, User


@dataclass(frozen=True)
class Held:
    """A duty held for an organisation; `principal` is the person acted for, None for one's own duty."""

    duty: Duty
    organisation: Organisation
    principal: User | None = None
    #: When acting for the principal ends (the first instant after it); None for one's own duty.
    until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Actor:
    """A person at an instant. Rights come from `held` alone, so a duty that ended a second ago is gone."""

    user: User
    at: datetime
    held: tuple[Held, ...] = field(default=())
    ip: str = ""
    request_id: str = ""

    @property
    def organisation(self) -> Organisation:
        return self.user.organisation

    @cached_property
    def duties(self) -> frozenset[Duty]:
        return frozenset(h.duty for h in self.held)

    def has(self, duty: Duty, organisations: Iterable[int] | None = None) -> bool:
        """Holds the duty (for one of the organisations, when they are named)."""
        return self.as_holder(duty, organisations) is not None

    def as_holder(self, duty: Duty, organisations: Iterable[int] | None = None) -> Held | None:
        """The holding that entitles; one's own goes before a delegated one."""
        wanted = None if organisations is None else set(organisations)
        fitting = [h for h in self.held if h.duty == duty and (wanted is None or h.organisation.pk in wanted)]
        return min(fitting, key=lambda h: h.principal is not None, default=None)

    def offices(self, *duties: Duty) -> frozenset[int]:
        """Ids of the organisations for which any of the duties is held."""
        return frozenset(h.organisation.pk for h in self.held if h.duty in duties)

    def held_of(self, *duties: Duty) -> list[Held]:
        return [h for h in self.held if h.duty in duties]

    @property
    def is_administrator(self) -> bool:
        return bool(self.duties & ADMIN_DUTIES)


@dataclass(frozen=True)
class SystemActor:
    """The deadlines' own hand; holds no duty and sees nothing, it only makes the table's system transitions."""

    at: datetime
    ip: str = ""
    request_id: str = ""


AnyActor = Actor | SystemActor


def in_force(at: datetime) -> Q:
    """Assignments and delegations that hold at an instant."""
    return (
        Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at)) & Q(revoked_at__isnull=True)
    )


def load_actor(user: User, at: datetime, *, ip: str = "", request_id: str = "") -> Actor:
    """Read a person's duties at an instant: two queries."""
    if not user.is_active:
        return Actor(user, at, (), ip, request_id)
    own = [
        Held(Duty(a.duty), a.organisation)
        for a in Assignment.objects.filter(in_force(at), user=user).select_related("organisation__place")
    ]
    acting = [
        Held(Duty(d.duty), d.organisation, d.principal, d.valid_to)
        for d in Delegation.objects.filter(
            in_force(at), _principal_still_holds(at), delegate=user
        ).select_related("organisation__place", "principal")
    ]
    return Actor(user, at, (*own, *acting), ip, request_id)


def _principal_still_holds(at: datetime) -> Q:
    """A delegation lives no longer than the duty behind it."""
    held = Assignment.objects.filter(
        in_force(at),
        user=OuterRef("principal"),
        duty=OuterRef("duty"),
        organisation=OuterRef("organisation"),
    )
    return Q(Exists(held)) & Q(principal__is_active=True)


def holders(duty: Duty, organisation_ids: Iterable[int], at: datetime) -> list[User]:
    """Everyone who holds the duty for one of the organisations now, acting persons included."""
    return holders_of_any([duty], organisation_ids, at)


def holders_of_any(duties: Iterable[Duty], organisation_ids: Iterable[int], at: datetime) -> list[User]:
    """Everyone who holds one of the duties, once."""
    wanted, named = list(organisation_ids), list(duties)
    if not wanted:
        return []
    own = Assignment.objects.filter(in_force(at), duty__in=named, organisation__in=wanted)
    acting = Delegation.objects.filter(
        in_force(at), _principal_still_holds(at), duty__in=named, organisation__in=wanted
    )
    return list(
        User.objects.filter(
            Q(pk__in=own.values("user")) | Q(pk__in=acting.values("delegate")), is_active=True
        ).order_by("pk")
    )
