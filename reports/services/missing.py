"""D2 in one statement: who is told of reports that have not been filed, each person once for all of his.

Thousands of reports may be owed when the deadline passes; what it costs must not be the reading and writing of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ningde_projects.notices.services import notify_digests
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.consequences import Firing
from ningde_projects.projects.models import Post

from ..workflow import OWED

#: In the order of the register, so that the first one named is the one that stands first there.
_OWED = """
owed AS MATERIALIZED (
    SELECT r.public_id, r.owner_id, r.receiver_id, r.project_id, p.name,
           row_number() OVER (ORDER BY place."order", p.id, r.id) AS number
    FROM reports_report r
    JOIN projects_project p ON p.id = r.project_id
    JOIN organizations_place place ON place.id = p.place_id
    WHERE r.kind = 'monthly' AND r.month = %(month)s AND r.status = ANY (%(owed)s)
      AND r.first_submitted_at IS NULL
      AND (%(only)s::bigint[] IS NULL OR r.owner_id = ANY (%(only)s::bigint[]))
      AND NOT r.owner_id = ANY (%(excluded)s::bigint[])
)"""
#: As `in_force` says: whoever holds a duty now, acting persons included.
_HELD = """
held AS MATERIALIZED (
    SELECT a.organisation_id, a.duty, a.user_id
    FROM organizations_assignment a JOIN organizations_user u ON u.id = a.user_id AND u.is_active
    WHERE a.valid_from <= %(at)s AND (a.valid_to IS NULL OR a.valid_to > %(at)s) AND a.revoked_at IS NULL
      AND a.duty = ANY (%(duties)s)
    UNION
    SELECT d.organisation_id, d.duty, d.delegate_id
    FROM organizations_delegation d JOIN organizations_user u ON u.id = d.delegate_id AND u.is_active
    WHERE d.valid_from <= %(at)s AND (d.valid_to IS NULL OR d.valid_to > %(at)s) AND d.revoked_at IS NULL
      AND d.duty = ANY (%(duties)s)
)"""
#: Person, audience, report: each combination once, however many duties lead to it.
_CONCERNED = """
concerned AS (
    SELECT h.user_id, 'owner' AS audience, o.number
    FROM owed o JOIN held h ON h.organisation_id = o.owner_id AND h.duty = %(report)s
    UNION
    SELECT h.user_id, 'receiver', o.number
    FROM owed o JOIN held h ON h.organisation_id = o.receiver_id AND h.duty <> %(report)s
    UNION
    SELECT p.user_id, 'direct', o.number
    FROM owed o JOIN projects_responsible p ON p.project_id = o.project_id AND p.valid_to IS NULL
     AND p.post = ANY (%(posts)s)
)"""
_DIGEST = """
digest AS (
    SELECT c.user_id, %(addresses)s::jsonb ->> c.audience AS url,
           %(dedupe)s || CASE c.audience WHEN 'owner' THEN '' ELSE ':' || c.audience END AS dedupe,
           jsonb_build_object('count', c.count, 'first', o.name, 'month', %(month)s::text, 'days', %(days)s::int)
           AS params
    FROM (SELECT user_id, audience, count(*), min(number) AS first
          FROM concerned WHERE audience = ANY (%(audiences)s) GROUP BY user_id, audience) c
    JOIN owed o ON o.number = c.first
)"""
_FOUND = """
SELECT count(*), coalesce(array_agg(public_id::text ORDER BY number) FILTER (WHERE number <= 500), '{}') FROM owed"""


@dataclass(frozen=True)
class Told:
    people: int
    missing: int
    #: Their public ids, the first five hundred.
    reports: list[str]


def tell_of_missing(kind: str, addresses: Mapping[str, str], firing: Firing, at: datetime) -> Told:
    """Tell the audiences (owner, receiver, direct) named in `addresses`, which also says where each is led."""
    values = {
        "month": str(firing.month), "owed": [status.value for status in OWED], "at": at, "days": firing.days_before,
        "only": None if firing.only is None else list(firing.only), "excluded": list(firing.excluded),
        "report": Duty.REPORT.value, "duties": [d.value for d in (Duty.REPORT, Duty.REVIEW, Duty.DISPATCH)],
        "posts": [Post.COUNTY_DIRECT.value, Post.INDUSTRY_DIRECT.value], "audiences": list(addresses),
        "addresses": json.dumps(addresses), "dedupe": f"{firing.job}:{firing.month}",
    }  # fmt: skip
    digests = ",".join((_OWED, _HELD, _CONCERNED, _DIGEST))
    people, (missing, reports) = notify_digests(kind, digests, values, at=at, answer=_FOUND)
    return Told(people, missing, reports)
