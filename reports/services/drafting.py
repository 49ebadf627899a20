"""Small changes of a draft from elsewhere than its form: an answer given on the home page (M5.1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ningde_projects.organizations.actor import Actor

from ..models import Problem, Report
from .filing import first_draft, save_draft


def answer_problem(
    report: Report, problem: Problem, answer: str, note: str, *, by: Actor, at: datetime
) -> Report:
    """Put the answer on a carried problem into the draft; everything else in it stays as it is.

    No version is asked for: one answer cannot overwrite what a colleague types in the form, who is told of it there.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        raw = first_draft(report, by.user.name, by.user.phone)
        raw[f"p-{problem.public_id}-answer"] = answer
        raw[f"p-{problem.public_id}-note"] = note
        return save_draft(report, raw, by=by, at=at, version=report.version)
