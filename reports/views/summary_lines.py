"""The lines of 附件2: wording, level, department, day and order; edited in the table or on a page (M6.1)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors
from ningde_projects.workflow.acting import refused_page
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal, StaleVersion

from ..forms.opinion import municipal_departments
from ..forms.summary import ItemForm
from ..models import SummaryItem
from ..services import summaries, summary_order
from .summary import context_of, own_summary, place_query, summary_url


def _own_item(request: OfficeRequest, text: str, public_id: UUID) -> SummaryItem:
    found = own_summary(request, text)
    rows = found.items.select_related("summary", "problem__project", "problem__owner", "problem__category",
                                      "problem__unit", "lead_department", "report")  # fmt: skip
    item: SummaryItem = get_object_or_404(rows, public_id=public_id)
    return item


@require_http_methods(["GET", "POST"])
@once
def item(request: OfficeRequest, text: str, public_id: UUID) -> HttpResponse:
    """Edit one line: in the table with script, on a page of its own without."""
    line = _own_item(request, text, public_id)
    here = summary_url(request, line.summary)
    locked = refusal(line.summary, "draw_in", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=here)
    departments = municipal_departments()
    if request.method != "POST":
        if request.GET.get("show") == "line" and _in_row(request):
            return _row(request, line)
        return _edit(request, line, ItemForm(initial=ItemForm.initial_of(line), departments=departments))
    form = ItemForm(request.POST, departments=departments)
    if not form.is_valid():
        return _edit(request, line, form, status=422)
    values = {k: v for k, v in form.cleaned_data.items() if k != "version"}
    try:
        version = form.cleaned_data["version"]
        line = summaries.edit_item(line, values, by=request.actor, at=request.now, version=version)
    except StaleVersion:
        return _stale(request, line, form, here)
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    if _in_row(request):
        return _saved(request, line)
    return HttpResponseRedirect(f"{here}#line-{line.public_id}")


def _in_row(request: OfficeRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _edit(request: OfficeRequest, line: SummaryItem, form: ItemForm, status: int = 200) -> HttpResponse:
    name = "reports/summary/edit_row.html" if _in_row(request) else "reports/summary/edit_page.html"
    context = {
        "line": line,
        "summary": line.summary,
        "month": line.summary.month,
        "form": form,
        "place_query": place_query(request),
    }
    return render(request, name, context, status=status)


def _row(request: OfficeRequest, line: SummaryItem) -> HttpResponse:
    context = {
        "line": line,
        "summary": line.summary,
        "month": line.summary.month,
        "editable": True,
        "place_query": place_query(request),
    }
    return render(request, "reports/summary/line.html", context)


def _saved(request: OfficeRequest, line: SummaryItem) -> HttpResponse:
    """The line as it is now, and the checks that it may have settled."""
    found = own_summary(request, str(line.summary.month))
    context = context_of(request, found) | {"line": line, "month": found.month}
    response = render(request, "reports/summary/line_saved.html", context)
    response["HX-Reswap"] = "none"  # both parts find their own places
    return response


def _stale(request: OfficeRequest, line: SummaryItem, form: ItemForm, url: str) -> HttpResponse:
    """Both texts side by side; what was typed can be copied."""
    line.refresh_from_db()
    changed = []
    for name in summaries.ITEM_FIELDS:
        theirs, mine = getattr(line, name), form.cleaned_data[name]
        if theirs != mine:
            label = str(form.fields[name].label)
            changed.append(errors.Changed(label, str(theirs or ""), str(mine or "")))
    return errors.stale(request, changed=changed, url=url)


@require_POST
@once
def move(request: OfficeRequest, text: str, public_id: UUID, way: str) -> HttpResponse:
    if way not in ("up", "down"):
        raise Http404
    line = _own_item(request, text, public_id)
    here = f"{summary_url(request, line.summary)}#line-{line.public_id}"
    try:
        summary_order.move(line, up=way == "up", by=request.actor, at=request.now)
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    return HttpResponseRedirect(here)
