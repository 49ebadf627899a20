"""Both sides' review (M1.2): each passes or returns, in either order; the second pass lets the project in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.workflow.door import Step, perform, refusal
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, WrongState

from ..forms.applications import FUNDING, form_names
from ..models import Application, ApplicationReview, Side, Verdict
from . import records
from .applications import named
from .binding import application_binding

#: The rows of the table by side, in the order in which they are tried for a person.
PASSES = {"county": ("pass_county", "pass_city"), "industry": ("pass_industry",)}
RETURNS = {"county": ("return_county", "return_city"), "industry": ("return_industry",)}


def pass_side(
    application: Application,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    version: int | None = None,
) -> Act:
    """One side's pass; with the other's it is in the pool at the same moment."""
    with transaction.atomic():
        act = perform(application, verb, by=by, at=at, version=version, data={"text": text.strip()})
        if application.county_passed_at and application.industry_passed_at:
            perform(application, "complete", by=SystemActor(at), at=at)
    return act


def return_side(
    application: Application, verb: str, fields: Iterable[str], reason: str, *, by: Actor, at: datetime,
    version: int | None = None,
) -> Act:  # fmt: skip
    return perform(
        application, verb, by=by, at=at, reason=reason, version=version, data={"fields": list(fields)}
    )


def verb_of(application: Application, actor: Actor, table: dict[str, tuple[str, ...]], side: str) -> str:
    """The row by which this person acts for a side; the side's first row when none is open to him."""
    rows = table[side]
    for name in rows:
        if not isinstance(refusal(application, name, actor), NotAllowed):
            return name
    return rows[0]


def side_of(verb: str) -> Side:
    return Side.INDUSTRY if verb.endswith("_industry") else Side.COUNTY


@application_binding.guard
def side_still_waits(application: Application, step: Step) -> None:
    side = side_of(step.transition.name)
    if getattr(application, f"{side}_passed_at"):
        raise WrongState(_("This side has passed it already."))


@application_binding.guard
def no_one_stands_for_both_sides(application: Application, step: Step) -> None:
    """双责任制 means two: whoever passed for one side does not pass for the other."""
    other = Side.COUNTY if side_of(step.transition.name) == Side.INDUSTRY else Side.INDUSTRY
    if not getattr(application, f"{other}_passed_at"):
        return
    last = application.reviews.filter(side=other, verdict=Verdict.PASSED).order_by("-id").first()
    mine = {step.person.user.pk} | (
        {step.holder.principal.pk} if step.holder and step.holder.principal else set()
    )
    if last and last.by_id in mine:
        raise NotAllowed(_("You have passed it for the other side; this side is another person's."))


@application_binding.guard
def both_sides_passed(application: Application, step: Step) -> None:
    if not (application.county_passed_at and application.industry_passed_at):
        raise WrongState(_("Only one side has passed it."))


@application_binding.effect
def mark_passed(application: Application, step: Step) -> None:
    side = side_of(step.transition.name)
    setattr(application, f"{side}_passed_at", step.at)
    _keep(application, step, side, Verdict.PASSED, step.data.get("text", ""), [])


@application_binding.effect
def mark_returned(application: Application, step: Step) -> None:
    """The returning side reviews anew; what the other said is kept until money or scale changes."""
    side = side_of(step.transition.name)
    fields = [name for name in step.data.get("fields", []) if name in form_names() | {FUNDING}]
    if len(fields) != len(step.data.get("fields", [])):
        raise RuleBroken(_("There is no such field in the application."), field="fields")
    setattr(application, f"{side}_passed_at", None)
    application.returned_at, application.return_fields = step.at, fields
    application.return_reason = step.reason
    last = application.filings.order_by("-number").first()
    application.draft = dict(last.values) if last else {}
    application.draft.pop("confirm", None)
    application.draft_saved_at = application.draft_saved_by = None
    _keep(application, step, side, Verdict.RETURNED, step.reason, fields)
    step.record |= {"fields": fields}


@application_binding.effect
def let_into_pool(application: Application, step: Step) -> None:
    application.passed_at = step.at
    assert application.project is not None  # noqa: S101
    record = records.ensure(application.project, step.at)
    perform(record, "enter", by=step.actor, at=step.at, data={"application": application.pk})


def _keep(
    application: Application, step: Step, side: Side, verdict: Verdict, text: str, fields: list[str]
) -> None:
    office = application.county_office if side == Side.COUNTY else application.industry_office
    ApplicationReview.objects.create(
        application=application, filing_number=application.submission_count, side=side, verdict=verdict,
        at=step.at, by=step.person.user, by_text=named(step.person, step.holder),
        office_text=office.name if office else "", text=text, fields=fields,
    )  # fmt: skip
    step.record |= {"side": str(side.label)}
