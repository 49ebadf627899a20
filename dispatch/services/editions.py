"""Sealing the municipal problem list: version 1, version 2, supplements, errata (M8.1, settled point 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken, StaleVersion, WrongState
from reports.models import ReportingPeriod

from ..exports.problem_list import PAPER, sealed_bytes
from ..models import Edition, EditionLabel, EditionLine
from ..policies.problem_list import sealing_right
from ..rules.problem_list import LAYOUT_VERSION, sealing_refusal
from ..selectors.editions import KIND, fresh, labels_of, standing
from ..selectors.problem_list import Drawn, add_holders, alive_in, lines_of
from .list_telling import tell_sealed

MACHINE = "problem_list"


def seal(
    month: Month, label: str, *, by: Actor, at: datetime, reason: str = "", seen: int | None = None
) -> Edition:
    """Freeze the list as it stands now. `seen`: how many editions the page showed; another number is refused.

    The month's row is locked, so two clerks who seal at once make one edition.
    """
    right = sealing_right(by)
    if not isinstance(right, Held):
        raise right
    with transaction.atomic():
        if ReportingPeriod.objects.select_for_update().filter(month=month).first() is None:
            raise WrongState(_("The month has not been opened yet; there is nothing to list."))
        labels = labels_of(month)
        if seen is not None and seen != len(labels):
            raise StaleVersion(_("Someone else sealed an edition while you had this open. Look at it first."))
        if label == EditionLabel.ERRATUM and not reason.strip():
            raise RuleBroken(_("An erratum needs a reason."), field="reason")
        new = fresh(month)
        if refusal := sealing_refusal(label, standing(month, len(new), labels), at):
            raise WrongState(refusal)
        edition = _keep(month, EditionLabel(label), len(labels) + 1, _drawn(month, label, new, at),
                        by=by, holder=right, at=at, reason=reason.strip()[:500])  # fmt: skip
        record(MACHINE, f"seal_{label}", by=by, at=at, obj=edition, holder=right, reason=reason, text=str(edition),
               data={"month": str(month), "number": edition.number, "label": label,
                     "lines": len(edition.content["lines"]), "sha256": edition.sha256})  # fmt: skip
        tell_sealed(edition, at)
        return edition


def _drawn(month: Month, label: str, new: Iterable[int], at: datetime) -> list[Drawn]:
    rows = alive_in(month)
    if label == EditionLabel.SUPPLEMENT:
        rows = rows.filter(pk__in=list(new))
    with override(PAPER):
        drawn = lines_of(rows, month, at, None)
        add_holders(drawn, at)
    return drawn


def _keep(
    month: Month, label: EditionLabel, number: int, drawn: list[Drawn], *, by: Actor, holder: Held, at: datetime,
    reason: str,
) -> Edition:  # fmt: skip
    lines = [row.line for row in drawn]
    name = f"{holder.organisation.short_name} {by.user.name}"[:80]
    with override(PAPER):
        data = sealed_bytes(month, lines, str(label.label), number, name, at)
    edition: Edition = Edition.objects.create(
        kind=KIND, month=month, number=number, label=label, sealed_at=at, sealed_by=by.user, by_text=name,
        reason=reason, rule=_rule(month), content={"lines": [asdict(line) for line in lines]},
        sha256=hashlib.sha256(data).hexdigest(), workbook=data,
    )  # fmt: skip
    EditionLine.objects.bulk_create(
        EditionLine(edition=edition, problem_id=row.pk, order=order) for order, row in enumerate(drawn)
    )
    return edition


def _rule(month: Month) -> dict[str, object]:
    """The dated rules that held for the month (points 9, 10)."""
    book = DeadlineBook()
    return {
        "layout": LAYOUT_VERSION,
        "D4": book.deadline("D4", month).isoformat(), "D5": book.deadline("D5", month).isoformat(),
        "day_D4": book.spec("D4", month).day, "day_D5": book.spec("D5", month).day,
    }  # fmt: skip
