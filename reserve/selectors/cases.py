"""Reads of cases: the list with its filters, one case with its opinions, an office's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.shell.flow import Check

from ..models import Case, CaseOpinion, LeadRole, RunLevel
from ..models.cases import LEADS
from ..policies.offices import asked_offices_of
from ..rules.cases import FundSource
from ..services.case_guards import not_agreeing, outstanding
from ..workflow.cases import OPINION_OWED, CaseStatus, OpinionStatus

LONGEST_SEARCH = 60
_OWED = Q(opinions__status__in=OPINION_OWED)
_ASKED = ~Q(opinions__status=OpinionStatus.RELEASED)


@dataclass(frozen=True)
class CaseFilters:
    """What the address asks for; what it asks wrongly is left out."""

    year: int
    status: str = ""
    level: str = ""
    department: Organisation | None = None
    overdue: bool = False
    text: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.status or self.level or self.department or self.overdue or self.text)

    def words(self) -> str:
        parts = [_("Year {year}").format(year=self.year)]
        parts += [str(CaseStatus(self.status).label)] if self.status else []
        parts += [str(RunLevel(self.level).label)] if self.level else []
        parts += [self.department.short_name] if self.department else []
        parts += [_("Opinions overdue")] if self.overdue else []
        parts += [_("Contains: {text}").format(text=self.text)] if self.text else []
        return "；".join(parts)


def year_of(text: str, at: datetime) -> int:
    """The year in the address, else the present one; never raises."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and 2020 <= int(text) <= 2099 else (
        local_date(at).year
    )  # fmt: skip


def read_filters(query: Mapping[str, str], at: datetime) -> CaseFilters:
    status, level = query.get("status", ""), query.get("level", "")
    return CaseFilters(
        year=year_of(query.get("year", ""), at),
        status=status if status in CaseStatus.values else "",
        level=level if level in RunLevel.values else "",
        department=_office(query.get("department", "")),
        overdue=query.get("overdue") == "1",
        text=" ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
    )


def _office(public_id: str) -> Organisation | None:
    if len(public_id) != 36 or not all(c in "0123456789abcdef-" for c in public_id):
        return None
    found: Organisation | None = Organisation.objects.filter(public_id=public_id).first()
    return found


def _without_status(actor: Actor, filters: CaseFilters) -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.visible_to(actor).filter(year=filters.year)
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.department:
        asked = CaseOpinion.objects.filter(department=filters.department).exclude(
            status=OpinionStatus.RELEASED
        )
        rows = rows.filter(pk__in=asked.values("case"))
    if filters.overdue:
        late = CaseOpinion.objects.owed().filter(due_at__lte=actor.at)
        rows = rows.filter(pk__in=late.values("case"))
    for word in filters.text.split():
        rows = rows.filter(Q(project__name__icontains=word) | Q(project__owner__name__icontains=word)
                           | Q(project__code__icontains=word))  # fmt: skip
    return rows


def listed(actor: Actor, filters: CaseFilters) -> QuerySet[Case]:
    """The rows with the figures that each shows (one query)."""
    rows = _without_status(actor, filters)
    if filters.status:
        rows = rows.filter(status=filters.status)
    consulting = Q(status=CaseStatus.CONSULTING)
    return (
        rows.select_related("project__owner", "project__place", "place", "filer", "convener")
        .annotate(
            asked=Count("opinions", filter=_ASKED),
            given=Count("opinions", filter=Q(opinions__status=OpinionStatus.GIVEN)),
            late=Count("opinions", filter=_OWED & consulting & Q(opinions__due_at__lte=actor.at)),
            next_due=Min("opinions__due_at", filter=_OWED & consulting),
        )
        .order_by("place__order", "-submitted_at", "pk")
    )


def status_counts(actor: Actor, filters: CaseFilters) -> dict[str, int]:
    rows = _without_status(actor, filters).order_by().values_list("status").annotate(number=Count("pk"))
    return dict(rows)


def asked_offices(actor: Actor, year: int) -> list[Organisation]:
    """Offices asked in the cases of the year that this person sees."""
    cases = Case.objects.visible_to(actor).filter(year=year)
    return list(
        Organisation.objects.filter(case_opinions__case__in=cases.values("pk"))
        .distinct()
        .order_by("order", "name")
    )


# ---- one case --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    label: str
    amount: Decimal


@dataclass(frozen=True)
class Column:
    """One of the four columns of the check: a lead, or all further departments."""

    role: LeadRole
    opinions: list[CaseOpinion]


@dataclass(frozen=True)
class CaseView:
    case: Case
    columns: list[Column]
    sources: list[Source]
    checks: list[Check] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Nothing stands in the way of its passing."""
        return all(check.result == "pass" for check in self.checks)


def case_view(case: Case, actor: Actor) -> CaseView:
    """Everything that the page of a case shows (a fixed number of queries)."""
    opinions = list(
        CaseOpinion.objects.visible_to(actor)
        .filter(case=case)
        .exclude(status=OpinionStatus.RELEASED)
        .select_related("department", "signed_by")
        .prefetch_related("editions", Prefetch("chases", to_attr="chased"))
        .order_by("pk")
    )
    for opinion in opinions:
        opinion.case = case
    columns = [Column(role, [o for o in opinions if o.role == role]) for role in (*LEADS, LeadRole.OTHER)]
    return CaseView(case, columns, sources_of(case), _checks(case))


def sources_of(case: Case) -> list[Source]:
    labels = dict(FundSource.choices)
    return [
        Source(str(labels.get(row["kind"], row["kind"])), Decimal(row["amount"])) for row in case.financing
    ]


def _checks(case: Case) -> list[Check]:
    """The gate of the conclusion with what is missing written out (facts §4)."""
    if case.status != CaseStatus.CONSULTING:
        return []
    missing, open_leads = outstanding(case), not_agreeing(case)
    return [
        Check("fail", _("Not all opinions are in yet; missing: {names}.").format(names="、".join(missing)))
        if missing
        else Check("pass", _("All opinions asked for are in.")),
        Check(
            "fail",
            _("Of the three leading offices not yet agreed: {names}.").format(names="、".join(open_leads)),
        )
        if open_leads
        else Check("pass", _("The three leading offices agree.")),
    ]


# ---- an office's desk ------------------------------------------------------------------------------------------

TABS: dict[str, tuple[str, ...]] = {
    "todo": (OpinionStatus.WAITING, OpinionStatus.DRAFTING),
    "signing": (OpinionStatus.REVIEWING,),
    "done": (OpinionStatus.GIVEN,),
}


def own_opinions(actor: Actor) -> QuerySet[CaseOpinion]:
    """What the offices of this person are or were asked."""
    rows: QuerySet[CaseOpinion] = CaseOpinion.objects.filter(department__in=asked_offices_of(actor))
    return rows.exclude(status=OpinionStatus.RELEASED)


def tab_counts(actor: Actor) -> dict[str, int]:
    by_status = dict(own_opinions(actor).order_by().values_list("status").annotate(number=Count("pk")))
    return {tab: sum(by_status.get(s, 0) for s in statuses) for tab, statuses in TABS.items()}


def queue(actor: Actor, tab: str) -> list[CaseOpinion]:
    """One tab, most pressing first; a fixed number of queries."""
    order = ("-signed_at", "pk") if tab == "done" else ("due_at", "pk")
    rows = own_opinions(actor).filter(status__in=TABS[tab])
    return list(
        rows.select_related("case__project__place", "case__place", "department").order_by(*order)[:200]
    )
