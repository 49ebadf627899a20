"""Reads of offices, people, duties and delegations, for pages and exports alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import policies
from .actor import Actor, in_force
from .duties import ADMIN_DUTIES, BUSINESS_DUTIES, DUTIES_OF_KIND, Duty, OrgKind
from .lists import Facet, Listing, search_words
from .models import Assignment, Delegation, Organisation, Place, User

STATES = {"open": pgettext_lazy("status", "In operation"), "closed": pgettext_lazy("status", "Closed down")}
PERSON_STATES = {
    "open": pgettext_lazy("status", "In use"),
    "waiting": pgettext_lazy("status", "Never signed in"),
    "suspended": pgettext_lazy("status", "Suspended, unused"),
    "closed": pgettext_lazy("status", "Account closed"),
}
HOLDING = {"some": _("With a duty"), "none": _("Without a duty")}
DUTY_STATES = {
    "now": pgettext_lazy("status", "Held now"),
    "later": pgettext_lazy("status", "From a later day"),
    "over": pgettext_lazy("status", "Ended"),
}


def _text(*whens: When, default: str) -> Case:
    return Case(*whens, default=Value(default), output_field=CharField())


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """All for the administrators and the commission; for a county bureau its own place."""
    rows = Organisation.objects.select_related("place", "parent")
    if actor.duties & policies.READERS:
        return rows
    return rows.filter(place__in=policies.bureau_places(actor))


def people_visible_to(actor: Actor) -> QuerySet[User]:
    rows = User.objects.select_related("organisation__place")
    if actor.duties & policies.READERS:
        return rows
    return rows.filter(organisation__place__in=policies.bureau_places(actor))


def assignments_visible_to(actor: Actor) -> QuerySet[Assignment]:
    if actor.duties & ADMIN_DUTIES:
        return Assignment.objects.all()
    return Assignment.objects.none()


def delegations_visible_to(actor: Actor) -> QuerySet[Delegation]:
    """One's own, given and held; the administrators see them all."""
    rows = Delegation.objects.select_related("principal", "delegate", "organisation__place", "created_by")
    if actor.duties & ADMIN_DUTIES:
        return rows
    return rows.filter(Q(principal=actor.user) | Q(delegate=actor.user))


def places() -> dict[str, str]:
    return dict(Place.objects.values_list("code", "name"))


def organisation_list(actor: Actor, query: Mapping[str, str]) -> Listing:
    found = organisations_visible_to(actor).annotate(
        state=_text(When(is_active=True, then=Value("open")), default="closed")
    )
    if words := search_words(query):
        found = found.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(credit_code__iexact=words)
        )
    return Listing(
        found,
        (
            Facet("kind", pgettext_lazy("organisation", "Kind"), "kind", dict(OrgKind.choices)),
            Facet("place", _("Place"), "place__code", places()),
            Facet("state", _("State"), "state", STATES, default="open"),
        ),
        query,
    )


def with_people(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """`people_count` of open accounts, for one page of the list."""
    return rows.annotate(people_count=Count("people", filter=Q(people__is_active=True))).order_by(
        "place__order", "order", "name"
    )


def _held_now(at: datetime) -> Exists:
    return Exists(Assignment.objects.filter(in_force(at), user=OuterRef("pk")))


def people_list(actor: Actor, query: Mapping[str, str], at: datetime) -> Listing:
    found = people_visible_to(actor).annotate(
        state=_text(
            When(suspended_at__isnull=False, then=Value("suspended")),
            When(is_active=False, then=Value("closed")),
            When(password__startswith=UNUSABLE_PASSWORD_PREFIX, then=Value("waiting")),
            default="open",
        ),
        holding=_text(When(_held_now(at), then=Value("some")), default="none"),
    )
    if words := search_words(query):
        found = found.filter(
            Q(name__icontains=words) | Q(username__icontains=words) | Q(organisation__name__icontains=words)
            | Q(title__icontains=words) | Q(section__icontains=words)
        )  # fmt: skip
    return Listing(
        found,
        (
            Facet("kind", _("Kind of office"), "organisation__kind", dict(OrgKind.choices)),
            Facet("place", _("Place"), "organisation__place__code", places()),
            Facet("holding", _("Duties"), "holding", HOLDING),
            Facet("state", _("State"), "state", PERSON_STATES),
        ),
        query,
    )


def with_duties(rows: QuerySet[User], at: datetime) -> QuerySet[User]:
    """`duties_now` on each person, one query for a whole page."""
    held = Assignment.objects.filter(in_force(at)).select_related("organisation").order_by("duty")
    return rows.prefetch_related(Prefetch("assignments", queryset=held, to_attr="duties_now")).order_by(
        "organisation__place__order", "organisation__order", "organisation__name", "pk"
    )


def duty_list(actor: Actor, query: Mapping[str, str], at: datetime) -> Listing:
    ended = Q(revoked_at__isnull=False) | Q(valid_to__lte=at)
    found = assignments_visible_to(actor).annotate(
        state=_text(
            When(ended, then=Value("over")), When(valid_from__gt=at, then=Value("later")), default="now"
        )
    )
    if words := search_words(query):
        found = found.filter(
            Q(user__name__icontains=words)
            | Q(user__username__icontains=words)
            | Q(organisation__name__icontains=words)
        )
    return Listing(
        found,
        (
            Facet("duty", _("Duty"), "duty", dict(Duty.choices)),
            Facet("place", _("Place"), "organisation__place__code", places()),
            Facet("state", _("State"), "state", DUTY_STATES, default="now"),
        ),
        query,
    )


def for_duty_table(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.select_related("user", "organisation__place", "granted_by", "revoked_by").order_by(
        "organisation__place__order",
        "organisation__order",
        "organisation__name",
        "duty",
        "user__name",
        "-valid_from",
    )


def grantable(person: User) -> list[tuple[str, str]]:
    """Duties that an office of this kind has, in the order of the notice."""
    allowed = DUTIES_OF_KIND.get(person.organisation.kind, frozenset())
    return [(duty.value, str(duty.label)) for duty in Duty if duty in allowed]


def duties_of(person: User) -> QuerySet[Assignment]:
    """All that the person holds and held, what is in force first."""
    return (
        Assignment.objects.filter(user=person)
        .select_related("organisation", "granted_by", "revoked_by")
        .order_by(F("revoked_at").desc(nulls_first=True), "duty")
    )


def delegable(user: User, at: datetime) -> QuerySet[Assignment]:
    """Own duties in the work that somebody else can be let act in."""
    return (
        Assignment.objects.filter(in_force(at), user=user, duty__in=BUSINESS_DUTIES)
        .select_related("organisation__place", "user")
        .order_by("duty")
    )


def deputies(own: User) -> QuerySet[User]:
    """Colleagues of the same office first, then those of other offices of the place of the same kind."""
    office = own.organisation
    same = Case(When(organisation=office, then=Value(0)), default=Value(1))
    admins = Assignment.objects.filter(duty__in=ADMIN_DUTIES, revoked_at__isnull=True).values("user")
    return (
        User.objects.filter(
            is_active=True, organisation__place=office.place_id, organisation__kind=office.kind
        )
        .exclude(pk=own.pk)
        .exclude(pk__in=admins)
        .select_related("organisation")
        .order_by(same, "organisation__order", "organisation__name", "pk")
    )


def offices_to_move_to(actor: Actor, person: User) -> QuerySet[Organisation]:
    """Offices whose accounts this administrator keeps as well: all, or the owners of a bureau's own place."""
    rows = Organisation.objects.filter(is_active=True).exclude(pk=person.organisation_id)
    if not actor.has(Duty.ADMIN_SYSTEM):
        rows = rows.filter(kind=OrgKind.OWNER, place__in=policies.bureau_places(actor))
    return rows.select_related("place").order_by("place__order", "order", "name")


def colleagues(person: User) -> QuerySet[User]:
    """Who can take over from the person."""
    return (
        User.objects.filter(is_active=True, organisation=person.organisation_id)
        .exclude(pk=person.pk)
        .order_by("pk")
    )
