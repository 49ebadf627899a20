"""Deadlines, extensions and the calendar; what the engine has run, for the system administrator."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.acting import dialog_act

from . import services
from .forms import DayForm, ExtensionForm, RuleForm
from .models import CalendarDay, Extension, JobFailure, JobRun
from .month import Month, reporting_month
from .rules import Cycle, applies_to, deadline_day, deadline_instant
from .selectors import DeadlineBook, spec_codes
from .workdays import answer, is_provisional

ROWS = 50


def _business(request: OfficeRequest) -> None:
    if not request.actor.held or (
        request.actor.is_administrator and not request.actor.has(Duty.ADMIN_SYSTEM)
    ):
        raise Http404


def _commission(request: OfficeRequest) -> None:
    if not request.actor.has(Duty.DISPATCH):
        raise PermissionDenied(_("Only the municipal commission decides on deadlines and the calendar."))


@require_safe
def deadlines(request: OfficeRequest) -> HttpResponse:
    """The one table with this period's instants, and the extensions that hold."""
    _business(request)
    try:
        month = Month.parse(request.GET.get("month", ""))
    except ValueError:
        month = reporting_month(request.now)
    book = DeadlineBook()
    rows = []
    for code in spec_codes():
        spec = book.spec(code, month)
        runs = spec.cycle is Cycle.PER_ITEM or applies_to(spec, month)
        instant = (
            deadline_instant(spec, month, book.entered) if runs and spec.cycle is not Cycle.PER_ITEM else None
        )
        day = answer(deadline_day(spec, month, book.entered), book.entered) if instant else None
        rows.append({"spec": spec, "instant": instant, "day": day, "runs": runs})
    return render(request, "periods/deadlines.html", {
        "month": month, "rows": rows, "may_decide": request.actor.has(Duty.DISPATCH),
        "extensions": Extension.objects.filter(month=month)
        .select_related("decided_by")
        .prefetch_related("organisations"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def extend(request: OfficeRequest) -> HttpResponse:
    _commission(request)
    kinds = [OrgKind.OWNER, OrgKind.COUNTY_BUREAU, OrgKind.MUNICIPAL_DEPARTMENT]
    offices = list(Organisation.objects.filter(kind__in=kinds, is_active=True).select_related("place"))
    initial = {"month": str(reporting_month(request.now)), "code": "D2"}
    data = request.POST if request.method == "POST" else None

    def do(values: Any) -> None:
        services.extend_deadline(values["code"], values["month"], values["last_day"], list(values["organisations"]),
                                 by=request.actor, at=request.now, reason=values["reason"])  # fmt: skip

    return dialog_act(
        request, do, form=ExtensionForm(data, initial=initial, organisations=offices),
        done=reverse("periods:deadlines"), success=_("The deadline is extended."), title=_("Extend a deadline"),
        consequence=_(
            "It holds for the named organisations only and is shown with its reason; the others are not moved."
        ),
        button=_("Extend"), button_icon="calendar-plus",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def change_rule(request: OfficeRequest, code: str) -> HttpResponse:
    """A new dated version of one rule."""
    _commission(request)
    if code not in spec_codes():
        raise Http404
    month = reporting_month(request.now)
    spec = DeadlineBook().spec(code, month)
    initial = {"valid_from": str(month.next), "day": spec.day, "workdays": spec.workdays,
               "moves": spec.moves_for_holidays,
               "reminders": ", ".join(map(str, spec.reminder_days))}  # fmt: skip
    data = request.POST if request.method == "POST" else None

    def do(values: Any) -> None:
        days = [int(n) for n in re.findall(r"\d+", values.get("reminders", ""))]
        services.new_rule(code, values["valid_from"], day=values.get("day") or spec.day or 1,
                          workdays=values.get("workdays") or 0, moves=values["moves"], reminder_days=days,
                          reason=values["reason"], by=request.actor, at=request.now)  # fmt: skip

    return dialog_act(
        request, do, form=RuleForm(data, initial=initial, cycle=spec.cycle), done=reverse("periods:deadlines"),
        success=_("The new version holds from its period on."), title=_("Change a deadline from a period on"),
        object=f"{code} · {spec.what}", consequence=_("Earlier months are still judged by the earlier version."),
        button=_("Set the new version"),
    )  # fmt: skip


@require_safe
def calendar(request: OfficeRequest, year: int) -> HttpResponse:
    """The year's days off and make-up days, with where each answer comes from."""
    _business(request)
    if not 2020 <= year <= 2040:
        raise Http404
    entered = DeadlineBook().entered
    notes = dict(CalendarDay.objects.values_list("day", "note"))
    day, moved = date(year, 1, 1), []
    while day.year == year:
        found = answer(day, entered)
        if found.is_make_up or (day.weekday() < 5 and not found.is_workday) or day in entered:
            moved.append((found, notes.get(day, "")))
        day += timedelta(days=1)
    return render(request, "periods/calendar.html", {
        "year": year, "moved": moved, "provisional": is_provisional(year), "may_decide": request.actor.has(Duty.DISPATCH),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def enter_day(request: OfficeRequest) -> HttpResponse:
    _commission(request)
    data = request.POST if request.method == "POST" else None
    return dialog_act(
        request,
        lambda v: services.enter_day(v["day"], v["is_workday"], v["note"], by=request.actor, at=request.now),
        form=DayForm(data), done=reverse("periods:calendar", args=[request.now.year]), success=_("The day is entered."),
        title=_("Enter a day"), consequence=_("Clocks that count working days follow from now on."),
        button=_("Enter the day"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def remove_day(request: OfficeRequest, text: str) -> HttpResponse:
    _commission(request)
    try:
        row = get_object_or_404(CalendarDay, day=date.fromisoformat(text))
    except ValueError as wrong:
        raise Http404 from wrong
    return dialog_act(
        request, lambda _v: services.remove_day(row, by=request.actor, at=request.now),
        done=reverse("periods:calendar", args=[row.day.year]), success=_("The published calendar holds again."),
        title=_("Remove the entry"), object=f"{row.day} {row.note}", button=_("Remove the entry"),
    )  # fmt: skip


@require_safe
def jobs(request: OfficeRequest) -> HttpResponse:
    """What has run and what failed: the system administrator's page."""
    if not request.actor.has(Duty.ADMIN_SYSTEM):
        raise Http404
    page = Paginator(JobRun.objects.order_by("-due_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    return render(
        request, "periods/jobs.html", {"page": page, "failures": JobFailure.objects.order_by("-last_at")}
    )
