"""Entering a project, changing its facts, and changing who manages it (measures.md §0, M5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .. import policies
from ..models import Management, Project, Stage
from ..rules import read_project_code, span_error
from . import changes, stages

Errors = dict[str, list[str]]

_KINDS: dict[str, frozenset[str]] = {
    "owner": frozenset({OrgKind.OWNER}),
    "municipal_department": frozenset({OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION}),
    "county_department": frozenset({OrgKind.COUNTY_DEPARTMENT}),
}
_CONSTRAINTS: dict[str, str] = {"project_code_once": "code", "project_name_once_per_county": "name"}


def create_project(
    facts: Mapping[str, Any], *, by: Actor, at: datetime, confirmed: Iterable[str] = ()
) -> Project:
    """Enter a project. `confirmed`: the questions that were answered with yes, kept in the log."""
    holder = _held(policies.creating_right(by, facts["place"].pk))
    project = Project(**_granted(facts, holder, None))
    if refused := policies.stage_refusal(holder, Stage.PLANNING, project.stage):
        raise RuleBroken(refused, field="stage")
    refuse(errors_of(project) | taken_errors(project))
    with named_conflicts(), transaction.atomic():
        project.save(force_insert=True)
        entered = {name: changes.kept(getattr(project, name)) for name in facts}
        changes.log(
            "create", project, by=by, at=at, holder=holder,
            facts={name: value for name, value in entered.items() if value is not None},
            confirmed=list(confirmed),
        )  # fmt: skip
    return project


def update_project(
    project: Project,
    facts: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None,
    confirmed: Iterable[str] = (),
) -> bool:
    """Change the facts; False when nothing differs. StaleVersion, NotAllowed and RuleBroken change nothing."""
    with named_conflicts(), transaction.atomic():
        changes.lock(project, version)
        holder = _held(policies.editing_right(by, project))
        before = project.stage
        done = changes.apply(project, _granted(facts, holder, project))
        if not done:
            return False
        refused = policies.stage_refusal(holder, before, project.stage) or stages.refusal(
            project, before, project.stage
        )
        if refused:
            raise RuleBroken(refused, field="stage")
        refuse(errors_of(project) | taken_errors(project))
        project.version += 1
        project.save()
        changes.log("update", project, by=by, at=at, holder=holder, changes=done, confirmed=list(confirmed))
    return True


def change_management(
    project: Project, management: str, reason: str, *, by: Actor, at: datetime, version: int | None
) -> None:
    """属地 or 市管: by the commission, with the reason; reports already opened keep their receivers (M5.2)."""
    holder = _held(policies.commission_right(by))
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    with transaction.atomic():
        changes.lock(project, version)
        done = changes.apply(project, {"management": management})
        if not done:
            raise RuleBroken(_("The project is managed so already."), field="management")
        refuse(errors_of(project))
        project.version += 1
        project.save()
        changes.log(
            "change_management", project, by=by, at=at, holder=holder, reason=reason.strip(), changes=done
        )


def errors_of(project: Project) -> Errors:
    """What stops this record from being kept, by field; the same for form, import and service."""
    errors: Errors = {}
    if project.code and (wrong := read_project_code(project.code).error):
        errors["code"] = [str(wrong)]
    if wrong := span_error(project.start_year, project.end_year):
        errors["end_year"] = [str(wrong)]
    if project.total_investment is not None and project.total_investment < 0:
        errors["total_investment"] = [_("An amount cannot be negative.")]
    for field, kinds in _KINDS.items():
        office: Organisation | None = getattr(project, field) if getattr(project, f"{field}_id") else None
        if office and office.kind not in kinds:
            errors[field] = [_("{name} is no office of this kind.").format(name=office.name)]
    office = project.county_department
    if office and office.place_id != project.place_id and "county_department" not in errors:
        errors["county_department"] = [
            _("{name} belongs to another county than the project.").format(name=office.name)
        ]
    if project.management == Management.COUNTY and project.place.is_municipal:
        errors["management"] = [
            _("A project of the municipal level is municipal-managed; choose its county, or change this.")
        ]
    return errors


def taken_errors(project: Project) -> Errors:
    """Name and code that another record already has. Says no more of that record than its place shows."""
    others = Project.objects.exclude(pk=project.pk)
    errors: Errors = {}
    if others.filter(place=project.place_id, name=project.name).exists():
        errors["name"] = [_name_taken()]
    if project.code and others.filter(code=project.code).exists():
        errors["code"] = [_code_taken()]
    return errors


def _name_taken() -> str:
    return _(
        "This county already has a project of that name: open that one, or tell the two apart by phase or section."
    )


def _code_taken() -> str:
    return _("This code belongs to another project in the register; check it, or ask the commission.")


def _held(right: policies.Right) -> Held:
    if isinstance(right, NotAllowed):
        raise right
    return right


def _granted(facts: Mapping[str, Any], holder: Held, project: Project | None) -> dict[str, Any]:
    """The facts that this holder decides; the others keep their value, or get what a county's project has."""
    frozen = policies.frozen_fields(holder, project)
    granted = {name: value for name, value in facts.items() if name not in frozen or name == "place"}
    if project is not None and "place" in frozen:
        granted.pop("place", None)
    if project is None and "level" in frozen:
        granted |= {"level": "other", "management": Management.COUNTY}
    return granted


def refuse(errors: Errors) -> None:
    if errors:
        raise RuleBroken(next(iter(errors.values()))[0], errors=errors)


class named_conflicts:  # noqa: N801
    """Turns the database's refusal of a second name or code into words at its field."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        if isinstance(wrong, IntegrityError):
            for constraint, field in _CONSTRAINTS.items():
                if constraint in str(wrong):
                    text = _code_taken() if field == "code" else _name_taken()
                    raise RuleBroken(text, field=field) from wrong
