"""Whom a sealed problem list tells: the municipal government, and the departments that stand in it (M8.1)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation

from ..models import Edition, EditionLine

register(
    NoticeKind("problem_list_sealed", _("The municipal problem list of %(month)s was sealed: no. %(number)s"),
               _("%(lines)s problems; sealed by %(by)s."), icon="lock", tone="sea"),
    NoticeKind("problem_list_sealed_yours", _("Problems for your department in the municipal list of %(month)s"),
               _("Edition no. %(number)s was sealed; open it to read the lines that concern you."),
               icon="lock", tone="sea"),
)  # fmt: skip


def tell_sealed(edition: Edition, at: datetime) -> None:
    url = reverse("dispatch:edition", args=[edition.public_id])
    params = {
        "month": str(edition.month), "number": edition.number, "lines": len(edition.content["lines"]),
        "by": edition.by_text,
    }  # fmt: skip
    dedupe = f"edition:{edition.pk}"
    government = list(
        Organisation.objects.filter(kind=OrgKind.MUNICIPAL_GOVERNMENT).values_list("pk", flat=True)
    )
    readers = {u.pk: u for duty in (Duty.APPROVE, Duty.VIEW) for u in holders(duty, government, at)}
    notify("problem_list_sealed", readers.values(), at=at, dedupe=dedupe, params=params, url=url)
    people = {
        u.pk: u for duty in (Duty.HANDLE, Duty.SIGN) for u in holders(duty, departments_in(edition), at)
    }
    notify("problem_list_sealed_yours", people.values(), at=at, dedupe=f"{dedupe}:departments", params=params,
           url=url)  # fmt: skip


def departments_in(edition: Edition) -> list[int]:
    """Those that were asked in the month, and those of the industry."""
    rows = EditionLine.objects.filter(edition=edition)
    asked = rows.filter(problem__opinions__month=edition.month).values_list(
        "problem__opinions__department", flat=True
    )
    industry = rows.values_list("problem__project__municipal_department", flat=True)
    wanted = {pk for pk in (*asked, *industry) if pk}
    kind = OrgKind.MUNICIPAL_DEPARTMENT
    return list(Organisation.objects.filter(pk__in=wanted, kind=kind).values_list("pk", flat=True))
