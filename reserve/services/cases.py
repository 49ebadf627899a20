"""The case from its draft to its conclusion (M2.1, M2.2); the county's runs through the same functions (M2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, SystemActor
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.door import Step, perform, person_refusal, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import Case, CaseOpinion, LeadRole, OpinionVerdict
from ..models.cases import LEADS
from ..policies.cases import filing_right, level_of
from ..rules import cases as case_rules
from ..workflow.cases import CASE, CASE_EDITABLE, OPINION_OWED, OpinionStatus
from ..workflow.funding import FUNDING_LIVE
from .case_binding import case_binding, convener_verb, filer_verb
from .case_offices import askable, chain_offices, run_place

#: Stages in which preliminary work is still ahead or under way.
STAGES = (Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY, Stage.UNDER_WAY)


def start(project: Project, year: int, *, by: Actor, at: datetime) -> Case:
    """A draft for the year; the one that is there already when there is one. Raises NotAllowed, WrongState."""
    right = filing_right(by, project)
    if isinstance(right, NotAllowed):
        raise right
    if project.stage not in STAGES:
        raise WrongState(_("A project that is completed, suspended or has left the pool needs no case."))
    level = level_of(project)
    place = run_place(project, level)
    convener, government = chain_offices(place)
    known = Case.objects.filter(project=project, year=year).first()
    if known is None:
        try:
            with transaction.atomic():
                case = Case.objects.create(
                    project=project, year=year, level=level, place=place, convener=convener, government=government,
                    filer=right.organisation, started_at=at, started_by=by.user, draft=_first_draft(project),
                )  # fmt: skip
                record(
                    "case",
                    "start",
                    by=by,
                    at=at,
                    obj=case,
                    holder=right,
                    project_id=project.pk,
                    place_id=place.pk,
                )
            return case
        except IntegrityError:
            known = Case.objects.get(project=project, year=year)
    if not Case.objects.visible_to(by).filter(pk=known.pk).exists():
        raise WrongState(_("{office} has begun this case.").format(office=known.filer.short_name))
    found: Case = known
    return found


def _first_draft(project: Project) -> dict[str, Any]:
    return {"body": project.owner.name}


def editing_refusal(case: Case, actor: Actor) -> NotAllowed | WrongState | None:
    """Why this person does not change what the case says, or None."""
    refused = person_refusal(case, CASE.by_name[filer_verb("submit", case)], actor)
    if refused:
        return NotAllowed(refused.reason)
    if case.status not in CASE_EDITABLE:
        return WrongState(_("The case is with the convener; it can be changed when it is sent back."))
    return None


def save_draft(case: Case, typed: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None) -> Case:
    """Keep what is typed as it is typed, complete or not."""
    with transaction.atomic():
        case.refresh_from_db(from_queryset=Case.objects.select_for_update())
        refused = editing_refusal(case, by)
        if refused:
            raise refused
        # What stands there already is no conflict: the same page may have saved it a moment ago.
        if version is not None and version != case.version and dict(typed) != case.draft:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        if dict(typed) != case.draft:
            case.draft = dict(typed)
            case.draft_saved_at = at
            case.version += 1
            case.save(update_fields=["draft", "draft_saved_at", "version"])
    return case


def submit(
    case: Case, facts: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Act:
    """File it, or file its supplement. Raises RuleBroken with every field that lacks something."""
    verb = "resubmit" if case.status == "supplement" else "submit"
    return perform(case, filer_verb(verb, case), by=by, at=at, version=version, data=facts)


def withdraw(case: Case, *, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(case, filer_verb("withdraw", case), by=by, at=at, version=version)


def accept(
    case: Case, *, leads: Mapping[str, Organisation], others: Sequence[Organisation], last_day: date,
    question: str = "", by: Actor, at: datetime, version: int | None = None,
) -> Act:  # fmt: skip
    """受理: ask the three and any number of others, all by 24:00 of `last_day`."""
    data = {"leads": dict(leads), "others": list(others), "last_day": last_day, "question": question}
    return perform(case, convener_verb("accept", case.level), by=by, at=at, version=version, data=data)


def send_back(case: Case, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(case, convener_verb("return", case.level), by=by, at=at, reason=reason, version=version)


def invite(
    case: Case, others: Sequence[Organisation], last_day: date, *, question: str = "", by: Actor, at: datetime,
    version: int | None = None,
) -> Act:  # fmt: skip
    data = {"others": list(others), "last_day": last_day, "question": question}
    return perform(case, convener_verb("invite", case.level), by=by, at=at, version=version, data=data)


def ask_supplement(case: Case, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Act:
    """补充完善: the filing office supplements and files again; the consultation goes on."""
    return perform(
        case, convener_verb("ask_supplement", case.level), by=by, at=at, reason=reason, version=version
    )


def conclude(
    case: Case, passed: bool, *, text: str = "", by: Actor, at: datetime, version: int | None = None
) -> Act:
    """M2.2: passes only when all asked opinions are in and the three agree; the refusal says what is missing."""
    verb = convener_verb("pass" if passed else "reject", case.level)
    return perform(case, verb, by=by, at=at, reason=text, version=version)


def reopen(case: Case, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Act:
    return perform(case, convener_verb("reopen", case.level), by=by, at=at, reason=reason, version=version)


def may_request(case: Case, actor: Actor) -> bool:
    """Whether the page offers to ask for preliminary funds."""
    return case.status == "passed" and not isinstance(filing_right(actor, case.project), NotAllowed)


# ---- guards ----------------------------------------------------------------------------------------------------


@case_binding.guard
def case_is_complete(case: Case, step: Step) -> None:
    errors = case_rules.missing(step.data, is_supplement=step.transition.name.startswith("resubmit"))
    if errors:
        raise RuleBroken(_("The case is not complete yet."), errors=errors)
    doubts = case_rules.doubts(step.data, case.project.total_investment)
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


# ---- effects ---------------------------------------------------------------------------------------------------


@case_binding.effect
def take_facts(case: Case, step: Step) -> None:
    """From what was typed to what counts."""
    for name in case_rules.FACTS:
        if name == "financing":
            rows: Sequence[tuple[str, Decimal]] = step.data["financing"]
            case.financing = [{"kind": kind, "amount": f"{amount:.2f}"} for kind, amount in rows]
            case.financing_total = case_rules.total_of(rows)
        elif name in step.data:
            value = step.data[name]
            setattr(case, name, value if value is not None or name.endswith("_mu") else "")
    case.submitted_at, case.submitted_by = step.at, step.person.user
    case.first_submitted_at = case.first_submitted_at or step.at
    case.return_reason = ""


@case_binding.effect
def keep_return(case: Case, step: Step) -> None:
    case.return_reason, case.returned_at = step.reason, step.at
    case.returned_by_text = f"{step.person.organisation.short_name} {step.person.user.name}"
    case.draft = case.draft | {"supplement": ""}


@case_binding.effect
def open_consultation(case: Case, step: Step) -> None:
    case.accepted_at, case.accepted_by = step.at, step.person.user
    case.return_reason = ""
    offices = [(role, office) for role, office in step.data["leads"].items()]
    ask(case, [*offices, *((LeadRole.OTHER, o) for o in step.data["others"])], step)


@case_binding.effect
def ask_others(case: Case, step: Step) -> None:
    ask(case, [(LeadRole.OTHER, office) for office in step.data["others"]], step)


def ask(case: Case, offices: Sequence[tuple[str, Organisation]], step: Step) -> None:
    """Open an opinion for each office and tell its people."""
    from .case_telling import tell_asked

    rows = CaseOpinion.objects.bulk_create(
        CaseOpinion(
            case=case, department=office, role=role, asked_at=step.at, asked_by=step.person.user,
            due_at=case_rules.due_instant(step.data["last_day"]), question=step.data.get("question") or "",
        )
        for role, office in offices
    )  # fmt: skip
    step.record["asked"] = [office.name for _role, office in offices]
    tell_asked(rows, step.at)


@case_binding.effect
def take_supplement(case: Case, step: Step) -> None:
    """The consultation goes on: who did not agree is asked again, who had not answered yet has time again."""
    take_facts(case, step)
    due_at = case_rules.due_instant(case_rules.suggested_day(step.at, case_rules.RENEWED_DAYS))
    system = SystemActor(step.at)
    for opinion in standing_opinions(case):
        if opinion.status == OpinionStatus.GIVEN and opinion.verdict != OpinionVerdict.AGREE:
            perform(
                opinion, "renew", by=system, at=step.at, data={"due_at": due_at, "question": case.supplement}
            )
        elif opinion.status in OPINION_OWED and opinion.due_at < due_at:
            CaseOpinion.objects.filter(pk=opinion.pk).update(due_at=due_at, reminded=None)


@case_binding.effect
def conclude_case(case: Case, step: Step) -> None:
    case.conclusion, case.concluded_at, case.concluded_by = step.reason, step.at, step.person.user


@case_binding.effect
def take_back_conclusion(case: Case, step: Step) -> None:
    step.record["conclusion"] = case.conclusion
    case.return_reason, case.returned_at = step.reason, step.at
    case.returned_by_text = f"{step.person.organisation.short_name} {step.person.user.name}"
    case.conclusion, case.concluded_at, case.concluded_by = "", None, None
