"""The case from its draft to its conclusion (M2.1, M2.2); the county's runs through the same functions (M2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.door import perform, person_refusal, record
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, StaleVersion, WrongState

from ..models import Case
from ..policies.cases import filing_right, level_of
from ..workflow.cases import CASE, CASE_EDITABLE
from .case_binding import convener_verb, filer_verb
from .case_offices import chain_offices, run_place

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
