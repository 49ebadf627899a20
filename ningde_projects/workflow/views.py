"""The record, read by the audit administrator, who changes nothing (security.md, three administrators)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ningde_projects.documents.lists import CONTENT_TYPES, Heading, ListFormat, write_list
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import midnight

from .acts import act_title, kind_title, kinds
from .door import record
from .models import Act

ROWS = 50
SHEET = Sheet(
    key="record", name=gettext_lazy("Record"), title=gettext_lazy("Record of acts"),
    columns=(
        Column("at", gettext_lazy("Time"), getter=lambda a: f"{a.at:%Y-%m-%d %H:%M:%S%z}", width=26),
        Column("organisation", gettext_lazy("Organisation"), getter=lambda a: a.organisation_text, width=28),
        Column("user", gettext_lazy("Person"), getter=lambda a: a.user_text, width=12),
        Column("principal", gettext_lazy("Acting for"), getter=lambda a: a.principal_text, width=12),
        Column("machine", gettext_lazy("Kind"), getter=lambda a: kind_title(a.machine), width=16),
        Column("name", gettext_lazy("Act"), getter=lambda a: act_title(a.machine, a.name), width=18),
        Column("object", gettext_lazy("Object"), getter=lambda a: a.object_text, width=44),
        Column("reason", gettext_lazy("Reason"), width=40),
        Column("ip", gettext_lazy("Address"), width=16),
        Column("request_id", gettext_lazy("Request"), width=20),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    words: str = ""
    machine: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        return cls(query.get("q", "").replace("\x00", "")[:60].strip(), query.get("kind", "")[:30],
                   _day(query.get("from", "")), _day(query.get("to", "")))  # fmt: skip

    def rows(self) -> QuerySet[Act]:
        rows = Act.objects.all()
        if self.words:
            rows = rows.filter(
                Q(user_text__icontains=self.words) | Q(organisation_text__icontains=self.words)
                | Q(object_text__icontains=self.words) | Q(request_id=self.words)
            )  # fmt: skip
        if self.machine:
            rows = rows.filter(machine=self.machine)
        if self.first:
            rows = rows.filter(at__gte=midnight(self.first))
        if self.last:
            rows = rows.filter(at__lt=midnight(self.last + timedelta(days=1)))
        return rows.order_by("-id")


def _day(text: str) -> date | None:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (a day, not an instant)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _auditor(request: OfficeRequest) -> None:
    if not request.actor.has(Duty.ADMIN_AUDIT):
        raise Http404


@require_safe
def records(request: OfficeRequest) -> HttpResponse:
    """Every act, newest first; looking is itself recorded when it is narrowed to someone or something."""
    _auditor(request)
    filters = Filters.read(request.GET)
    page = Paginator(filters.rows(), ROWS).get_page(request.GET.get("page"))
    return render(request, "workflow/records.html", {
        "page": page, "filters": filters, "kinds": sorted((k, str(v.title)) for k, v in kinds().items()),
        "rows": [(a, kind_title(a.machine), act_title(a.machine, a.name)) for a in page],
    })  # fmt: skip


@require_safe
def record_page(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """One act in full. What is said inside of business matters is left out: only the facts of the act."""
    _auditor(request)
    act = get_object_or_404(Act, public_id=public_id)
    same = (
        Act.objects.filter(request_id=act.request_id).exclude(pk=act.pk).order_by("id")
        if act.request_id
        else []
    )
    return render(request, "workflow/record.html", {
        "act": act, "kind": kind_title(act.machine), "name": act_title(act.machine, act.name),
        "same": [(a, kind_title(a.machine), act_title(a.machine, a.name)) for a in same],
    })  # fmt: skip


@require_safe
def records_export(request: OfficeRequest, form: ListFormat) -> HttpResponseBase:
    _auditor(request)
    if form not in CONTENT_TYPES:
        raise Http404
    filters = Filters.read(request.GET)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  (the response closes it)
    title = _("Record of acts")
    written = write_list(file, form, SHEET, filters.rows().iterator(chunk_size=1000), Heading(title=title))
    file.seek(0)
    record("record", "export", by=request.actor, at=request.now, text=title, data={"rows": written})
    return file_response(file, export_file_name([title], request.now, form), CONTENT_TYPES[form])
