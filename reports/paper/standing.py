"""What the head of a print says of its standing, so that no paper can pass for more than it is (DESIGN.md §8)."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.documents.paper import Stamp
from ningde_projects.documents.paper.render import LANGUAGE

from ..models import Report, Submission, Summary, SummaryEdition
from ..workflow import ReportStatus, SummaryStatus
from .book import Standing, clock


def standing_of(report: Report, submission: Submission, latest: Submission) -> Standing:
    """Of one filing: replaced, recalled, returned, being corrected, awaiting review, accepted."""
    with translation.override(LANGUAGE):
        words = (
            _replaced(submission, latest)
            if submission.number != latest.number
            else _latest(report, submission)
        )
        if submission.revision_reason:
            words = _("%(words)s, correction") % {"words": words}
        return Standing(words=words)


def _replaced(submission: Submission, latest: Submission) -> str:
    return _("Filing no. %(n)s of %(time)s, replaced by no. %(latest)s") % {
        "n": submission.number, "time": clock(submission.at), "latest": latest.number,
    }  # fmt: skip


def _latest(report: Report, submission: Submission) -> str:
    status, office = report.status, report.receiver.short_name
    if status == ReportStatus.ACCEPTED:
        return _("Accepted by %(office)s %(time)s") % {"office": office, "time": _time(report.accepted_at)}
    if status == ReportStatus.RETURNED:
        return _("Returned by %(office)s %(time)s, not valid") % {
            "office": office,
            "time": _time(report.returned_at),
        }
    if status == ReportStatus.SUBMITTED:
        return _("Filed %(time)s, awaiting review by %(office)s") % {
            "office": office,
            "time": clock(submission.at),
        }
    if report.revision_reason:
        return _("Filed %(time)s, being corrected") % {"time": clock(submission.at)}
    return _("Filed %(time)s, recalled, not valid") % {"time": clock(submission.at)}


def _time(at: object) -> str:
    return clock(at) if at is not None else ""  # type: ignore[arg-type]


def draft_standing(report: Report) -> Standing:
    """Of what has not been filed: only its owner sees it."""
    with translation.override(LANGUAGE):
        if report.status == ReportStatus.EXEMPT:
            return Standing(words=_("Exempt from reporting"))
        return Standing(words=_("Draft, not filed"))


def blank_standing() -> Standing:
    with translation.override(LANGUAGE):
        return Standing(words=pgettext("on paper", "Blank form"))


def summary_standing(summary: Summary) -> Standing:
    """Of a living 附件2: never more than a draft for approval."""
    with translation.override(LANGUAGE):
        words = {
            SummaryStatus.APPROVING: pgettext(
                "on paper", "Draft for approval, sent to the county government"
            ),
            SummaryStatus.RETURNED: pgettext("on paper", "Draft for approval, returned for correction"),
        }.get(SummaryStatus(summary.status), pgettext("on paper", "Draft for approval"))
        return Standing(words=words)


def edition_standing(edition: SummaryEdition) -> Stamp:
    """Of a sealed edition: who approved it and when, for the government that he acted for."""
    with translation.override(LANGUAGE):
        return Stamp.approved(f"{edition.government_text} {edition.by_text}", edition.at)
