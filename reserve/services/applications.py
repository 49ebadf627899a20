"""Applications for the pool: begun, saved as typed, filed, taken back, given up (M1.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month
from ningde_projects.projects.models import Project
from ningde_projects.projects.rules import Question
from ningde_projects.projects.services import filed
from ningde_projects.workflow.door import Step, perform
from ningde_projects.workflow.door import record as write_act
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..forms.applications import ApplicationForm, bound
from ..models import Application, ApplicationFiling
from ..policies.applications import filing_right, project_refusal, verb
from ..rules.applications import changed_fields, industry_office, pass_still_holds
from ..selectors.applications import draft_of_project
from ..selectors.duplicates import questions_for
from ..workflow.applications import EDITABLE
from . import records
from .binding import application_binding, bureau_ids, commission_ids

MAX_DRAFT_CHARACTERS = 60_000


def start(office: Organisation, *, by: Actor, at: datetime, project: Project | None = None) -> Application:
    """Begin an application; for a project of the register its facts are filled in."""
    holder = _right(by, office.pk)
    draft: dict[str, Any] = {"contact": by.user.name, "contact_phone": by.user.phone}
    with transaction.atomic():
        if project is not None:
            project.refresh_from_db(from_queryset=Project.objects.select_for_update())
            if refused := project_refusal(project):
                raise WrongState(refused)
            draft |= draft_of_project(project)
        application = Application.objects.create(
            applicant=office, project=project, name=project.name if project else "", created_at=at,
            created_by=by.user, draft=draft, draft_saved_at=at, draft_saved_by=by.user,
        )  # fmt: skip
        write_act(
            "reserve_application", "start", by=by, at=at, obj=application, holder=holder,
            project_id=project.pk if project else None, place_id=office.place_id,
        )  # fmt: skip
    return application


def save_draft(
    application: Application, raw: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None
) -> None:
    """Keep what was typed, whatever it is. StaleVersion when a colleague has saved meanwhile."""
    if len(json.dumps(raw, ensure_ascii=False)) > MAX_DRAFT_CHARACTERS:
        raise RuleBroken(_("The draft is larger than a form can be; shorten the texts."))
    _right(by, application.applicant_id)
    # A tick that answers questions holds for the filing at hand, not for questions that come later.
    raw = {name: value for name, value in raw.items() if name != "confirm"}
    rows = Application.objects.filter(pk=application.pk, status__in=EDITABLE)
    if version is not None:
        rows = rows.filter(version=version)
    changed = rows.update(
        draft=raw, name=str(raw.get("name", application.name)).strip()[:120], draft_saved_at=at,
        draft_saved_by=by.user, version=F("version") + 1,
    )  # fmt: skip
    application.refresh_from_db()
    if changed:
        return
    if application.status not in EDITABLE:
        raise WrongState(_("The application has been filed meanwhile; the form is locked."))
    raise StaleVersion(_("Someone else changed this draft while you had it open. Compare, then save again."))


def submit(
    application: Application, raw: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Act:
    """File it. RuleBroken carries every error by field; the draft is the caller's to keep."""
    return perform(
        application, verb(application, "submit"), by=by, at=at, version=version, data={"raw": dict(raw)}
    )


def similar(form: ApplicationForm, by: Actor, project_id: int | None) -> list[Question]:
    """What looks like the same project, as questions about the name; for a form whose fields are sound."""
    return [Question("name", text) for text in questions_for(form, by, project_id)]


def form_of(application: Application, raw: Mapping[str, Any], at: datetime) -> ApplicationForm:
    return bound(raw, application.applicant, Month.at(at))


def _right(by: Actor, office_id: int) -> Held:
    right = filing_right(by, office_id)
    if isinstance(right, NotAllowed):
        raise right
    return right


# ---- the door --------------------------------------------------------------------------------------------------


@application_binding.guard
def application_is_sound(application: Application, step: Step) -> None:
    form = form_of(application, step.data["raw"], step.at)
    errors = {name: [str(m) for m in messages] for name, messages in form.errors.items()}
    questions = [q.text for q in form.questions]
    if not errors:
        questions += questions_for(form, step.person, application.project_id)
        if questions and not form.cleaned_data.get("confirm"):
            errors = {"confirm": [_("Please answer the questions, or tick that all is right.")]}
    if errors:
        count = sum(len(messages) for messages in errors.values())
        text = ngettext(
            "%(n)s thing has to be corrected before filing.",
            "%(n)s things have to be corrected before filing.",
            count,
        )
        raise RuleBroken(text % {"n": count}, errors=errors)
    if application.project and (refused := _locked(application)):
        raise WrongState(refused)
    step.found |= {"form": form, "questions": questions}


def _locked(application: Application) -> str:
    assert application.project is not None  # noqa: S101
    record = getattr(application.project, "reserve_record", None)
    if record and record.status == "merged":
        return _("This record has been merged into another; apply for that one.")
    if application.project.stage not in ("planning", "exited"):
        return _("Only a project in planning, or one that left the pool, is applied for.")
    return ""


@application_binding.guard
def nobody_reviewed_yet(application: Application, step: Step) -> None:
    if application.reviews.filter(filing_number=application.submission_count).exists():
        raise WrongState(_("One side has reviewed it already; it is no longer taken back."))


@application_binding.effect
def give_back_the_draft(application: Application, step: Step) -> None:
    """What was filed lies in the form again."""
    last = application.filings.order_by("-number").first()
    application.draft = dict(last.values) if last else {}
    application.draft.pop("confirm", None)
    application.draft_saved_at = application.draft_saved_by = None


@application_binding.effect
def take_application(application: Application, step: Step) -> None:
    """The project is entered or brought up to date, the offices settled, earlier passes kept where they hold."""
    form: ApplicationForm = step.found["form"]
    assert step.holder is not None  # noqa: S101
    facts, by = form.project_facts(), step.person
    if application.project is None:
        application.project = filed.enter(facts, by=by, at=step.at, holder=step.holder)
    else:
        filed.amend(application.project, facts, by=by, at=step.at, holder=step.holder)
    records.write(
        application.project, form.record_facts(), form.funding(), applicant=application.applicant, at=step.at
    )
    last = application.filings.order_by("-number").first()
    changed = changed_fields(last.values, step.data["raw"]) if last else []
    if not pass_still_holds(changed):
        application.county_passed_at = application.industry_passed_at = None
    _settle_offices(application)
    application.name, application.draft = application.project.name, {}
    application.submission_count += 1
    application.first_submitted_at = application.first_submitted_at or step.at
    application.submitted_at, application.submitted_by = step.at, by.user
    application.returned_at, application.return_fields = None, []
    application.return_reason = ""
    ApplicationFiling.objects.create(
        application=application, number=application.submission_count, at=step.at, by=by.user,
        by_text=named(by, step.holder), office_text=application.applicant.name, values=step.data["raw"],
        confirmed=step.found["questions"],
    )  # fmt: skip
    step.record |= {"number": application.submission_count, "changed": changed}


def _settle_offices(application: Application) -> None:
    """Who reviews follows from the project, not from a choice; a pass of an office that no longer does falls away."""
    project = application.project
    assert project is not None  # noqa: S101
    municipal = project.place.is_municipal
    county = min(commission_ids() if municipal else bureau_ids(project.place_id), default=None)
    industry = industry_office(
        project.county_department_id, project.municipal_department_id, application.applicant_id, municipal
    )
    if county is None or industry is None:
        raise RuleBroken(
            _("No office reviews for this place and industry yet; ask the commission."), field="place"
        )
    if application.county_office_id != county:
        application.county_passed_at = None
    if application.industry_office_id != industry:
        application.industry_passed_at = None
    application.county_office_id, application.industry_office_id = county, industry


def named(by: Actor, holder: Held | None) -> str:
    """The name that stands in the record; with the person acted for."""
    if holder and holder.principal:
        return _("%(name)s for %(principal)s") % {"name": by.user.name, "principal": holder.principal.name}
    return by.user.name
