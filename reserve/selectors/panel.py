"""The 3+N panel of a project's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project, Stage

from ..models import Case, CaseOpinion, FundingRequest
from ..models.cases import LEADS
from ..policies.cases import filing_right
from ..workflow.cases import OpinionStatus
from ..workflow.funding import FUNDING_LIVE

_AHEAD = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY)


def panel_of(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """The latest case that this person sees; without one, the way to file it for those who may."""
    case = (
        Case.objects.visible_to(actor)
        .filter(project=project)
        .select_related("project", "filer")
        .order_by("-year")
        .first()
    )
    may_file = isinstance(filing_right(actor, project), Held) and project.stage in _AHEAD
    if case is None:
        return {"case": None, "may_file": True, "project": project} if may_file else None
    opinions = list(
        CaseOpinion.objects.visible_to(actor).filter(case=case).exclude(status=OpinionStatus.RELEASED)
        .select_related("department").order_by("pk")
    )  # fmt: skip
    money = (
        FundingRequest.objects.visible_to(actor)
        .filter(case__project=project, status__in=FUNDING_LIVE)
        .order_by()
    )
    sums = money.aggregate(requested=Sum("amount"), approved=Sum("approved"), paid=Sum("paid"))
    return {
        "case": case,
        "leads": [o for o in opinions if o.role in LEADS],
        "others": [o for o in opinions if o.role not in LEADS],
        "funds": sums if sums["requested"] else None,
        "may_file": may_file and case.year < local_date(at).year and case.status != "passed",
        "project": project,
        "nil": Decimal(0),
    }
