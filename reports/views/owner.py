"""The owner's home, and the answers given there (E1, M5.1)."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import reporting_month
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.projects.selectors import Thresholds
from ningde_projects.shell.due import due
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..models.problems import Answer
from ..selectors.acts import look_of, verb_of
from ..selectors.basis import carried_problems
from ..selectors.owner import Home, carried_card, home_of, news_for, offices_of, replies_to
from ..selectors.owner_calendar import bar_of, my_deadline, switch_of
from ..services.drafting import answer_problem
from .owning import month_asked, own_report, owner_of

#: The done ones are folded away when there are more of them than this.
FOLD_ABOVE = 5
_SHOWN = {"todo": ("returned", "overdue", "todo"), "done": ("filed", "exempt")}


@require_GET
def home(request: OfficeRequest) -> HttpResponse:
    return _home(request, request.GET.get("show", "todo"))


@require_GET
def done(request: OfficeRequest) -> HttpResponse:
    """已办: what has been filed for the month."""
    return _home(request, "done")


def _home(request: OfficeRequest, show: str) -> HttpResponse:
    actor, at = owner_of(request), request.now
    current = reporting_month(at)
    month = month_asked(request.GET, current)
    offices, book = offices_of(actor), DeadlineBook()
    found = home_of(actor, month, at)
    deadline = my_deadline(found, book, offices)
    context = {
        "home": found,
        "month": month,
        "is_current": month == current,
        "show": show if show in ("todo", "done", "all") else "todo",
        "groups": _groups(found, show),
        "fold": show == "todo" and found.owed > 0 and found.filed > FOLD_ABOVE,
        "bar": bar_of(found, book, offices, at),
        "deadline": due(deadline, at),
        "opens_at": month.next.start,
        "news": [(n, verb_of(n.act), *look_of(n.act.name)) for n in news_for(actor, at)],
        "period_switch": switch_of(month, current, reverse("reports:owner")),
        "first": next((card for card in found.cards if card.group in _SHOWN["todo"]), None),
    }
    return render(request, "reports/owner/home.html", context)


def _groups(found: Home, show: str) -> list[tuple[str, list[object]]]:
    """待办 keeps the done ones below, folded; 已办 shows these alone."""
    wanted = _SHOWN["done"] if show == "done" else (*_SHOWN["todo"], *_SHOWN["done"])
    return [(key, list(cards)) for key, cards in found.groups if key in wanted]


@require_POST
def answer(request: OfficeRequest, public_id: UUID, problem_id: UUID) -> HttpResponse:
    """One three-way answer from the home page goes into this month's draft."""
    report = own_report(request, public_id)
    problem = next((p for p in carried_problems(report) if p.public_id == problem_id), None)
    if problem is None:
        raise Http404
    said = request.POST.get("answer", "")
    refused: Refusal | None = None
    if said in (Answer.UNSOLVED, Answer.PROGRESS, Answer.SOLVED):
        try:
            report = answer_problem(
                report, problem, said, request.POST.get("note", "")[:5000], by=request.actor, at=request.now
            )
        except NotAllowed as wrong:
            raise PermissionDenied(str(wrong)) from wrong
        except Refusal as wrong:
            refused = wrong
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('reports:owner')}?month={report.month}#p-{problem.public_id}")
    card = carried_card(
        problem, report, Thresholds(report.month), replies_to([problem]).get(problem.pk), request.now
    )
    context = {"card": card, "refused": refused, "saved": refused is None and bool(said)}
    return render(
        request,
        "reports/owner/inc/carried_home.html",
        context,
        status=refused.status_code if refused else 200,
    )
