"""The filed sheet: what stands there, what changed since the filing before, where each side is (M1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.refusals import NotAllowed

from ..forms.applications import fields_title
from ..models import Application, ApplicationFiling, ApplicationReview, Side
from ..policies.applications import filing_right, verb
from ..selectors import applications as read
from ..selectors.application_files import files_of
from ..services.reviewing import PASSES, RETURNS, verb_of


@dataclass(frozen=True)
class SideState:
    """One side on the page: its office, its latest word, what this person may do, or why not."""

    side: Side
    office: str
    passed: ApplicationReview | None
    waits: bool
    may_pass: bool
    may_return: bool
    is_mine: bool
    why_not: str


def page(request: OfficeRequest, found: Application) -> HttpResponse:
    actor = request.actor
    filings, reviews = read.filings_of(found), list(read.reviews_of(found))
    shown = _shown(filings, request.GET.get("filing", ""))
    before = next((f for f in filings if shown and f.number == shown.number - 1), None)
    wording = read.Wording()
    lines = (
        read.sheet_of(shown.values, before.values if before else None, found.return_fields, wording)
        if shown
        else []
    )
    mine = not isinstance(filing_right(actor, found.applicant_id), NotAllowed)
    return render(request, "reserve/applications/page.html", {
        "application": found,
        "steps": read.steps_of(found),
        "sides": [_side(found, side, reviews, actor) for side in Side],
        "lines": lines,
        "shown": shown,
        "filings": filings,
        "timeline": timeline(filings, reviews),
        "files": files_of(actor, found),
        "return_fields": fields_title(found.return_fields),
        "may_recall": mine and refusal(found, verb(found, "recall"), actor) is None
        and not any(r.filing_number == found.submission_count for r in reviews),
    })  # fmt: skip


def _shown(filings: list[ApplicationFiling], wanted: str) -> ApplicationFiling | None:
    """The filing that the address names, else the latest."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 0
    return next((f for f in filings if f.number == number), filings[0] if filings else None)


def _side(found: Application, side: Side, reviews: list[ApplicationReview], actor: Actor) -> SideState:
    office = found.county_office if side == Side.COUNTY else found.industry_office
    holds = bool(getattr(found, f"{side}_passed_at"))
    passed = next((r for r in reviews if r.side == side and r.verdict == "passed"), None) if holds else None
    passing = refusal(found, verb_of(found, actor, PASSES, side), actor)
    returning = refusal(found, verb_of(found, actor, RETURNS, side), actor)
    waits = found.status == "submitted" and not holds
    is_mine = returning is None
    return SideState(
        side=side,
        office=office.name if office else "",
        passed=passed,
        waits=waits,
        may_pass=waits and passing is None,
        may_return=found.status == "submitted" and returning is None,
        is_mine=is_mine,
        why_not=str(passing) if waits and is_mine and passing else "",
    )


def timeline(filings: list[ApplicationFiling], reviews: list[ApplicationReview]) -> list[TimelineItem]:
    """Filings and reviews, newest first: who, for which office, when, and what was said."""
    items: list[tuple[datetime, TimelineItem]] = [
        (
            f.at,
            TimelineItem(
                verb=_("Filed") if f.number == 1 else _("Filed again (no. %(n)s)") % {"n": f.number},
                who=f"{f.by_text} {f.office_text}",
                at=f.at,
                icon="send",
                tone="sea",
                note="；".join(f.confirmed),
            ),
        )
        for f in filings
    ]
    for r in reviews:
        passed = r.verdict == "passed"
        names = "、".join(fields_title(r.fields))
        items.append(
            (
                r.at,
                TimelineItem(
                    verb=f"{Side(r.side).label} · " + (_("passed it") if passed else _("returned it")),
                    who=f"{r.by_text} {r.office_text}",
                    at=r.at,
                    icon="check" if passed else "arrow-back-up",
                    tone="green" if passed else "red",
                    note=f"{r.text}（{names}）" if names else r.text,
                ),
            )
        )
    return [item for _at, item in sorted(items, key=lambda pair: pair[0], reverse=True)]
