"""The one door for every change of state.

`perform(obj, "return", by=actor, at=now, reason=…)` locks the row, asks the policy, looks at the state, runs the
guards, sets the status, makes the effect, writes the act and queues the notices — in that order and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, AnyActor, Held, SystemActor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Organisation

from . import history
from .models import Act
from .refusals import NotAllowed, Refusal, RuleBroken, StaleVersion, WrongState
from .table import Machine, Transition


class Stateful(Protocol):
    """What the door needs of a model; every stateful model has these."""

    pk: Any
    public_id: UUID
    status: str
    version: int


@dataclass
class Step:
    """What guards, effects and audiences are given."""

    transition: Transition
    actor: AnyActor
    at: datetime
    reason: str
    data: Mapping[str, Any]
    holder: Held | None = None
    #: What the effect wants kept in the event log beside the plain facts.
    record: dict[str, Any] = field(default_factory=dict)
    #: What a guard found out and the effect needs again.
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Actor:
        """The acting person, for effects of rows that a duty opens; TypeError for the system's own rows."""
        if not isinstance(self.actor, Actor):
            raise TypeError(f"{self.transition.name} was made by the system")
        return self.actor


Guard = Callable[[Any, Step], None]
Effect = Callable[[Any, Step], None]
Audience = Callable[[Any, Step, Act], None]
Offices = Callable[[Any, str], Iterable[int]]
About = Callable[[Any], Mapping[str, Any]]
#: Where only named persons may act, not everyone with the duty: their ids; None = the office decides.
Persons = Callable[[Any, str], Iterable[int] | None]


def _anyone(obj: Any, office: str) -> None:
    return None


@dataclass
class Binding:
    """A machine with its model and the functions that its rows name."""

    machine: Machine
    model: type[models.Model]
    offices: Offices
    about: About
    persons: Persons = _anyone
    #: Relations that say nothing the door asks for: what the caller has read of them is kept when the row is locked.
    steady: tuple[str, ...] = ()
    guards: dict[str, Guard] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)

    def guard(self, function: Guard) -> Guard:
        self.guards[function.__name__] = function
        return function

    def effect(self, function: Effect) -> Effect:
        self.effects[function.__name__] = function
        return function

    def audience(self, function: Audience) -> Audience:
        self.audiences[function.__name__] = function
        return function

    def unbound(self) -> list[str]:
        """Names in the table that no function answers to; a test demands that there are none."""
        missing: list[str] = []
        for t in self.machine.transitions:
            missing += [f"guard {g}" for g in t.guards if g not in self.guards]
            missing += [f"effect {t.effect}"] if t.effect and t.effect not in self.effects else []
            missing += [f"audience {n}" for n in t.notifies if n not in self.audiences]
        return missing


_bindings: dict[type[models.Model], Binding] = {}


def bind(
    machine: Machine, model: type[models.Model], *, offices: Offices, about: About, persons: Persons = _anyone,
    steady: tuple[str, ...] = (),
) -> Binding:  # fmt: skip
    """Tie a table to its model; once per model."""
    if model in _bindings:
        raise ValueError(f"{model.__name__} is bound twice")
    _bindings[model] = Binding(machine, model, offices, about, persons, steady)
    return _bindings[model]


def bindings() -> list[Binding]:
    return list(_bindings.values())


def binding_of(obj: Any) -> Binding:
    return _bindings[type(obj)]


# ---- the two questions, asked by the door and by the page alike ------------------------------------


def person_refusal(obj: Any, transition: Transition, actor: AnyActor) -> Refusal | None:
    """Why this person may not, or None."""
    if transition.duty is None:
        return None if isinstance(actor, SystemActor) else NotAllowed(_("Only the system does this."))
    if isinstance(actor, SystemActor):
        return NotAllowed(_("The system does not do this by itself."))
    holder = _holder(obj, transition, actor)
    if holder is None:
        offices = binding_of(obj).offices(obj, transition.office)
        return NotAllowed(
            _("Only %(duty)s of %(office)s may do this.")
            % {
                "duty": Duty(transition.duty).label,
                "office": _office_names(offices) or _("the office in charge"),
            }
        )
    return _own_work_refusal(obj, transition, actor, holder)


def state_refusal(obj: Stateful, transition: Transition) -> Refusal | None:
    """Why not in this state, or None."""
    if obj.status in transition.source:
        return None
    statuses = binding_of(obj).machine.statuses
    return WrongState(
        _("“%(act)s” is not possible: the state is now “%(state)s”.")
        % {"act": transition.label, "state": statuses(obj.status).label}
    )


def refusal(obj: Any, name: str, actor: AnyActor) -> Refusal | None:
    """What a page shows on a locked button; guards that need no input are left to the act itself."""
    transition = binding_of(obj).machine.by_name[name]
    return person_refusal(obj, transition, actor) or state_refusal(obj, transition)


def possible(obj: Any, actor: AnyActor) -> list[Transition]:
    """The acts open to this person now."""
    return [t for t in binding_of(obj).machine.leaving(obj.status) if person_refusal(obj, t, actor) is None]


def _holder(obj: Any, transition: Transition, actor: Actor) -> Held | None:
    if transition.duty is None:
        return None
    binding = binding_of(obj)
    offices = binding.offices(obj, transition.office)
    named = binding.persons(obj, transition.office)
    if named is None:
        return actor.as_holder(transition.duty, offices)
    people = set(named)
    fitting = tuple(h for h in actor.held if (h.principal or actor.user).pk in people)
    return replace(actor, held=fitting).as_holder(transition.duty, offices)


def _own_work_refusal(obj: Any, transition: Transition, actor: Actor, holder: Held) -> Refusal | None:
    """Nobody approves what he himself filed, whichever of his hats he wears (settled point 14)."""
    if not transition.not_by:
        return None
    last = (
        Act.objects.filter(machine=binding_of(obj).machine.name, object_id=obj.pk, name__in=transition.not_by)
        .order_by("-id")
        .values_list("user_id", "principal_id")
        .first()
    )
    mine = {actor.user.pk} | ({holder.principal.pk} if holder.principal else set())
    if last and mine & (set(last) - {None}):
        return NotAllowed(_("You filed this yourself; another person has to decide."))
    return None


def _office_names(offices: Iterable[int]) -> str:
    names = Organisation.objects.filter(pk__in=list(offices)).values_list("short_name", flat=True)
    return _(" or ").join(names)


# ---- the door --------------------------------------------------------------------------------------------------


def perform(
    obj: Any,
    name: str,
    *,
    by: AnyActor,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Act:
    """Make one transition, or raise a Refusal and change nothing.

    `version` is what the form was shown with; a different one in the row means StaleVersion. `obj` is brought up to
    date in place. The caller may already be in a transaction; the row lock holds until it ends.
    """
    binding = binding_of(obj)
    transition = binding.machine.by_name[name]
    reason = reason.strip()
    with (
        transaction.atomic(),
        history.changes_of_one_act(act=f"{binding.machine.name}.{name}", **_traces(by)),
    ):
        _lock(obj, binding.steady)
        refused = person_refusal(obj, transition, by) or state_refusal(obj, transition)
        if refused:
            raise refused
        if version is not None and version != obj.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        if transition.reason_required and not reason:
            raise RuleBroken(_("A reason is required."), field="reason")
        holder = _holder(obj, transition, by) if isinstance(by, Actor) and transition.duty else None
        step = Step(transition, by, at, reason, data or {}, holder)
        for guard in transition.guards:
            binding.guards[guard](obj, step)
        before = obj.status
        obj.status = transition.target or before
        obj.version += 1
        if transition.effect:
            binding.effects[transition.effect](obj, step)
        obj.save()
        act = _write(binding, obj, step, before)
        for audience in transition.notifies:
            binding.audiences[audience](obj, step, act)
    return act


def _traces(actor: AnyActor) -> dict[str, Any]:
    """Who and which request, for whoever reads the row history without the acts."""
    user = actor.user.pk if isinstance(actor, Actor) else None
    return {"user": user, "request_id": actor.request_id}


def _lock(obj: Any, steady: Iterable[str]) -> None:
    """Take the row and bring `obj` up to date in place."""
    manager, cache = type(obj)._base_manager, obj._state.fields_cache
    read = {name: cache[name] for name in steady if cache.get(name) is not None}
    try:
        obj.refresh_from_db(from_queryset=manager.select_for_update())
    except type(obj).DoesNotExist as gone:
        raise WrongState(_("This no longer exists.")) from gone
    for name, related in read.items():
        field = obj._meta.get_field(name)
        if getattr(obj, field.attname) == related.pk:
            field.set_cached_value(obj, related)


def _write(binding: Binding, obj: Any, step: Step, before: str) -> Act:
    about = dict(binding.about(obj))
    return _append(
        machine=binding.machine.name,
        name=step.transition.name,
        actor=step.actor,
        holder=step.holder,
        at=step.at,
        reason=step.reason,
        from_status=before,
        to_status=obj.status,
        object_id=obj.pk,
        object_public_id=obj.public_id,
        data=step.record,
        **about,
    )


def record(
    machine: str,
    name: str,
    *,
    by: AnyActor,
    at: datetime,
    obj: Any = None,
    holder: Held | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    text: str = "",
    project_id: int | None = None,
    place_id: int | None = None,
) -> Act:
    """Append an act that moves no status: a sign-in, an export, a reading, a setting changed (E3)."""
    return _append(
        machine=machine,
        name=name,
        actor=by,
        holder=holder,
        at=at,
        reason=reason,
        object_id=getattr(obj, "pk", None),
        object_public_id=getattr(obj, "public_id", None),
        object_text=(text or (str(obj) if obj is not None else ""))[:200],
        data=dict(data or {}),
        project_id=project_id,
        place_id=place_id,
    )


def _append(*, actor: AnyActor, holder: Held | None, **fields: Any) -> Act:
    act = Act(ip=actor.ip, request_id=actor.request_id, context_id=history.current_id(), **fields)
    if isinstance(actor, Actor):
        organisation = holder.organisation if holder else actor.organisation
        act.user, act.user_text = actor.user, actor.user.name
        act.organisation, act.organisation_text = organisation, organisation.name
        if holder and holder.principal:
            act.principal, act.principal_text = holder.principal, holder.principal.name
    act.save(force_insert=True)
    return act
