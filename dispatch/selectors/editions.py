"""Sealed editions of a month, what has come in since, one edition for its reader, two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.periods.selectors import DeadlineBook
from reports.models import Opinion, Problem, ReportingPeriod, Summary

from ..models import Edition, EditionKind, EditionLabel, EditionLine
from ..querysets.editions import reads_whole
from ..rules.problem_list import COMPARED, LABELS, Difference, Standing, difference, sealing_refusal
from .problem_list import Line, alive_in

KIND = EditionKind.PROBLEMS


def editions_of(actor: Actor, month: Month) -> list[Edition]:
    """Those that this person may open, the oldest first; without their bytes."""
    rows = Edition.objects.visible_to(actor).filter(kind=KIND, month=month)
    return list(rows.light().order_by("number"))


def fresh(month: Month) -> set[int]:
    """Problems of the living list that stand in no sealed edition of the month."""
    sealed = EditionLine.objects.filter(edition__kind=KIND, edition__month=month).values("problem")
    return set(alive_in(month).exclude(pk__in=sealed).values_list("pk", flat=True))


def standing(month: Month, fresh_lines: int, labels: tuple[str, ...]) -> Standing:
    """What the rule of sealing looks at; a fixed number of queries."""
    book = DeadlineBook()
    forwarded = list(Summary.objects.filter(month=month).values_list("first_forwarded_at", flat=True))
    return Standing(
        is_open=ReportingPeriod.objects.filter(month=month).exists(),
        labels=labels,
        counties=len(forwarded), forwarded=sum(1 for at in forwarded if at is not None),
        opinions_owed=Opinion.objects.filter(month=month).owed().count(),
        fresh=fresh_lines,
        lists_due=book.deadline("D4", month), opinions_due=book.deadline("D5", month),
    )  # fmt: skip


@dataclass(frozen=True)
class SealChoice:
    """An edition that could be sealed, or why not yet."""

    label: str
    word: str
    refusal: str


def choices(now: Standing, at: datetime) -> list[SealChoice]:
    """What the page offers: the next versions, and the rest once version 1 exists."""
    found = []
    for label in LABELS:
        if label in ("first", "second") and label in now.labels:
            continue
        if label != "first" and "first" not in now.labels:
            continue
        found.append(SealChoice(label, str(EditionLabel(label).label), sealing_refusal(label, now, at)))
    return found


def labels_of(month: Month) -> tuple[str, ...]:
    return tuple(
        Edition.objects.filter(kind=KIND, month=month).order_by("number").values_list("label", flat=True)
    )


def lines_for(edition: Edition, actor: Actor) -> list[Line]:
    """The lines of the edition that are this reader's, in its order; the marks between channels are the city's."""
    orders = set(
        EditionLine.objects.visible_to(actor).filter(edition=edition).values_list("order", flat=True)
    )
    lines = [Line(**values) for n, values in enumerate(edition.content["lines"]) if n in orders]
    if not reads_whole(actor):
        for line in lines:
            line.contradictions = []
    return lines


def openable(lines: list[Line], actor: Actor) -> set[str]:
    """Problems whose own page this reader may open."""
    rows = Problem.objects.visible_to(actor).filter(public_id__in=[line.problem for line in lines])
    return {str(found) for found in rows.values_list("public_id", flat=True)}


def earlier(edition: Edition) -> Edition | None:
    """The one before it that has the whole list: a supplement is compared with nothing of its kind."""
    rows = Edition.objects.filter(kind=edition.kind, month=edition.month, number__lt=edition.number)
    found: Edition | None = rows.exclude(label=EditionLabel.SUPPLEMENT).order_by("-number").first()
    return found


@dataclass(frozen=True)
class ChangedLine:
    before: Line
    after: Line
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    before: Edition
    after: Edition
    came: list[Line]
    went: list[Line]
    changed: list[ChangedLine]


def compare(before: Edition, after: Edition, actor: Actor) -> Comparison:
    """Only lines that the reader may read on both sides."""
    old = {line.number: line for line in lines_for(before, actor)}
    new = {line.number: line for line in lines_for(after, actor)}
    found: Difference = difference([_told(x) for x in old.values()], [_told(x) for x in new.values()])
    return Comparison(
        before, after, [new[n] for n in found.came], [old[n] for n in found.went],
        [ChangedLine(old[n], new[n], keys) for n, keys in found.changed.items()],
    )  # fmt: skip


def _told(line: Line) -> dict[str, object]:
    return {"number": line.number} | {key: getattr(line, key) for key in COMPARED}
