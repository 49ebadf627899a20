"""Fictional leaders where a demonstration lacks them: at municipal enterprises, and who heads each county."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Organisation, Rank, User
from ningde_projects.organizations.sample_names import PostOf, person_name, phone
from ningde_projects.organizations.samples import SINCE, sample_password

from .models import MainLeader
from .models.lists import Head

POSTS = (
    PostOf("副总经理", Rank.COUNTY, (Duty.LEAD, Duty.VIEW)),
    PostOf("工程部经理", Rank.TOWNSHIP, (Duty.DIRECT,), "工程部"),
)
HEADS_SINCE = date(2023, 11, 6)


@transaction.atomic
def seed_hookup_people(at: datetime) -> int:
    """Leaders and direct persons of municipal enterprises, heads of counties; again adds nobody."""
    return _enterprise_people(at) + _heads() + _secretaries(at)


def _enterprise_people(at: datetime) -> int:
    """Added after all others, so that no account of theirs is called otherwise."""
    number = User.objects.filter(is_sample=True).count()
    served = Assignment.objects.filter(duty=Duty.LEAD).values("organisation")
    offices = Organisation.objects.filter(
        kind=OrgKind.OWNER, is_municipal_enterprise=True, is_active=True
    ).exclude(pk__in=served)
    encoded = make_password(sample_password())
    people: list[tuple[User, PostOf]] = []
    for office in offices.order_by("pk"):
        for post in POSTS:
            person = User(
                username=f"gq_{office.pk}_{len(people) + 1}", name=person_name(number + len(people)),
                organisation=office, title=post.title, section=post.section, rank=post.rank,
                phone=phone(number + len(people)), is_sample=True, must_change_password=False, password=encoded,
                password_changed_at=at,
            )  # fmt: skip
            people.append((person, post))
    User.objects.bulk_create([person for person, _post in people])
    Assignment.objects.bulk_create(
        Assignment(user=person, duty=duty, organisation=person.organisation, valid_from=SINCE, reason="示例")
        for person, post in people
        for duty in post.duties
    )
    return len(people)


def _heads() -> int:
    """The chief of each county's government."""
    entered = MainLeader.objects.filter(head=Head.GOVERNMENT, valid_to__isnull=True).values("place")
    chiefs = (
        User.objects.filter(
            is_sample=True, rank=Rank.COUNTY_HEAD, organisation__kind=OrgKind.COUNTY_GOVERNMENT,
            assignments__duty=Duty.LEAD,
        )
        .exclude(organisation__place__in=entered)
        .exclude(pk__in=MainLeader.objects.filter(head=Head.PARTY).values("user"))
        .select_related("organisation")
        .order_by("organisation__place__order", "pk")
        .distinct()
    )  # fmt: skip
    first = {chief.organisation.place_id: chief for chief in reversed(list(chiefs))}
    MainLeader.objects.bulk_create(
        MainLeader(place_id=place, head=Head.GOVERNMENT, user=chief, valid_from=HEADS_SINCE)
        for place, chief in first.items()
    )
    return len(first)


def _secretaries(at: datetime) -> int:
    """Who heads each county's party committee; the account sits with the government, the committee is no office here."""
    entered = MainLeader.objects.filter(head=Head.PARTY, valid_to__isnull=True).values("place")
    offices = (
        Organisation.objects.filter(kind=OrgKind.COUNTY_GOVERNMENT, is_active=True)
        .exclude(place__in=entered)
        .select_related("place")
        .order_by("place__order", "pk")
    )
    number = User.objects.filter(is_sample=True).count()
    encoded = make_password(sample_password())
    people = [
        User(
            username=f"{office.place.code.lower()}_dw", name=person_name(number + n), organisation=office,
            title="党委主要负责人", rank=Rank.COUNTY_HEAD, phone=phone(number + n), is_sample=True,
            must_change_password=False, password=encoded, password_changed_at=at,
        )
        for n, office in enumerate(offices)
    ]  # fmt: skip
    User.objects.bulk_create(people)
    Assignment.objects.bulk_create(
        Assignment(user=person, duty=duty, organisation=person.organisation, valid_from=SINCE, reason="示例")
        for person in people
        for duty in (Duty.LEAD, Duty.VIEW)
    )
    MainLeader.objects.bulk_create(
        MainLeader(place=person.organisation.place, head=Head.PARTY, user=person, valid_from=HEADS_SINCE)
        for person in people
    )
    return len(people)
