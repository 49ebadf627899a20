"""The one table of deadlines, more time for some, and dated versions of a rule."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.acting import dialog_act, show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from .. import services
from ..extensions import addressees, extendable
from ..forms import ExtensionForm, RuleForm
from ..month import Month, reporting_month
from ..rules import Cycle
from ..selectors import DeadlineBook, spec_codes
from ..tables import deadline_table, month_text, next_instants, shown_extensions, versions
from .access import commission_only, month_asked, readers_only


@require_safe
def deadlines(request: OfficeRequest) -> HttpResponse:
    """Every rule with its instant in one period, and who was given more time."""
    readers_only(request)
    month = month_asked(request)
    context = {
        "month": month,
        "month_text": month_text(month),
        "months": _months_around(month),
        "rows": deadline_table(month, request.now),
        "may_decide": request.actor.has(Duty.DISPATCH),
        "extensions": shown_extensions(request.actor, month),
        "extendable": extendable(),
        "calendar_year": month.next.year,
    }
    return render(request, "periods/deadlines.html", context)


def _months_around(month: Month) -> list[tuple[Month, str]]:
    return [(m, month_text(m)) for m in month.plus(-2).until(month.plus(2)) if m.year >= 2020]


@require_safe
def extensions(request: OfficeRequest) -> HttpResponse:
    """Everything that was ever extended, for whom and why."""
    readers_only(request)
    context = {"rows": shown_extensions(request.actor), "may_decide": request.actor.has(Duty.DISPATCH)}
    return render(request, "periods/extensions.html", context)


@require_http_methods(["GET", "POST"])
@once
def extend(request: OfficeRequest) -> HttpResponseBase:
    """More time for named organisations: rule and period in the address, offices, day and reason in the form."""
    commission_only(request)
    code = request.GET.get("code", "")
    code = code if code in extendable() else extendable()[0]
    month = month_asked(request)
    offices = list(
        Organisation.objects.filter(kind__in=addressees(code), is_active=True)
        .select_related("place")
        .order_by("place__order", "order", "name")
    )
    data = request.POST if request.method == "POST" else None
    form = ExtensionForm(data, offices=offices)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _extend(request, code, month, form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as refused:
                show(form, refused)
                status = refused.status_code
            else:
                messages.success(request, _("The deadline is extended; those concerned are told."))
                return HttpResponseRedirect(f"{reverse('periods:deadlines')}?month={month}")
    return render(request, "periods/extend.html", _extend_context(code, month, offices, form), status=status)


def _extend(request: OfficeRequest, code: str, month: Month, values: dict[str, Any]) -> None:
    services.extend_deadline(
        code, month, values["last_day"], list(values["organisations"]), by=request.actor, at=request.now,
        reason=values["reason"],
    )  # fmt: skip


def _extend_context(
    code: str, month: Month, offices: Iterable[Organisation], form: ExtensionForm
) -> dict[str, Any]:
    book = DeadlineBook()
    groups = [(place, list(rows)) for place, rows in groupby(offices, key=lambda office: office.place)]
    return {
        "form": form,
        "code": code,
        "month": month,
        "month_text": month_text(month),
        "months": _months_around(month),
        "rules": [(c, book.spec(c, month)) for c in extendable()],
        "instant": book.deadline(code, month),
        "groups": groups,
        "later": {pk: until for until, named, _id in book.extensions(code, month) for pk in named},
    }


@require_safe
def rule(request: OfficeRequest, code: str) -> HttpResponse:
    """One rule: its versions, and the next times that it falls due."""
    readers_only(request)
    if code not in spec_codes():
        raise Http404
    month = reporting_month(request.now)
    context = {
        "spec": DeadlineBook().spec(code, month),
        "versions": versions(code, month),
        "next": next_instants(code, request.now),
        "may_decide": request.actor.has(Duty.DISPATCH),
    }
    return render(request, "periods/rule.html", context)


@require_http_methods(["GET", "POST"])
@once
def change_rule(request: OfficeRequest, code: str) -> HttpResponseBase:
    """A new dated version of one rule."""
    commission_only(request)
    if code not in spec_codes():
        raise Http404
    first = Month.at(request.now)
    spec = DeadlineBook().spec(code, first)
    initial = {
        "valid_from": str(first), "day": spec.day, "workdays": spec.workdays, "moves": spec.moves_for_holidays,
        "reminders": ", ".join(map(str, spec.reminder_days)),
    }  # fmt: skip

    def change(values: Any) -> None:
        services.new_rule(
            code, values["valid_from"], day=values.get("day") or spec.day or 1, workdays=values.get("workdays") or 0,
            moves=values.get("moves", False), reminder_days=values["reminders"], reason=values["reason"],
            by=request.actor, at=request.now,
        )  # fmt: skip

    data = request.POST if request.method == "POST" else None
    return dialog_act(
        request,
        change,
        form=RuleForm(data, initial=initial, cycle=spec.cycle, first=first),
        done=reverse("periods:rule", args=[code]),
        success=_("The new version holds from its period on."),
        title=_("Change a deadline from a period on"),
        object=f"{code} {spec.what}",
        consequence=_per_item() if spec.cycle is Cycle.PER_ITEM else _earlier(),
        button=_("Set the new version"),
    )


def _earlier() -> str:
    return _("Earlier months are still judged by the earlier version.")


def _per_item() -> str:
    return _("Clocks that run already keep their day; new ones follow the new version.")
