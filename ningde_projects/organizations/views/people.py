"""Accounts: the list, one person, and what the keepers do with the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ningde_projects.signin import factors
from ningde_projects.signin.throttle import failures_of
from ningde_projects.workflow.acting import ReasonForm, dialog_act, show
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, Refusal, StaleVersion

from .. import handover, policies, selectors
from ..actor import Held
from ..duties import Duty
from ..forms import CloseAccountForm, MoveForm, NewPersonForm, PersonForm
from ..history import described
from ..lists import hidden_fields
from ..middleware import OfficeRequest
from ..models import User
from ..services import accounts, moves, suspension
from .base import allowed, changed_meanwhile, labels_of, may_read, page_of
from .organisations import organisation_of


@require_safe
def people(request: OfficeRequest) -> HttpResponse:
    may_read(policies.reading_refusal(request.actor))
    listing = selectors.people_list(request.actor, request.GET, request.now)
    return render(
        request,
        "organizations/people.html",
        {
            "listing": listing,
            "menus": listing.menus(request.GET),
            "page": page_of(request, selectors.with_duties(listing.rows(), request.now)),
            "kept": hidden_fields(request.GET),
            "tab": "people",
        },
    )


def person_of(request: OfficeRequest, person: UUID) -> User:
    may_read(policies.reading_refusal(request.actor))
    return get_object_or_404(selectors.people_visible_to(request.actor), public_id=person)


@require_safe
def person(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    actor, at = request.actor, request.now
    keeps = isinstance(policies.account_right(actor, row.organisation), Held)
    security = actor.has(Duty.ADMIN_SECURITY)
    other = row.pk != actor.user.pk
    machines = ("account", "handover", "duty") if actor.is_administrator else ("account", "handover")
    return render(
        request,
        "organizations/person.html",
        {
            "row": row,
            "duties": selectors.duties_of(row),
            "now": at,
            "delegations": selectors.delegations_visible_to(actor)
            .filter(valid_to__gt=at, revoked_at__isnull=True, principal=row)
            .union(
                selectors.delegations_visible_to(actor).filter(
                    valid_to__gt=at, revoked_at__isnull=True, delegate=row
                )
            )
            if actor.is_administrator
            else [],
            "may_keep": keeps,
            "may_close": keeps and (row.is_active or row.suspended_at is not None) and other,
            "may_move": keeps and row.is_active and other,
            "may_reopen": keeps and row.suspended_at is not None,
            "may_link": row.is_active and other and isinstance(policies.link_right(actor, row), Held),
            "may_grant": security and row.is_active and other,
            "security": security,
            "reads_duties": actor.is_administrator,
            "has_factor": factors.has_factor(row) if actor.is_administrator else False,
            "failures": failures_of(row.username, at) if security else 0,
            "shows_phone": policies.sees_phone(actor, row),
            "open_groups": handover.open_items(row, at)
            if keeps and (row.is_active or row.suspended_at)
            else [],
            "acts": [described(a) for a in _acts(row, machines)],
        },
    )


def _acts(row: User, machines: tuple[str, ...]) -> list[Act]:
    own = Act.objects.filter(machine__in=[m for m in machines if m != "duty"], object_id=row.pk)
    own = own.exclude(name__in=["signed_in", "signed_out", "sign_in_failed", "settings_changed"])
    found = list(own.order_by("-id")[:15])
    if "duty" in machines:
        ids = row.assignments.values("pk")
        found += Act.objects.filter(machine="duty", object_id__in=ids).order_by("-id")[:15]
    return sorted(found, key=lambda act: -act.pk)[:15]


@once
@require_http_methods(["GET", "POST"])
def open_account(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    office = organisation_of(request, public_id)
    allowed(policies.account_right(request.actor, office))
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            row = accounts.open_account(
                office, facts.pop("username"), facts, by=request.actor, at=request.now
            )
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(
                request,
                _("The account is open. Issue the link for the first password; duties follow separately."),
            )
            return HttpResponseRedirect(reverse("organizations:person", args=[row.public_id]))
    return _form(request, form, office.name, reverse("organizations:organisation", args=[public_id]), None)


@once
@require_http_methods(["GET", "POST"])
def edit(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    allowed(policies.account_right(request.actor, row.organisation))
    url = reverse("organizations:person", args=[person])
    initial = {name: getattr(row, name) for name in (*accounts.FACTS, "version")}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        try:
            accounts.update_person(row, facts, by=request.actor, at=request.now, version=version)
        except StaleVersion:
            return changed_meanwhile(request, "account", row, facts, labels_of(form), request.path)
        except NotAllowed:
            raise
        except Refusal as refused:
            show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(url)
    return _form(request, form, row.organisation.name, url, row)


def _form(request: OfficeRequest, form: PersonForm, office: str, back: str, row: User | None) -> HttpResponse:
    return render(
        request,
        "organizations/person_form.html",
        {"form": form, "office": office, "back": back, "row": row},
        status=422 if form.is_bound else 200,
    )


@once
@require_http_methods(["GET", "POST"])
def close(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    allowed(policies.account_right(request.actor, row.organisation))
    counts = _open_counts(row, request)

    def act(data: Mapping[str, Any]) -> None:
        accounts.close_account(
            row, data["reason"], data["successor"], by=request.actor, at=request.now, version=data["version"]
        )

    return dialog_act(
        request, act,
        form=CloseAccountForm(
            request.POST if request.method == "POST" else None, successors=selectors.colleagues(row),
            initial={"version": row.version},
        ),
        done=reverse("organizations:person", args=[person]), success=_("The account is closed."),
        title=_("Close the account"), object=f"{row.name} · {row.organisation.name}", button=_("Close the account"),
        button_icon="user-off", danger=True,
        consequence=_lies_with(counts)
        + _("Duties, delegations and sessions end at once; the account name is never given to another person."),
    )  # fmt: skip


def _open_counts(row: User, request: OfficeRequest) -> str:
    groups = handover.open_items(row, request.now)
    return "；".join(_("{title}: {n}").format(title=g.title, n=len(g.lines)) for g in groups)


def _lies_with(counts: str) -> str:
    if not counts:
        return ""
    return _("With this person lie: {counts}. The successor takes all of it over and gets the hand-over sheet. ").format(
        counts=counts
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def move(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    allowed(policies.account_right(request.actor, row.organisation))
    counts = _open_counts(row, request)

    def act(data: Mapping[str, Any]) -> None:
        moves.move_person(
            row, data["organisation"], data["reason"], data.get("successor"), by=request.actor, at=request.now,
            section=data["section"], title=data["title"], version=data["version"],
        )  # fmt: skip

    return dialog_act(
        request, act,
        form=MoveForm(
            request.POST if request.method == "POST" else None, successors=selectors.colleagues(row),
            offices=selectors.offices_to_move_to(request.actor, row), asks_successor=bool(counts),
            initial={"version": row.version},
        ),
        done=reverse("organizations:person", args=[person]),
        success=_("{name} has moved; the security administrator is asked for the new duty.").format(name=row.name),
        title=_("Move to another office"), object=f"{row.name} · {row.organisation.name}", button=_("Move"),
        button_icon="arrows-exchange",
        consequence=_lies_with(counts)
        + _("Duties and delegations in the present office and all sessions end at once; account name and password stay."),
    )  # fmt: skip


@once
@require_http_methods(["GET", "POST"])
def reopen(request: OfficeRequest, person: UUID) -> HttpResponse:
    row = person_of(request, person)
    allowed(policies.account_right(request.actor, row.organisation))

    def act(data: Mapping[str, Any]) -> None:
        suspension.reopen_account(
            row, data["reason"], by=request.actor, at=request.now, version=data["version"]
        )

    return dialog_act(
        request, act,
        form=ReasonForm(request.POST if request.method == "POST" else None, initial={"version": row.version}),
        done=reverse("organizations:person", args=[person]), success=_("The account is open again."),
        title=_("Reopen the account"), object=f"{row.name} · {row.organisation.name}", button=_("Reopen the account"),
        button_icon="lock-open",
        consequence=_("The person signs in with the password as before and holds the duties that have not ended."),
    )  # fmt: skip
