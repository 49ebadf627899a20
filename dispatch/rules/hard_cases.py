"""Checks of hard cases and instructions on plain values (M10.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


def missing_of_case(*, title: str, summary: str, has_leader: bool, problems: int) -> dict[str, list[Text]]:
    """What a submission lacks, by field of the form."""
    found: dict[str, list[Text]] = {}
    if not title.strip():
        found["title"] = [_("Give the case a title.")]
    if not summary.strip():
        found["summary"] = [_("Write how the matter stands, in a few sentences.")]
    if not has_leader:
        found["leader"] = [_("Choose the city leader to whom it is submitted.")]
    if not problems:
        found["problems"] = [_("Tick at least one problem.")]
    return found


def instruction_errors(
    *, given_on: date | None, today: date, submitted_on: date, tasks: Sequence[tuple[str, bool, date | None]]
) -> dict[str, list[Text]]:
    """What is wrong with an instruction; each matter is (text, has a unit, due day)."""
    found: dict[str, list[Text]] = {}
    if given_on is None:
        found["given_on"] = [_("Give the day of the instruction.")]
    elif given_on > today:
        found["given_on"] = [_("The day lies in the future.")]
    elif given_on < submitted_on:
        found["given_on"] = [_("The day lies before the submission.")]
    wrong: list[Text] = []
    for number, (text, has_unit, due_on) in enumerate(tasks, 1):
        if not has_unit:
            wrong.append(_("Matter {n}: choose the responsible unit.").format(n=number))
        if not text.strip():
            wrong.append(_("Matter {n}: write what is to be done.").format(n=number))
        if due_on is None:
            wrong.append(_("Matter {n}: give the day by which it is to be done.").format(n=number))
        elif given_on is not None and due_on < given_on:
            wrong.append(_("Matter {n}: the due day lies before the instruction.").format(n=number))
    if not tasks:
        wrong.append(_("Name at least one responsible unit and what it is to do."))
    if wrong:
        found["tasks"] = wrong
    return found
