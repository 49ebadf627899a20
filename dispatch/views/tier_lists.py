"""滞后重点项目分级协调清单: page, print, and what changed since the month before (screen 06; M8.2, M8.3)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import Month
from ningde_projects.workflow.door import refusal

from .. import ladder_slot
from ..exports.items import APPROVED, title_of
from ..models import Tier, TierList
from ..policies.items import sees_whole_list
from ..selectors import item_pages
from ..selectors import tier_lists as read
from ..workflow.items import LIST_EDITABLE, TIER_LIST, ItemStatus
from .item_access import at_work, list_asked, month_in

#: The acts on a list: address, row of the table, icon; the last one open is the main button.
ACTS = (
    ("withdraw", "withdraw", "arrow-back"), ("return", "return_by_leader", "arrow-back-up"),
    ("return", "return_by_government", "arrow-back-up"), ("draw", "draw", "refresh"), ("send", "send_to_leader", "send"),
    ("pass", "pass_on", "send"), ("approve", "approve", "check"), ("issue", "issue", "send"),
)  # fmt: skip


@require_safe
def tier_list(request: OfficeRequest) -> HttpResponse:
    """The list of a month; the numbers on the filters count what they open."""
    at_work(request)
    actor, month = request.actor, month_in(request, request.GET.get("month", ""))
    found = read.list_of(actor, month)
    if found is None and "month" not in request.GET:
        months = read.months_of(actor)
        if months and not is_commission(actor):
            month, found = months[0], read.list_of(actor, months[0])
    if found is None:
        return _none(request, month)
    return render(request, "dispatch/list/list.html", page_of(request, found))


def _none(request: OfficeRequest, month: Month) -> HttpResponse:
    """No list that this person may see: the dispatchers begin one."""
    context = {
        "month": month, "may_begin": is_commission(request.actor) and month < Month.at(request.now),
        "months": read.months_of(request.actor),
    }  # fmt: skip
    return render(request, "dispatch/list/none.html", context)


def page_of(request: OfficeRequest, found: TierList) -> dict[str, Any]:
    actor, now = request.actor, request.now
    filters = read.ListFilters.read(request.GET.dict())
    rows = read.rows_of_list(found, now, actor)
    rungs = ladder_slot.rungs([row.item for row in rows], actor, now)
    for row in rows:
        row.rung = rungs.get(row.item.pk)
    groups = read.groups_of(rows, filters)
    counts = read.counts_of(rows, filters)
    drafts = is_commission(actor)
    first = next((row for group in groups for row in group.rows if not group.is_folded), None)
    return {
        "tier_list": found, "month": found.month, "months": read.months_of(actor), "filters": filters,
        "groups": groups, "counts": counts, "steps": item_pages.steps_of(found, rows), "first": first,
        "acts": acts_open(found, request), "is_editable": drafts and found.status in LIST_EDITABLE,
        "states": [(s, read.state_word(s), counts.states[s]) for s in read.STATES
                   if counts.states[s] or s == filters.state or s in ("overdue", "new", "rise")
                   if s != "rise" or sees_whole_list(actor)],
        "may_chase": drafts and counts.states["overdue"], "whole": sees_whole_list(actor), "drafts": drafts,
        "title": title_of(found), "is_approved": found.status in APPROVED, "all_url": f"?month={found.month}",
        "tier_chips": [(t.value, t.label, counts.tiers[t.value]) for t in Tier],
        "edition": found.editions.order_by("-number").first() if sees_whole_list(actor) else None,
    }  # fmt: skip


def acts_open(found: TierList, request: OfficeRequest) -> list[tuple[str, str, str]]:
    """(address, words, icon) of what this person may do now."""
    return [
        (verb, str(_label(name)), icon)
        for verb, name, icon in ACTS
        if refusal(found, name, request.actor) is None
    ]


def _label(name: str) -> Any:
    return TIER_LIST.by_name[name].label


@require_safe
def printed(request: OfficeRequest, text: str) -> HttpResponse:
    """The paper: A4 landscape, 送审稿 until it is approved."""
    found = list_asked(request, text)
    filters = read.ListFilters.read(request.GET.dict())
    rows = [
        r for r in read.rows_of_list(found, request.now, request.actor) if r.item.status != ItemStatus.REMOVED
    ]
    return render(request, "dispatch/list/print.html", {
        "tier_list": found, "month": found.month, "groups": read.groups_of(rows, filters), "title": title_of(found),
        "is_approved": found.status in APPROVED, "count": len(rows), "words": filters.in_words(rows),
    })  # fmt: skip


@require_safe
def compared(request: OfficeRequest, text: str) -> HttpResponse:
    """与上月对比: what came, what stayed, what went up, what was struck off."""
    found = list_asked(request, text)
    before = read.list_of(request.actor, found.month.previous)
    now = read.rows_of_list(found, request.now, request.actor)
    then = read.rows_of_list(before, request.now, request.actor) if before else []
    return render(request, "dispatch/list/compare.html", {
        "tier_list": found, "month": found.month, "before": before, "previous": found.month.previous,
        "compared": read.compare(now, then, read.tiers_as_approved(before) if before else {}),
    })  # fmt: skip


@require_safe
def edition(request: OfficeRequest, text: str, number: int) -> HttpResponse:
    """The workbook as it was approved, byte for byte; for those who see the whole list."""
    found = list_asked(request, text)
    kept = found.editions.filter(number=number).first() if sees_whole_list(request.actor) else None
    if kept is None:
        raise Http404
    name = f"three-tier-list-{found.month}-{kept.number}.xlsx"
    return HttpResponse(
        bytes(kept.workbook), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
