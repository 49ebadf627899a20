"""Two people on one form: the second sees field by field what the first changed, and chooses (lessons.md)."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion, WrongState

from ..forms.drafts import differences, merged
from ..forms.report import raw_of
from ..forms.wording import Wording
from ..models import Report
from ..selectors.owner_form import wording_of
from ..services import filing
from .owning import version_in


def same_as_stored(found: Report, typed: dict[str, Any]) -> bool:
    """Nothing differs: the stored draft is this very one, saved by a request that came before."""
    stored = Report.objects.only("draft").get(pk=found.pk).draft
    return bool(stored) and not differences(stored, typed, wording_of(found, typed))


def page(request: OfficeRequest, found: Report, mine: dict[str, Any]) -> HttpResponse:
    """409: both texts of every field that differs, with a choice for each."""
    found = Report.objects.select_related("draft_saved_by", "project").get(pk=found.pk)
    theirs = dict(found.draft)
    rows = differences(theirs, mine, _wording(found, theirs, mine))
    context = {
        "report": found,
        "rows": rows,
        "mine": json.dumps(mine, ensure_ascii=False),
        "by": found.draft_saved_by,
        "saved_at": found.draft_saved_at,
    }
    return render(request, "reports/owner/compare.html", context, status=409)


def _wording(found: Report, theirs: dict[str, Any], mine: dict[str, Any]) -> Wording:
    keys = list(dict.fromkeys([*theirs.get("new", []), *mine.get("new", [])]))
    return wording_of(found, {"new": keys})


def locked(request: OfficeRequest, found: Report, mine: dict[str, Any], refused: Refusal) -> HttpResponse:
    """409: the form was filed or decided meanwhile. What was typed here stays readable, to be copied."""
    found = Report.objects.select_related("submitted_by", "project").get(pk=found.pk)
    last = found.submissions.order_by("-number").first()
    theirs = filing.draft_of_submission(last) if last else dict(found.draft)
    rows = differences(theirs, mine, _wording(found, theirs, mine))
    url = reverse("reports:report", args=[found.public_id])
    if not rows and last is not None:
        messages.info(request, str(refused))
        return redirect(url)  # the same button pressed twice: it has been filed
    changed = [errors.Changed(row.label, row.theirs, row.mine) for row in rows]
    by = found.submitted_by.name if found.submitted_by else ""
    return errors.stale(request, changed=changed, url=url, by=by, at=found.submitted_at or request.now)


def chosen(request: OfficeRequest, found: Report) -> HttpResponse:
    """Theirs, with mine wherever it was chosen; somebody saved again in between: compare again."""
    mine = _mine(request.POST)
    theirs = dict(found.draft)
    rows = differences(theirs, mine, _wording(found, theirs, mine))
    takes = {row.name for row in rows if request.POST.get(f"take-{row.name}") == "mine"}
    try:
        filing.save_draft(
            found, merged(theirs, mine, takes), by=request.actor, at=request.now, version=version_in(request)
        )
    except StaleVersion:
        return page(request, found, mine)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except WrongState as refused:
        return locked(request, found, mine, refused)
    messages.success(request, _("The draft is saved as you chose. It has not been filed yet."))
    return redirect("reports:report", public_id=found.public_id)


def _mine(posted: QueryDict) -> dict[str, Any]:
    """What was typed, as the comparison carried it along."""
    try:
        values = json.loads(posted.get("mine", ""))
    except ValueError as unreadable:
        raise BadRequest("what was typed did not come along") from unreadable
    if not isinstance(values, dict):
        raise BadRequest("what was typed did not come along")
    return raw_of(values)
