"""Reports outside of the month: urgent ones to everyone at once, direct ones to the commission (M5.3, M6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.workflow.door import perform

from ..forms.at_once import Place
from ..models import Report
from ..models.reports import ReportKind
from .receivers import commission, receivers_of


def new_report(place: Place, kind: ReportKind, at: datetime) -> Report:
    """The report as it would be made, not saved: its receivers can be named before it is sent.

    It belongs to the month in which it is made, not to the month being reported.
    """
    project, part = place.project, place.part
    receivers = receivers_of(project, part)
    return Report(
        kind=kind, project=project, part=part, month=Month.at(at),
        place=part.place if part else project.place,
        owner=(part.owner if part and part.owner else project.owner),
        receiver=commission() if kind == ReportKind.DIRECT else receivers.decides,
        department=receivers.informed,
    )  # fmt: skip


def report_at_once(
    place: Place, kind: ReportKind, raw: Mapping[str, Any], *, by: Actor, at: datetime
) -> Report:
    """Make and file it in one transaction; bureau, department, commission and leaders are told at that moment.

    Raises RuleBroken with the errors by input name, NotAllowed for somebody else's project.
    """
    report = new_report(place, kind, at)
    with transaction.atomic():
        report.save()
        perform(report, "submit", by=by, at=at, data={"raw": dict(raw)})
    return report
