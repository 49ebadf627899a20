"""What a case needs before each step: complete, offices named, opinions in, the three agreed (M2.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..models import Case, CaseOpinion, LeadRole, OpinionVerdict
from ..models.cases import LEADS
from ..rules import cases as case_rules
from ..workflow.cases import OPINION_OWED, OpinionStatus
from ..workflow.funding import FUNDING_LIVE
from .case_binding import case_binding
from .case_limits import slip_factor
from .case_offices import askable


@case_binding.guard
def case_is_complete(case: Case, step: Step) -> None:
    errors = case_rules.missing(step.data, is_supplement=step.transition.name.startswith("resubmit"))
    if errors:
        raise RuleBroken(_("The case is not complete yet."), errors=errors)
    doubts = case_rules.doubts(step.data, case.project.total_investment, slip_factor(step.at))
    if doubts and not step.data.get("confirmed"):
        raise RuleBroken(" ".join(doubts), field="confirmed")


@case_binding.guard
def offices_are_named(case: Case, step: Step) -> None:
    leads: Mapping[str, Organisation] = step.data.get("leads") or {}
    errors: dict[str, list[str]] = {}
    for role in LEADS:
        if leads.get(role) is None:
            errors[role] = [_("Name the office that speaks on this.")]
    named = [office.pk for office in leads.values() if office is not None]
    if len(set(named)) != len(named):
        errors["land"] = [_("The three have to be three different offices.")]
    _check_others(case, step, set(named), errors)
    strange = [o.short_name for o in leads.values() if o and not askable(case).filter(pk=o.pk).exists()]
    if strange:
        errors["approval"] = [
            _("These offices cannot be asked here: {names}.").format(names="、".join(strange))
        ]
    if errors:
        raise RuleBroken(_("The offices to be asked are not settled yet."), errors=errors)


@case_binding.guard
def others_are_named(case: Case, step: Step) -> None:
    errors: dict[str, list[str]] = {}
    if not step.data.get("others"):
        errors["others"] = [_("Choose at least one office.")]
    asked = set(case.opinions.exclude(status=OpinionStatus.RELEASED).values_list("department", flat=True))
    _check_others(case, step, asked, errors)
    if errors:
        raise RuleBroken(_("The offices to be asked are not settled yet."), errors=errors)


def _check_others(case: Case, step: Step, already: set[int], errors: dict[str, list[str]]) -> None:
    others: Sequence[Organisation] = step.data.get("others") or ()
    if twice := [office.short_name for office in others if office.pk in already]:
        errors["others"] = [_("Asked already: {names}.").format(names="、".join(twice))]
    allowed = set(askable(case).values_list("pk", flat=True))
    if strange := [office.short_name for office in others if office.pk not in allowed]:
        errors["others"] = [
            _("These offices cannot be asked here: {names}.").format(names="、".join(strange))
        ]
    last_day = step.data.get("last_day")
    if last_day is None or last_day <= local_date(step.at):
        errors["last_day"] = [_("The last day for the opinions has to lie ahead.")]


def standing_opinions(case: Case) -> list[CaseOpinion]:
    """All that count: asked and not released."""
    rows = case.opinions.exclude(status=OpinionStatus.RELEASED).select_related("department")
    return list(rows.order_by("pk"))


def outstanding(case: Case) -> list[str]:
    """M2.2: the offices whose opinion is not in yet."""
    return [o.department.short_name for o in standing_opinions(case) if o.status in OPINION_OWED]


def not_agreeing(case: Case) -> list[str]:
    """facts §4: of the three, those that do not (yet) agree, each with what it said."""
    by_role = {o.role: o for o in standing_opinions(case)}
    found = []
    for role in LEADS:
        opinion = by_role.get(role)
        if opinion is None:
            found.append(_("{role} (nobody asked)").format(role=LeadRole(role).label))
        elif opinion.status != OpinionStatus.GIVEN or opinion.verdict != OpinionVerdict.AGREE:
            said = opinion.get_verdict_display() if opinion.verdict else _("no opinion yet")
            found.append(_("{office} ({said})").format(office=opinion.department.short_name, said=said))
    return found


@case_binding.guard
def opinions_are_in(case: Case, step: Step) -> None:
    if names := outstanding(case):
        raise RuleBroken(_("Not all opinions are in yet; missing: {names}.").format(names="、".join(names)))


@case_binding.guard
def leads_agree(case: Case, step: Step) -> None:
    if names := not_agreeing(case):
        raise RuleBroken(
            _("It passes only when the three leading offices agree; not yet: {names}.").format(
                names="、".join(names)
            )
        )


@case_binding.guard
def no_funding_under_way(case: Case, step: Step) -> None:
    if case.lines.filter(status__in=FUNDING_LIVE).exists():
        raise WrongState(
            _(
                "Preliminary funds have been requested on this conclusion; have the requests withdrawn or returned first."
            )
        )
