"""The commission in the time machine: version 1 after the 10th, version 2 after the 15th, a supplement when needed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import People, Schedule, moment, player, rng
from reports.models import ReportingPeriod
from reports.services.binding import commission_ids

from ..rules.problem_list import sealing_refusal
from ..selectors.editions import fresh, labels_of, standing
from ..services.editions import seal


@player
def lists_of_the_month(month: Month, play: Schedule) -> None:
    """Acts of the calendar month are about the reporting month before it."""
    listed = month.previous
    for label, first, last in (("first", 11, 11), ("second", 16, 17), ("supplement", 24, 26)):
        r = rng(play.seed, "problem list", label, month)
        play.at(moment(r, month, first, last), partial(_seal, listed, label, play.people))


def _seal(month: Month, label: str, people: People, at: datetime) -> None:
    """Only what the rule allows: a month that was never opened has no list."""
    if not ReportingPeriod.objects.filter(month=month).exists():
        return
    labels = labels_of(month)
    if sealing_refusal(label, standing(month, len(fresh(month)), labels), at):
        return
    actor = people.holder(Duty.DISPATCH, min(commission_ids()), at)
    if actor is not None:
        seal(month, label, by=actor, at=at, seen=len(labels))
