"""Reads of applications: the lists, one application with its reviews and what changed, who can do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.projects.models import InvestmentKind, Project
from ningde_projects.shell.flow import Step as FlowStep
from ningde_projects.shell.formats import money, short_stamp
from ningde_projects.shell.forms import MoneyField

from ..forms.applications import FUNDING, ApplicationForm
from ..forms.record import as_text, initial_of
from ..models import (
    Application,
    ApplicationFiling,
    ApplicationReview,
    CatalogueFit,
    Direction,
    FundingSource,
    Nature,
    PushTarget,
    Side,
)
from ..querysets.applications import ApplicationQuerySet
from ..workflow.applications import OPEN, ApplicationStatus

STATES: dict[str, Q] = {
    "waiting": Q(),
    "open": Q(status__in=sorted(OPEN)),
    "passed": Q(status=ApplicationStatus.PASSED),
    "withdrawn": Q(status=ApplicationStatus.WITHDRAWN),
    "all": Q(),
}


def reviewing_offices(actor: Actor) -> tuple[frozenset[int], frozenset[int]]:
    """Offices for which this person reviews: the county side's (the commission's included), the industry's."""
    county = actor.offices(Duty.REVIEW) | actor.offices(Duty.DISPATCH)
    return county, actor.offices(Duty.HANDLE)


def listed(actor: Actor) -> ApplicationQuerySet:
    rows: ApplicationQuerySet = Application.objects.visible_to(actor).select_related(
        "applicant", "project__place", "project__industry", "county_office", "industry_office", "created_by"
    )
    return rows


def in_state(rows: ApplicationQuerySet, state: str, actor: Actor) -> ApplicationQuerySet:
    if state == "waiting":
        return rows.waiting_for(*reviewing_offices(actor))
    return rows.filter(STATES[state])


def counts(actor: Actor) -> dict[str, int]:
    """Number of applications in each state of the list; one query."""
    county, industry = reviewing_offices(actor)
    waiting = Q(status=ApplicationStatus.SUBMITTED) & (
        Q(county_office__in=county, county_passed_at__isnull=True)
        | Q(industry_office__in=industry, industry_passed_at__isnull=True)
    )
    return Application.objects.visible_to(actor).aggregate(
        waiting=Count("pk", filter=waiting),
        open=Count("pk", filter=STATES["open"]),
        passed=Count("pk", filter=STATES["passed"]),
        withdrawn=Count("pk", filter=STATES["withdrawn"]),
        all=Count("pk"),
    )


def waiting(actor: Actor) -> ApplicationQuerySet:
    """Filed ones that wait for a side that this person reviews for, the longest waiting first."""
    rows: ApplicationQuerySet = (
        Application.objects.waiting_for(*reviewing_offices(actor))
        .select_related("applicant", "project__place")
        .order_by("submitted_at", "pk")
    )
    return rows


def application_of(actor: Actor, public_id: UUID) -> Application:
    """As this person may see it; Http404 for hidden and missing alike."""
    found = listed(actor).select_related("draft_saved_by", "submitted_by").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def draft_of_project(project: Project) -> dict[str, Any]:
    """Typed values that a new application for a project of the register starts with."""
    values: dict[str, Any] = {
        "name": project.name, "code": project.code, "place": project.place.code, "township": project.township,
        "industry": project.industry.code if project.industry else "", "owner": project.owner.public_id,
        "municipal_department": project.municipal_department and project.municipal_department.public_id,
        "county_department": project.county_department and project.county_department.public_id,
        "investment_kind": project.investment_kind, "content": project.content,
        "total_investment": project.total_investment,
    }  # fmt: skip
    record = getattr(project, "reserve_record", None)
    return as_text(values | (initial_of(record) if record else {}))


# ---- one application in words ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One field of the sheet: what stands there, and what stood there in the filing before."""

    name: str
    label: str
    text: str
    before: str | None = None
    wanted: bool = False


class Wording:
    """Typed values as they read; offices, places and industries are looked up once (three queries)."""

    def __init__(self) -> None:
        self._offices = {str(pk): name for pk, name in Organisation.objects.values_list("public_id", "name")}
        self._choices: dict[str, Mapping[str, Any]] = {
            "place": dict(Place.objects.values_list("code", "name")),
            "industry": dict(Industry.objects.values_list("code", "name")),
            "investment_kind": dict(InvestmentKind.choices),
            "nature": dict(Nature.choices),
            "catalogue_fit": dict(CatalogueFit.choices),
            "directions": dict(Direction.choices),
            "push_targets": dict(PushTarget.choices),
        }
        self.labels = {name: str(field.label) for name, field in ApplicationForm.base_fields.items()}

    def shown(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return "、".join(self.shown(name, v) for v in value)
        text = str(value or "")
        if name in self._choices:
            return str(self._choices[name].get(text, text)) if text else ""
        if name == "total_investment":
            return _sum(text)
        if name in ("owner", "municipal_department", "county_department"):
            return self._offices.get(text, text)
        return text

    def funding(self, values: Mapping[str, Any]) -> str:
        parts = []
        for source in FundingSource:
            if amount := str(values.get(f"fund_{source}") or ""):
                settled = _("settled") if values.get(f"settled_{source}") else _("not settled")
                parts.append(f"{source.label} {_sum(amount)}（{settled}）")
        return "；".join(parts)


def _sum(text: str) -> str:
    """A typed sum as it is written; what is no sum stays as typed."""
    try:
        return money(MoneyField(required=False).clean(text)) if text else ""
    except ValidationError:
        return text


_SHEET = (
    "name", "code", "place", "township", "industry", "owner", "municipal_department", "county_department",
    "investment_kind", "nature", "content", "total_investment", "planned_start", "planned_completion", "land_mu",
    "forest_mu", "sea_mu", "directions", "catalogue_fit", "push_targets", "progress_note", "contact", "contact_phone",
)  # fmt: skip


def sheet_of(
    values: Mapping[str, Any], before: Mapping[str, Any] | None, wanted: Sequence[str], wording: Wording
) -> list[Line]:
    """The filed sheet line by line; where the filing before said something else, both are shown."""
    lines = []
    for name in _SHEET:
        text = wording.shown(name, values.get(name))
        old = wording.shown(name, before.get(name)) if before is not None else None
        lines.append(Line(name, wording.labels[name], text, old if old != text else None, name in wanted))
    text = wording.funding(values)
    old = wording.funding(before) if before is not None else None
    place = _SHEET.index("total_investment") + 1
    lines.insert(place, Line(FUNDING, _("Funding sources"), text, old if old != text else None,
                             any(n == FUNDING or n.startswith("fund_") for n in wanted)))  # fmt: skip
    return lines


def filings_of(application: Application) -> list[ApplicationFiling]:
    """Newest first."""
    return list(application.filings.order_by("-number"))


def reviews_of(application: Application) -> QuerySet[ApplicationReview]:
    return application.reviews.order_by("-id")


def steps_of(application: Application) -> list[FlowStep]:
    """Filed, county side, industry side, in the pool; each with who and when."""
    reviews = list(application.reviews.order_by("id"))
    filed = application.submitted_at
    steps = [
        FlowStep(
            _("Filed"),
            f"{application.applicant.short_name} {short_stamp(filed)}" if filed else "",
            "done" if filed and application.status != ApplicationStatus.RETURNED else "now",
        )
    ]
    for side, office in (
        (Side.COUNTY, application.county_office),
        (Side.INDUSTRY, application.industry_office),
    ):
        steps.append(_side_step(application, side, office, reviews))
    passed = application.passed_at if application.status == ApplicationStatus.PASSED else None
    steps.append(
        FlowStep(
            _("In the pool"),
            short_stamp(passed) if passed else "",
            "done" if passed else "later",
        )
    )
    return steps


def _side_step(
    application: Application, side: Side, office: Organisation | None, reviews: list[ApplicationReview]
) -> FlowStep:
    """A side's latest word, or that it still waits."""
    name = office.short_name if office else ""
    last = next((r for r in reversed(reviews) if r.side == side), None)
    title = f"{side.label}"
    if getattr(application, f"{side}_passed_at") and last:
        return FlowStep(title, f"{name} {last.by_text} {short_stamp(last.at)}", "done")
    returned = application.status == ApplicationStatus.RETURNED and last and last.verdict == "returned"
    if returned and last and last.filing_number == application.submission_count:
        return FlowStep(title, f"{name} {last.by_text} {short_stamp(last.at)}", "back")
    if application.status == ApplicationStatus.SUBMITTED:
        return FlowStep(title, name, "now")
    return FlowStep(title, name, "later")
