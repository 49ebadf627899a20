"""A county department passes problems of its industry to municipal departments (M6.2)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import dialog_act
from ningde_projects.workflow.idempotency import once

from ..forms.opinion import PassingForm, municipal_departments
from ..models import Problem
from ..selectors import opinions as read
from ..selectors.months import known_months, month_asked, month_bar
from ..services import opinions as write


@require_GET
def passing(request: OfficeRequest) -> HttpResponse:
    """What the county department has in charge, and what has gone up this month."""
    if not any(h.organisation.kind == "county_department" for h in request.actor.held_of(Duty.HANDLE)):
        raise Http404
    month = month_asked(request)
    rows = []
    for problem in read.passable(request.actor, month):
        gone = [o for o in problem.opinions.all() if o.month == month]
        rows.append({"problem": problem, "gone": gone, "days": problem.days(request.now)})
    waiting = sum(1 for r in rows if not r["gone"])
    return render(request, "reports/passing/list.html", {
        "month": month, "months": known_months(), "rows": rows, "waiting": waiting,
        "bar": month_bar(month, request.now, "D5"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def pass_problem(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    problem: Problem = get_object_or_404(Problem.objects.visible_to(request.actor), public_id=public_id)
    month = month_asked(request)
    suggested = problem.category.factor_department or problem.project.municipal_department
    form = PassingForm(
        request.POST if request.method == "POST" else None, departments=municipal_departments(),
        initial={"department": str(suggested.public_id) if suggested else "", "note": problem.handling},
    )  # fmt: skip
    back = f"{reverse('reports:passing')}?month={month}"
    if not request.actor.has(Duty.HANDLE):
        back = reverse("reports:problem", args=[public_id])
    return dialog_act(
        request,
        lambda data: write.pass_to_department(
            problem, data["department"], month, by=request.actor, at=request.now, note=data["note"]
        ),
        form=form,
        done=back,
        success=_("Passed to the municipal department."),
        action=f"{reverse('reports:pass_problem', args=[public_id])}?month={month}",
        title=_("Pass to a municipal department"),
        object=f"{problem.number} {problem.project.name}",
        consequence=_("The department is told; its opinion is due by the 15th."),
        button=_("Pass up"),
        button_icon="send",
    )
