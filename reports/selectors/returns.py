"""Whether what a receiver wants changed has been changed: point by point (settled point 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.shell.flow import Check
from ningde_projects.workflow.models import Act

from ..forms.drafts import Raw, differences
from ..forms.report import Lists, ReportForm
from ..forms.wording import Wording
from ..models import Report, Submission
from ..services.filing import draft_of_submission

#: Points that stand for several inputs: the reasons of the return dialog.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "figures": ("month_investment", "year_cumulative", "total_cumulative"),
    "progress": ("progress",),
    "statistics": ("in_statistics", "statistics_cumulative", "statistics_note"),
}


#: Acts by which a receiver decides on a filing.
_DECISIONS = ("accept", "return", "accept_direct", "return_direct")
#: Points that are no field and no problem.
_KINDS = frozenset({*_FAMILIES, "problem", "problems", "evidence", "attachments"})


def _family_label(point: str) -> str:
    return {
        "figures": _("Investment figures"),
        "problem": _("Problems"),
        "problems": _("Problems"),
        "evidence": pgettext("report", "Evidence"),
        "attachments": pgettext("report", "Evidence"),
        "statistics": _("Statistics platform"),
    }.get(point, "")


def judged(report: Report, before: Submission | None = None) -> Submission | None:
    """The filing that a receiver decided on last. One that was recalled before he opened it was never his."""
    acts = Act.objects.filter(machine="report", object_id=report.pk, name__in=_DECISIONS)
    filings = report.submissions.all()
    if before is not None:
        acts, filings = acts.filter(at__lte=before.at), filings.filter(number__lt=before.number)
    decision = acts.order_by("-id").first()
    return filings.filter(at__lte=decision.at).order_by("-number").first() if decision else None


def checks_of(
    report: Report, raw: Raw, last: Submission, wrong: Collection[str] = frozenset()
) -> list[Check]:
    """One line per named point: changed since it was filed, or not yet; `wrong` are fields that still fail a check."""
    if not report.return_fields:
        return []
    before = draft_of_submission(last)
    # Labels are enough here: the values are not shown, so no lists are read.
    keys = [line.get("key") or line["problem"] for line in last.problems]
    wording = Wording(report.month, [], Lists([], []), keys)
    changed = {d.name for d in differences(before, raw, wording)} if raw else set()
    ids = {line["problem"]: line.get("key") or line["problem"] for line in last.problems}
    points = [ids.get(point, point) for point in report.return_fields]
    return [_check(point, changed, wrong, wording) for point in points if not _said_closer(point, points)]


def _said_closer(point: str, points: Sequence[str]) -> bool:
    """A family is left out when one of its own members is named."""
    if point in ("problem", "problems"):
        return any(_concerns(point, other) for other in points if other not in _KINDS)
    return any(other in _FAMILIES.get(point, ()) for other in points if other != point)


def _check(point: str, changed: set[str], wrong: Collection[str], wording: Wording) -> Check:
    label = _label(point, wording)
    if point in ("evidence", "attachments"):
        return Check("warn", _("%(what)s: please look at the files below") % {"what": label})
    if any(_concerns(point, name) for name in wrong):
        return Check("fail", _("%(what)s: not right yet") % {"what": label})
    if any(_concerns(point, name) for name in changed):
        return Check("pass", _("%(what)s: changed") % {"what": label})
    return Check("fail", _("%(what)s: not changed yet") % {"what": label})


def _label(point: str, wording: Wording) -> str:
    if point in wording.new_keys:
        return wording.problem(point)
    return _family_label(point) or wording.label(point)


def _concerns(point: str, name: str) -> bool:
    if name == point or name in _FAMILIES.get(point, ()):
        return True
    if point in ("problem", "problems"):
        return name not in ReportForm.base_fields
    # A problem is named by its id or key; its inputs carry it in their names.
    return point not in ReportForm.base_fields and point not in _FAMILIES and point in name
