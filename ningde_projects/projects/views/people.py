"""Who answers for the project: naming a person for a post, and taking one out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Place
from ningde_projects.periods.month import local_date
from ningde_projects.shell.dialogs import leave, render_dialog
from ningde_projects.workflow.acting import posted
from ningde_projects.workflow.refusals import NotAllowed, Refusal

from ..forms import AssignForm, DismissForm
from ..models import Post, Project
from ..selectors import candidates, project_of
from ..services import people
from .access import granted


def _post(request: OfficeRequest, public_id: UUID, post: str) -> tuple[Project, Place | None]:
    """The project and the county that the post is for; 404 for what is no post of it, 403 for strangers."""
    project = project_of(request.actor, public_id)
    code = request.GET.get("place", "")
    place = Place.objects.filter(code=code, project_parts__project=project).first() if code else None
    if post not in Post.values or (code and place is None):
        raise Http404
    granted(people.direct_right(request.actor, project, post, place))
    return project, place


@require_http_methods(["GET", "POST"])
def assign(request: OfficeRequest, public_id: UUID, post: str) -> HttpResponse:
    project, place = _post(request, public_id, post)
    form = AssignForm(
        posted(request),
        candidates=candidates(project, post, place, request.now),
        initial={"since": local_date(request.now), "version": project.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            people.assign(
                project, post, place, form.cleaned_data["user"], form.cleaned_data["since"],
                by=request.actor, at=request.now, version=form.cleaned_data["version"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refused:
            _put(form, refused)
        else:
            messages.success(request, _("The responsible person has been named."))
            return leave(request, reverse("projects:detail", args=[public_id]))
    return _dialog(
        request, project, place, post, form, _("Name the responsible person"),
        _("The person sees the project from then on; whoever held the post before stays on record."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def dismiss(request: OfficeRequest, public_id: UUID, post: str) -> HttpResponse:
    project, place = _post(request, public_id, post)
    form = DismissForm(posted(request), initial={"since": local_date(request.now)})
    if request.method == "POST" and form.is_valid():
        try:
            people.dismiss(
                project, post, place, form.cleaned_data["since"], form.cleaned_data["reason"],
                by=request.actor, at=request.now,
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refused:
            _put(form, refused)
        else:
            messages.success(request, _("The post is vacant now."))
            return leave(request, reverse("projects:detail", args=[public_id]))
    return _dialog(
        request, project, place, post, form, _("Take the responsible person out"),
        _("The post stays vacant until someone is named; open problems have no direct responsible person then."),
        danger=True,
    )  # fmt: skip


def _put(form: Form, refused: Refusal) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _dialog(
    request: OfficeRequest,
    project: Project,
    place: Place | None,
    post: str,
    form: Form,
    title: str,
    consequence: str,
    *,
    danger: bool = False,
) -> HttpResponse:
    where = f"{place.name} · " if place else ""
    context = {
        "title": title,
        "object": f"{project.name} · {where}{Post(post).label}",
        "form": form,
        "consequence": consequence,
        "button": title,
        "button_icon": "user-minus" if danger else "user-check",
        "danger": danger,
        "cancel_url": reverse("projects:detail", args=[project.public_id]),
    }
    return render_dialog(request, "shell/confirm.html", context, status=422 if form.is_bound else 200)
