"""储备项目库: the list, and the decisions on one project of it (M1.2, M1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.projects.models import Project
from ningde_projects.projects.selectors import project_of
from ningde_projects.shell.queries import changed_query
from ningde_projects.workflow.acting import ReasonForm, dialog_act, posted, refused_page, show
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import NotAllowed, Refusal, WrongState

from ..forms.exits import ExitForm, NoteForm
from ..forms.record import RecordForm, as_text, initial_of
from ..models import Direction, ReserveRecord
from ..policies.applications import filing_offices
from ..policies.records import keeping_right
from ..querysets.records import POOL_STAGES
from ..selectors import pool as read
from ..selectors import pool_filters as filtering
from ..services import pool as services
from ..services import records
from .access import granted, reader

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS = 50


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """The number of rows is known from the counts of the filters."""

    def __init__(self, rows: Any, per_page: int, number: int) -> None:
        super().__init__(rows, per_page)
        self._number = number

    @cached_property
    def count(self) -> int:
        return self._number


@dataclass(frozen=True)
class Menu:
    """A filter with many values, as a menu of links."""

    title: StrOrPromise
    options: list[tuple[str, int, str, bool]]


@dataclass(frozen=True)
class SortLink:
    href: str
    direction: str


@require_safe
def pool(request: OfficeRequest) -> HttpResponse:
    """All projects of the pool that this person sees; every filter and column stands in the address."""
    actor = request.actor
    reader(actor)
    filters = filtering.read_filters(request.GET.dict(), request.GET.getlist("col"))
    found, number = read.facets(actor, filters, request.now)
    pages = CountedPaginator(read.listed(actor, filters, request.now), ROWS, number)
    try:
        page = pages.page(request.GET.get("page", 1))
    except PageNotAnInteger:
        page = pages.page(1)
    except EmptyPage:
        page = pages.page(pages.num_pages)
    by_name = {facet.name: facet for facet in found}
    return render(request, "reserve/pool/list.html", {
        "page": page,
        "number": number,
        "filters": filters,
        "parts": read.part_counts(actor),
        "flags": [(by_name[name], name) for name in filtering.FLAGS if by_name[name].options],
        "menus": menus(request, filters, found),
        "chosen": chips(filters, by_name),
        "sorts": sort_links(request, filters.sort),
        "columns": [(name, title, name in filters.columns) for name, title in filtering.COLUMNS.items()],
        "shown": set(filters.columns),
        "wide": len(filters.columns) > 9,
        "direction_words": Direction.choices,
        "kept_query": [(k, v) for k, values in request.GET.lists() if k not in ("col", "page") for v in values],
        "county": actor.organisation.place.name,
        "can_file": bool(filing_offices(actor)),
        "merges": actor.has(Duty.DISPATCH),
        "clear_url": request.path,
    })  # fmt: skip


def menus(request: HttpRequest, filters: filtering.Filters, found: list[filtering.Facet]) -> list[Menu]:
    """Each value leads to itself, the chosen one takes itself away; one value alone is no choice."""
    shown = []
    for facet in found:
        chosen = filters.chosen.get(facet.name)
        if facet.name in filtering.FLAGS or (len(facet.options) < 2 and not chosen):
            continue
        options = [
            (
                option.label,
                option.count,
                changed_query(request.GET, {facet.name: None if option.value == chosen else option.value}),
                option.value == chosen,
            )
            for option in facet.options
        ]
        shown.append(Menu(facet.title, options))
    return shown


def chips(filters: filtering.Filters, by_name: Mapping[str, filtering.Facet]) -> list[tuple[str, str, str]]:
    """(parameter, value, words) of every filter that is on, each removable."""
    found = []
    for name, value in filters.chosen.items():
        words = str(by_name[name].title) if name in filtering.FLAGS else by_name[name].label(value)
        found.append((name, value, words))
    if filters.text:
        found.append(("q", filters.text, _("Contains “{text}”").format(text=filters.text)))
    return found


def sort_links(request: HttpRequest, chosen: str) -> dict[str, SortLink]:
    links = {}
    for name in filtering.SORTS:
        falling = f"-{name}"
        first, second = (name, falling) if name in ("name", "start", "updated") else (falling, name)
        target = {first: second, second: ""}.get(chosen, first)
        direction = {name: "ascending", falling: "descending"}.get(chosen, "")
        links[name] = SortLink(changed_query(request.GET, {"sort": target}), direction)
    return links


# ---- one project -----------------------------------------------------------------------------------------------


def _project(request: OfficeRequest, public_id: UUID) -> Project:
    reader(request.actor)
    return project_of(request.actor, public_id)


def _url(project: Project) -> str:
    return reverse("projects:detail", args=[project.public_id]) + "#panel-reserve"


@require_http_methods(["GET", "POST"])
@once
def act(request: OfficeRequest, public_id: UUID, act: str) -> HttpResponse:
    """Still true, propose the exit, out, stay, back: whoever may is asked in a dialog."""
    project = _project(request, public_id)
    if act not in services.ACT_ROLES:
        raise Http404
    verb = services.verb_of(request.actor, project, act)
    if not verb:
        return refused_page(request, NotAllowed(services.refused_words(act)), back=_url(project))
    record = _record(project)
    if record is None and project.stage not in POOL_STAGES:
        return refused_page(request, WrongState(_("This project is not in the pool.")), back=_url(project))
    if record is not None and (locked := refusal(record, verb, request.actor)):
        return refused_page(request, locked, back=_url(project))
    if not_his := services.exit_refusal(project, verb):
        return refused_page(request, not_his, back=_url(project))

    def make(cleaned: Mapping[str, Any]) -> None:
        services.act(
            project, act, cleaned["reason"], by=request.actor, at=request.now,
            category=cleaned.get("category") or "", version=cleaned["version"],
        )  # fmt: skip

    words = _words(act)
    if act == "exit" and project.is_key:
        words["consequence"] = _(
            "It stands in the annual list as “{level}” and is taken off it by this decision; owner and departments are "
            "told. Nothing is deleted: the record stays readable and can come back."
        ).format(level=project.get_level_display())
    return dialog_act(
        request, make, form=_form(request, act, record), done=_url(project), object=project.name, **words
    )


def _record(project: Project) -> ReserveRecord | None:
    return ReserveRecord.objects.select_related("project").filter(project=project).first()


def _form(request: OfficeRequest, act: str, record: ReserveRecord | None) -> forms.BaseForm:
    initial: dict[str, Any] = {"version": record.version if record else None}
    if act in ("exit", "propose_exit"):
        if record and record.exit_proposed_at:
            initial |= {"category": record.exit_category, "reason": record.exit_proposal}
        return ExitForm(posted(request), initial=initial)
    form = NoteForm if act == "confirm" else ReasonForm
    return form(posted(request), initial=initial)


def _words(act: str) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "confirm": {
            "title": _("Confirm that it still holds"), "button": _("Confirm"), "button_icon": "check", "tone": "sea",
            "consequence": _("The project counts as updated today; the note stands in its record."),
            "success": _("Confirmed."),
        },
        "propose_exit": {
            "title": _("Propose the exit from the pool"), "button": _("Propose"), "button_icon": "logout",
            "consequence": _("The bureau or the commission is told and decides; until then the project stays."),
            "success": _("Proposed; the decision is awaited."),
        },
        "exit": {
            "title": _("Take the project out of the pool"), "button": _("Take out"), "button_icon": "logout",
            "danger": True,
            "consequence": _(
                "Owner and departments are told. Nothing is deleted: the record stays readable and can come back."
            ),
            "success": _("Taken out of the pool."),
        },
        "keep": {
            "title": _("Keep the project in the pool"), "button": _("Keep"), "button_icon": "check", "tone": "sea",
            "consequence": _("The proposal is turned down; whoever made it is told the reason."),
            "success": _("It stays in the pool."),
        },
        "restore": {
            "title": _("Bring the project back into the pool"), "button": _("Bring back"), "button_icon": "database",
            "tone": "sea",
            "consequence": _("It goes on in the stage in which it left; the exit stays in its record."),
            "success": _("It is in the pool again."),
        },
    }  # fmt: skip
    return words[act]


@require_http_methods(["GET", "POST"])
@once
def edit(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """The reserve facts of a project in the pool."""
    project = _project(request, public_id)
    granted(keeping_right(request.actor, project))
    record = _record(project)
    if record is None and project.stage in POOL_STAGES:
        record = ReserveRecord(project=project)
    if record is None or (record.pk and record.status != "pooled") or project.stage not in POOL_STAGES:
        reason = WrongState(_("This project is not in the pool; its record is closed."))
        return refused_page(request, reason, back=_url(project))
    initial = (as_text(initial_of(record)) if record.pk else {}) | {"version": record.version}
    form = RecordForm(posted(request), initial=initial, total=project.total_investment)
    if request.method == "POST" and form.is_valid():
        kept = records.ensure(project, request.now)
        try:
            changed = records.update(
                kept, form.record_facts(), form.funding(), by=request.actor, at=request.now,
                version=form.cleaned_data["version"],
            )  # fmt: skip
        except WrongState as refused:
            return refused_page(request, refused, back=_url(project))
        except Refusal as refused:
            show(form, refused)
        else:
            return _saved(request, project, changed)
    context = {"project": project, "form": form, "cancel_url": _url(project)}
    return render(request, "reserve/pool/edit.html", context, status=422 if form.is_bound else 200)


def _saved(request: OfficeRequest, project: Project, changed: bool) -> HttpResponse:

    messages.success(request, _("Saved.") if changed else _("Nothing was different; nothing was changed."))
    return redirect(_url(project))
