"""What a step does to a case: facts taken, offices asked and asked again, concluded, reopened (M2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.door import Step, perform

from ..models import Case, CaseOpinion, LeadRole, OpinionVerdict
from ..rules import cases as case_rules
from ..workflow.cases import OPINION_OWED, OpinionStatus
from .case_binding import case_binding
from .case_guards import standing_opinions
from .case_limits import renewed_day
from .case_telling import tell_asked


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
    due_at = case_rules.due_instant(renewed_day(step.at))
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
