"""Spot checks of reports by the commission (M7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..models import Report, VerificationCheck


def verify(report: Report, values: Mapping[str, Any], *, by: Actor, at: datetime) -> VerificationCheck:
    """Record a check with its finding. Raises NotAllowed, WrongState (nothing filed), RuleBroken."""
    if not by.has(Duty.DISPATCH):
        raise NotAllowed(_("Only the commission records verification checks."))
    if report.first_submitted_at is None:
        raise WrongState(_("Nothing has been filed yet that could be checked."))
    if values["checked_on"] > local_date(at):
        raise RuleBroken(_("The day of the check lies in the future."), field="checked_on")
    try:
        with transaction.atomic():
            check = VerificationCheck.objects.create(report=report, by=by.user, at=at, **values)
    except IntegrityError as twice:
        raise WrongState(_("You have recorded a check of this report for that day already.")) from twice
    record("verification", "check", by=by, at=at, obj=check, text=str(report), project_id=report.project_id,
           place_id=report.place_id, data={"finding": check.finding, "effect": check.effect})  # fmt: skip
    return check
