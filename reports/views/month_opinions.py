"""The opinions behind the month's figures of the departments, and their export (M6.2, facts.md §2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, reporting_month

from .. import exports
from ..forms.opinion import municipal_departments
from ..models import Opinion
from ..selectors import month as read
from ..selectors import opinions as opinion_read
from ..workflow import OpinionStatus
from .month import ROWS, commission_only, month_of

OPINION_WORDS = {
    "asked": gettext_lazy("Asked"), "sent": gettext_lazy("Sent"), "late": gettext_lazy("Late"),
    "owed": gettext_lazy("Owed"),
}  # fmt: skip


@dataclass(frozen=True)
class OpinionsAsked:
    """Which of the month's opinions, as the address says."""

    department: Organisation | None
    state: str

    @classmethod
    def of(cls, request: OfficeRequest) -> OpinionsAsked:
        wanted = request.GET.get("department", "")
        found = next((d for d in municipal_departments() if str(d.public_id) == wanted), None)
        state = request.GET.get("state", "")
        return cls(found, state if state in OPINION_WORDS else "")

    @property
    def words(self) -> list[str]:
        named = [self.department.name] if self.department else []
        return [*named, *([str(OPINION_WORDS[self.state])] if self.state else [])]

    def rows(self, request: OfficeRequest, month: Month) -> QuerySet[Opinion]:
        chosen = str(self.department.public_id) if self.department else ""
        return read.opinions_of_month(request.actor, month, chosen, self.state)


@require_safe
def opinions(request: OfficeRequest, text: str) -> HttpResponse:
    """The list behind a department's figures; a text is shown when it has been sent."""
    commission_only(request)
    month, asked = month_of(text), OpinionsAsked.of(request)
    page = Paginator(asked.rows(request, month), ROWS).get_page(request.GET.get("page"))
    return render(request, "reports/month/opinions.html", {
        "month": month, "page": page, "asked": asked, "states": OPINION_WORDS.items(),
        "departments": municipal_departments(),
    })  # fmt: skip


@require_safe
def export(request: OfficeRequest) -> HttpResponseBase:
    """The department's own opinions of a month, or all sent ones for the commission (facts.md §2.3)."""
    actor = request.actor
    asked = month_of(request.GET.get("month", str(reporting_month(request.now))))
    rows: Any = opinion_read.own_opinions(actor, asked).order_by("department__order", "pk")
    words = [str(asked)]
    if not opinion_read.departments_of(actor):
        commission_only(request)
        listed = OpinionsAsked.of(request)
        rows = [_unsent_hidden(o) for o in listed.rows(request, asked)]
        words += listed.words
    else:
        rows = rows.select_related("problem__project", "problem__place", "department")
    return exports.list_response(
        request, exports.OPINIONS, rows, title=_("Coordination opinions of municipal departments"),
        filter_line=" · ".join(words),
    )  # fmt: skip


def _unsent_hidden(opinion: Opinion) -> Opinion:
    """What a department has not sent is its own."""
    if opinion.status != OpinionStatus.SENT:
        opinion.result = opinion.text = opinion.section = ""
        opinion.due_on = None
    return opinion
