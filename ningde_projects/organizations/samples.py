"""Seeds fictional people into the offices, and one stand-in owner per place, for demonstrations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from ningde_projects.periods.month import midnight

from .basics import city_offices, county_offices
from .duties import DUTIES_OF_KIND, OrgKind
from .models import Assignment, Organisation, Place, User
from .sample_names import POSTS, STATISTICS_POSTS, PostOf, person_name, phone, surname_pinyin

#: For one's own machine only; SAMPLE_PASSWORD overrides it, and without DEMONSTRATION nobody is seeded.
DEFAULT_SAMPLE_PASSWORD = "Lantern-Harbour-27-demo"  # noqa: S105 - announced on the start page, made-up data only
#: Duties of samples begin with the notice, so that past months can be played through.
SINCE = midnight(date(2023, 11, 6))


def sample_password() -> str:
    """The one password of all sample accounts."""
    return getattr(settings, "SAMPLE_PASSWORD", "") or DEFAULT_SAMPLE_PASSWORD


def sample_owner(place: Place) -> Organisation:
    """Stands in for owners that are not published; named so that nobody takes it for an enterprise."""
    owner, _ = Organisation.objects.get_or_create(
        place=place,
        name=f"{place.name}项目业主（示例，未公布）",
        defaults={
            "short_name": f"{place.short_name}业主（示例）",
            "kind": OrgKind.OWNER,
            "is_sample": True,
            "order": 900,
        },
    )
    return owner


@transaction.atomic
def seed_people(at: datetime) -> list[User]:
    """Give every office without sample people its posts; returns whom it added. Running again adds nobody."""
    for place in Place.objects.all():
        sample_owner(place)
    already = User.objects.filter(is_sample=True).values("organisation")
    offices = (
        Organisation.objects.filter(is_active=True)
        .exclude(kind=OrgKind.PARTICIPANT)
        .exclude(pk__in=already)
        .select_related("place")
        .order_by("place__order", "order", "pk")
    )
    return people_for(sorted(offices, key=_comes_late), at)


def _comes_late(office: Organisation) -> bool:
    """The counties' finance offices were added after the others: theirs are the last names, so that the accounts that
    everyone knows by now stay what they are."""
    return office.kind == OrgKind.COUNTY_DEPARTMENT and office.name.endswith("财政局")


def people_for(offices: Iterable[Organisation], at: datetime) -> list[User]:
    """Fill the posts of these offices; names go on from the last one given."""
    number = User.objects.filter(is_sample=True).count()
    taken = set(User.objects.values_list("username", flat=True))
    keys = office_keys()
    encoded = make_password(sample_password())
    people: list[User] = []
    duties: list[tuple[User, PostOf]] = []
    for office in offices:
        key = keys.get((office.place.code, office.name), office.kind[:2])
        for post in posts_of(office, key):
            person = User(
                username=_account(office.place.code, key, number, taken),
                name=person_name(number),
                organisation=office,
                title=post.title,
                section=post.section,
                rank=post.rank,
                phone=phone(number),
                is_sample=True,
                must_change_password=False,
                password=encoded,
                password_changed_at=at,
            )
            people.append(person)
            duties.append((person, post))
            number += 1
    User.objects.bulk_create(people)
    Assignment.objects.bulk_create(
        Assignment(user=person, duty=duty, organisation=person.organisation, valid_from=SINCE, reason="示例")
        for person, post in duties
        for duty in post.duties
    )
    return people


def posts_of(office: Organisation, key: str) -> tuple[PostOf, ...]:
    posts = STATISTICS_POSTS if key == "tjj" else POSTS[office.kind]
    for post in posts:
        strange = set(post.duties) - DUTIES_OF_KIND[office.kind]
        if strange:
            raise ValueError(f"{office.kind} cannot hold {sorted(strange)}")
    return posts


def office_keys() -> dict[tuple[str, str], str]:
    """(place code, organisation name) -> the key that begins account names; owners have `yz`."""
    rows = [*city_offices()]
    for code in Place.objects.filter(is_municipal=False).values_list("code", flat=True):
        rows += county_offices(code)
    keys = {(row.place, row.name): row.key for row in rows}
    owners = Organisation.objects.filter(kind=OrgKind.OWNER).values_list("place__code", "name")
    return keys | dict.fromkeys(owners, "yz")


def _account(place: str, key: str, number: int, taken: set[str]) -> str:
    """`xp_fgj_zheng`, with a number when the office already has one of that surname."""
    stem = f"{place.lower()}_{key}_{surname_pinyin(number)}"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}{count}"
    taken.add(name)
    return name
