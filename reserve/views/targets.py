"""Reserve targets: the matrix with its completion, the projects behind it, the editor (M1.1)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.offices import is_commission
from ningde_projects.workflow.acting import ActView, dialog_act, posted, refused_page, show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..forms.targets import MatrixForm, YearForm
from ..models import TargetEdition
from ..selectors import target_projects as listing
from ..selectors import targets as read
from ..selectors.history import history_of
from ..selectors.offices import industry_departments, reporting_places
from ..services import targets as services
from ..workflow.targets import TargetStatus
from .access import chain_only, commission_only, paged, year_in


def page_url(year: int) -> str:
    return f"{reverse('reserve:targets')}?year={year}"


@require_safe
def targets(request: OfficeRequest) -> HttpResponse:
    """Everyone in the chain sees the targets in force with what has been done, at any time."""
    chain_only(request)
    year = year_in(request, read.year_to_set(request.now))
    editions = list(
        TargetEdition.objects.visible_to(request.actor)
        .filter(year=year).exclude(status=TargetStatus.DISCARDED).select_related("created_by", "issued_by")
    )  # fmt: skip
    in_force = next((e for e in editions if e.status == TargetStatus.ISSUED), None)
    shown = _chosen(request, editions) or in_force
    return render(request, "reserve/targets/matrix.html", {
        "year": year, "years": read.known_years(request.actor, request.now), "shown": shown, "in_force": in_force,
        "editions": editions, "draft": next((e for e in editions if e.status == TargetStatus.DRAFT), None),
        "matrix": read.matrix(shown, year, read.reach_of(request.actor)),
        "may_set": is_commission(request.actor), "due_at": read.due_at(year),
    })  # fmt: skip


def _chosen(request: OfficeRequest, editions: list[TargetEdition]) -> TargetEdition | None:
    number = request.GET.get("edition", "")
    return next((e for e in editions if str(e.number) == number), None)


@require_safe
def projects(request: OfficeRequest) -> HttpResponse:
    """The projects behind a figure of completion, as far as one sees them."""
    chain_only(request)
    wanted = listing.read_query(request.GET, read.year_to_set(request.now))
    page = paged(request, listing.listed(request.actor, wanted))
    return render(request, "reserve/targets/projects.html", {
        "page": page, "wanted": wanted, "line": listing.in_words(wanted), "back": page_url(wanted.year),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def begin(request: OfficeRequest) -> HttpResponse:
    """A draft for a year: the first one, or a new edition of what was issued."""
    commission_only(request)
    year = year_in(request, read.year_to_set(request.now))
    form = YearForm(posted(request), initial={"year": year})
    made: list[TargetEdition] = []

    def act(data: object) -> None:
        values = form.cleaned_data
        made.append(
            services.begin_edition(values["year"], by=request.actor, at=request.now, reason=values["reason"])
        )

    return dialog_act(
        request, act, form=form, done=lambda: reverse("reserve:target-edit", args=[made[0].public_id]), success="",
        title=_("Set reserve targets"), button=_("Begin the draft"), button_icon="pencil", cancel_url=page_url(year),
        consequence=_("Nothing changes for the counties until you issue the draft. A new edition starts from the "
                      "figures in force."),
    )  # fmt: skip


def _draft(request: OfficeRequest, public_id: UUID) -> TargetEdition:
    chain_only(request)
    found: TargetEdition = get_object_or_404(
        TargetEdition.objects.visible_to(request.actor), public_id=public_id
    )
    return found


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The editor: every county and department, saved as a whole with its version."""
    edition = _draft(request, public_id)
    locked = refusal(edition, "issue", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=page_url(edition.year))
    form = MatrixForm(
        edition,
        reporting_places(),
        list(industry_departments()),
        posted(request),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.save_draft(
                    edition,
                    form.targets(),
                    by=request.actor,
                    at=request.now,
                    version=form.cleaned_data["version"],
                )
            except Refusal as refused:
                status = refused.status_code
                show(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("reserve:target-edit", public_id=edition.public_id)
    saved = read.matrix(edition, edition.year, read.reach_of(request.actor))
    totals = {row.department.pk: row.total for row in saved.rows if row.department}
    return render(request, "reserve/targets/edit.html", {
        "edition": edition, "form": form, "matrix": saved,
        "rows": [(department, cells, totals[department.pk]) for department, cells in form.rows()],
        "history": history_of("reserve_targets", edition.pk), "back": page_url(edition.year),
    }, status=status)  # fmt: skip


class Issue(ActView):
    model, act, success = TargetEdition, "issue", gettext_lazy("Issued.")

    def words(self, obj: TargetEdition) -> dict[str, object]:
        total = read.matrix(obj, obj.year, read.reach_of(self.request.actor)).total
        return super().words(obj) | {
            "button_icon": "send", "text": obj.reason,
            "consequence": _(
                "{count} projects with {sum} of 100 million yuan; every county and department concerned is told. From "
                "then on the targets change by a new edition only."
            ).format(count=total.target_count, sum=f"{total.target_sum / 10000:,.1f}"),
        }  # fmt: skip

    def done_url(self, obj: TargetEdition) -> str:
        return page_url(obj.year)


class Discard(ActView):
    model, act, success = TargetEdition, "discard", gettext_lazy("Discarded.")

    def words(self, obj: TargetEdition) -> dict[str, object]:
        return super().words(obj) | {"danger": True, "button_icon": "trash"}

    def done_url(self, obj: TargetEdition) -> str:
        return page_url(obj.year)
