"""Working days of a year, entered by the commission over the published calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import dialog_act, show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from .. import services
from ..forms import DayForm, NoticeForm
from ..models import CalendarDay
from ..month import local_date
from ..notice_text import Read, read_notice
from ..selectors import entered_days
from ..tables import unusual_days
from ..workdays import answer, is_provisional
from .access import YEARS, commission_only, day_of, readers_only, year_in_reach


@require_safe
def calendar(request: OfficeRequest, year: int) -> HttpResponse:
    """Holidays and make-up days of a year, with where each answer comes from."""
    readers_only(request)
    year_in_reach(year)
    spans = unusual_days(year)
    context = {
        "year": year,
        "years": [y for y in range(year - 2, year + 3) if y in YEARS],
        "spans": spans,
        "provisional": is_provisional(year) and not any(span.is_entered for span in spans),
        "partly": is_provisional(year) and any(span.is_entered for span in spans),
        "made_up": sum(span.days for span in spans if span.is_workday),
        "entered": CalendarDay.objects.filter(day__year=year),
        "may_decide": request.actor.has(Duty.DISPATCH),
    }
    return render(request, "periods/calendar.html", context)


@require_http_methods(["GET", "POST"])
@once
def enter_day(request: OfficeRequest) -> HttpResponseBase:
    commission_only(request)
    form = DayForm(request.POST if request.method == "POST" else None)
    year = local_date(request.now).year

    def enter(values: Any) -> None:
        nonlocal year
        services.enter_day(
            values["day"], values["is_workday"], values["note"], by=request.actor, at=request.now
        )
        year = values["day"].year

    return dialog_act(
        request,
        enter,
        form=form,
        done=lambda: reverse("periods:calendar", args=[year]),
        cancel_url=reverse("periods:calendar", args=[year]),
        success=_("The day is entered."),
        title=_("Enter a day"),
        consequence=_(
            "What is counted in working days from now on follows; clocks that run already keep their day."
        ),
        button=_("Enter the day"),
    )


@require_http_methods(["GET", "POST"])
@once
def remove_day(request: OfficeRequest, text: str) -> HttpResponseBase:
    commission_only(request)
    row = get_object_or_404(CalendarDay, day=day_of(text))
    return dialog_act(
        request,
        lambda _values: services.remove_day(row, by=request.actor, at=request.now),
        done=reverse("periods:calendar", args=[row.day.year]),
        success=_("The published calendar holds again."),
        title=_("Remove the entry"),
        object=f"{row.day} {row.note}",
        consequence=_("The day is again what the published calendar says, or the provisional one."),
        button=_("Remove the entry"),
    )


@require_http_methods(["GET", "POST"])
def enter_notice(request: OfficeRequest) -> HttpResponseBase:
    """Paste the yearly notice, look at what was understood, and enter just that."""
    commission_only(request)
    # Looking is no act: loading the page with the understood days anew shows them again.
    return _enter_notice(request) if request.POST.get("agreed") else _notice_page(request)


@once
def _enter_notice(request: OfficeRequest) -> HttpResponseBase:
    return _notice_page(request, agreed=True)


def _notice_page(request: OfficeRequest, *, agreed: bool = False) -> HttpResponse:
    initial = {"year": local_date(request.now).year + 1}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    read, status = None, 422 if form.is_bound else 200
    if form.is_valid():
        read = read_notice(form.cleaned_data["text"], form.cleaned_data["year"])
        if not read.days and not read.errors:
            form.add_error("text", _("No day was found in this text."))
        elif not read.errors:
            status = 200
            if agreed and (done := _entered(request, form, read)):
                return done
    return render(
        request, "periods/notice.html", {"form": form, "read": read, "plan": _plan(read)}, status=status
    )


def _entered(request: OfficeRequest, form: NoticeForm, read: Read) -> HttpResponse | None:
    year = form.cleaned_data["year"]
    try:
        number = services.enter_days(
            read.days, by=request.actor, at=request.now, source=_("notice of %(year)s") % {"year": year}
        )
    except NotAllowed:
        raise
    except Refusal as refused:
        show(form, refused)
        return None
    words = ngettext("%(n)s day entered.", "%(n)s days entered.", number) % {"n": number}
    messages.success(request, words if number else _("All of these days stood there already."))
    return HttpResponseRedirect(reverse("periods:calendar", args=[year]))


def _plan(read: Read | None) -> list[dict[str, Any]]:
    """Day by day: what it is now and what it will be."""
    if read is None:
        return []
    entered = entered_days()
    rows = []
    for day, (works, note) in sorted(read.days.items()):
        now = answer(day, entered)
        rows.append(
            {"day": day, "works": works, "note": note, "was": now.is_workday, "new": now.is_workday != works}
        )
    return rows
