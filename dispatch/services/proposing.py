"""What is proposed of a new item: level with its reason, unit, leader, what is required (M8.2). In sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Post, Responsible
from reports.models import Opinion, Problem
from reports.models.opinions import OpinionResult
from reports.workflow import OpinionStatus

from ..rules import tiers

if TYPE_CHECKING:
    from .drawing import Candidate

_UNITS = (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)


@dataclass(frozen=True)
class Proposed:
    tier: str
    why: str
    problem_text: str
    requirement: str
    unit: Organisation | None
    leader: User | None
    leader_text: str = ""


@dataclass(frozen=True)
class _Known:
    """What all candidates are proposed from, read once."""

    opinions: dict[int, Opinion]
    governments: dict[int, Organisation]
    departments: dict[int, Organisation]
    leaders: dict[tuple[int, int | None, str], User]


def propose_all(month: Month, candidates: Sequence[Candidate], at: datetime) -> list[Proposed]:
    if not candidates:
        return []
    known = _known(candidates, at)
    return [_proposed(month, candidate, known) for candidate in candidates]


def reason_in_words(found: tiers.Proposal) -> str:
    """Why that level, as the pane and the file say it."""
    words = {
        tiers.ASKED: _("the county or the owner asks for this level"),
        tiers.UNRESOLVED: _("the same problem has gone unresolved for {n} monthly cycles").format(n=found.cycles),
        tiers.NEEDS_PROVINCE: _("its approval lies with the province"),
        tiers.MUNICIPAL: _("the city manages the project"),
        tiers.CARRIED: _("it has stood on the list for {n} months; one level more is proposed").format(n=found.cycles),
    }  # fmt: skip
    return "；".join(words[code] for code in found.why) or _("no reason for a higher level")


def _known(candidates: Sequence[Candidate], at: datetime) -> _Known:
    problems = [p.pk for c in candidates for p in c.problems]
    opinions: dict[int, Opinion] = {}
    rows = Opinion.objects.filter(problem__in=problems, status=OpinionStatus.SENT)
    rows = rows.exclude(result=OpinionResult.NOT_OURS).select_related("department")
    for row in rows.order_by("month", "sent_at"):
        opinions[row.problem_id] = row
    offices = Organisation.objects.filter(is_active=True).filter(
        Q(kind=OrgKind.COUNTY_GOVERNMENT) | Q(kind__in=_UNITS)
    )
    governments = {}
    departments = {}
    for office in offices.order_by("-pk"):
        if office.kind == OrgKind.COUNTY_GOVERNMENT:
            governments[office.place_id] = office
        else:
            departments[office.pk] = office
    return _Known(
        opinions, governments, departments, _leaders({c.project.pk for c in candidates}, local_date(at))
    )


def _leaders(projects: set[int], today: object) -> dict[tuple[int, int | None, str], User]:
    rows = Responsible.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), project__in=projects, valid_from__lte=today,
        post__in=[Post.COUNTY_LEADER, Post.INDUSTRY_LEADER],
    ).select_related("user")  # fmt: skip
    return {(r.project_id, r.place_id, r.post): r.user for r in rows.order_by("valid_from")}


def _proposed(month: Month, candidate: Candidate, known: _Known) -> Proposed:
    place = candidate.part.place if candidate.part else candidate.project.place
    found = tiers.propose(
        [matter_of(p, month) for p in candidate.problems],
        is_municipal=place.is_municipal or place.pk not in known.governments,
    )
    unit = _unit(found.tier, candidate, known)
    leader = _leader(found.tier, candidate, unit, known)
    opinions = [known.opinions[p.pk].text for p in candidate.problems if p.pk in known.opinions]
    said = joined(opinions) or joined(p.request for p in candidate.problems)
    at_city = found.tier == tiers.LEADER and leader is None
    return Proposed(
        found.tier, reason_in_words(found), _problem_text(candidate), said, unit, leader,
        pgettext("responsible leader", "vice-mayor in charge") if at_city else "",
    )  # fmt: skip


def matter_of(problem: Problem, month: Month) -> tiers.Matter:
    return tiers.Matter(
        problem.level,
        month - problem.first_month,
        problem.category.code,
        f"{problem.description} {problem.request}",
    )


def _problem_text(candidate: Candidate) -> str:
    """The problems' own words; a project that lags without a problem is described by why it lags."""
    texts = joined(p.description for p in candidate.problems)
    if texts or candidate.standing is None:
        return texts
    return "；".join(str(reason) for reason in candidate.standing.reasons)


def _unit(tier: str, candidate: Candidate, known: _Known) -> Organisation | None:
    if tier == tiers.COUNTY:
        return known.governments.get(candidate.place_id)
    for problem in candidate.problems:
        if problem.pk in known.opinions:
            return known.opinions[problem.pk].department
    for problem in candidate.problems:
        if problem.unit_id in known.departments:
            return problem.unit
        if problem.category.factor_department_id in known.departments:
            return problem.category.factor_department
    return known.departments.get(candidate.project.municipal_department_id or 0)


def _leader(
    tier: str, candidate: Candidate, unit: Organisation | None, known: _Known
) -> User | None:  # fmt: skip
    """The leader of the hookup on the side that coordinates; a city leader is named by the commission."""
    if tier == tiers.LEADER:
        return None
    post = Post.COUNTY_LEADER if tier == tiers.COUNTY else Post.INDUSTRY_LEADER
    for place in (candidate.place_id, None):
        user = known.leaders.get((candidate.project.pk, place, post))
        if user is not None and (tier == tiers.COUNTY or unit is None or user.organisation_id == unit.pk):
            return user
    return None


def joined(texts: Iterable[str]) -> str:
    """One text as it is, several numbered."""
    found = [text.strip() for text in texts if text.strip()]
    if len(found) < 2:
        return "".join(found)
    return "\n".join(_("{n}. {text}").format(n=n, text=text) for n, text in enumerate(found, 1))
