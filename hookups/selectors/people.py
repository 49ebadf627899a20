"""Who can be named in an office's list, and who heads a county (one query each)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q

from ningde_projects.organizations.actor import in_force
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, User
from ningde_projects.projects.models import Post
from ningde_projects.projects.selectors import duty_of

from ..models import MainLeader
from ..models.lists import ListSide
from ..policies.lists import side_of

POSTS: dict[str, tuple[Post, Post]] = {
    ListSide.COUNTY: (Post.COUNTY_LEADER, Post.COUNTY_DIRECT),
    ListSide.INDUSTRY: (Post.INDUSTRY_LEADER, Post.INDUSTRY_DIRECT),
    ListSide.ENTERPRISE: (Post.SOE_LEADER, Post.SOE_DIRECT),
}


def candidates_of(office: Organisation, at: datetime) -> dict[str, list[User]]:
    """People with the duty that a post asks for, in the offices of this side; the rule of projects.candidates."""
    leader, direct = POSTS[side_of(office)]
    held = (
        Assignment.objects.filter(in_force(at), _where(office, leader) | _where(office, direct))
        .filter(user__is_active=True)
        .select_related("user__organisation", "organisation")
        .order_by("organisation__order", "user_id")
    )
    found: dict[str, dict[int, User]] = defaultdict(dict)
    for row in held:
        for post in (leader, direct):
            if row.duty == duty_of(post) and _sits(row.organisation, office, post):
                found[post][row.user_id] = row.user
    return {str(post): list(found[post].values()) for post in (leader, direct)}


def _kinds(post: Post) -> tuple[str, ...]:
    """Kinds of county offices that a county-side post is filled from."""
    if post == Post.COUNTY_LEADER:
        return (OrgKind.COUNTY_GOVERNMENT,)
    return (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT)


def _where(office: Organisation, post: Post) -> Q:
    rule = Q(duty=duty_of(post))
    if office.kind == OrgKind.COUNTY_BUREAU:
        return rule & Q(organisation__place=office.place_id, organisation__kind__in=_kinds(post))
    return rule & Q(organisation=office.pk)


def _sits(seat: Organisation, office: Organisation, post: Post) -> bool:
    if office.kind == OrgKind.COUNTY_BUREAU:
        return seat.place_id == office.place_id and seat.kind in _kinds(post)
    return seat.pk == office.pk


def heads_on(day: date, place_id: int | None = None) -> dict[int, set[int]]:
    """Place -> ids of the persons who head its party committee or government on a day."""
    rows = MainLeader.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    if place_id is not None:
        rows = rows.filter(place=place_id)
    found: dict[int, set[int]] = defaultdict(set)
    for place, user in rows.values_list("place_id", "user_id"):
        found[place].add(user)
    return found
