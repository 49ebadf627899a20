"""Whom a catalogue's acts tell (M1.5)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Catalogue
from ..selectors.offices import commission_ids, government_ids
from .catalogue import catalogue_binding

register(
    NoticeKind("catalogue_to_approve", _("Planning guidance catalogue awaits approval: %(title)s"),
               _("%(department)s asks for approval; %(tasks)s counties get a planning task."),
               icon="writing-sign", tone="violet"),
    NoticeKind("catalogue_approved", _("Planning guidance catalogue approved: %(title)s"),
               _("It may now be issued to the counties."), icon="rubber-stamp", tone="green"),
    NoticeKind("catalogue_returned", _("Planning guidance catalogue returned: %(title)s"), _("%(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("catalogue_issued", _("Planning guidance catalogue issued: %(title)s"),
               _("%(department)s has issued its catalogue and your county's planning task."), icon="book-2"),
)  # fmt: skip


def _tell(kind: str, catalogue: Catalogue, step: Step, act: Act, people: Iterable[User], url: str) -> None:
    params = {"title": catalogue.title, "department": catalogue.department_text, "reason": step.reason,
              "tasks": catalogue.tasks.count()}  # fmt: skip
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params, url=url)


def _url(catalogue: Catalogue) -> str:
    return f"/reserve/catalogues/{catalogue.public_id}/"


@catalogue_binding.audience
def catalogue_to_approve(catalogue: Catalogue, step: Step, act: Act) -> None:
    people = holders(Duty.APPROVE, government_ids(), step.at)
    _tell("catalogue_to_approve", catalogue, step, act, people, _url(catalogue))


@catalogue_binding.audience
def catalogue_approved(catalogue: Catalogue, step: Step, act: Act) -> None:
    people = holders(Duty.HANDLE, [catalogue.department_id], step.at)
    _tell("catalogue_approved", catalogue, step, act, people, _url(catalogue))


@catalogue_binding.audience
def catalogue_returned(catalogue: Catalogue, step: Step, act: Act) -> None:
    people = holders(Duty.HANDLE, [catalogue.department_id], step.at)
    _tell("catalogue_returned", catalogue, step, act, people, _url(catalogue))


@catalogue_binding.audience
def catalogue_issued(catalogue: Catalogue, step: Step, act: Act) -> None:
    """The counties that have a task: bureau, and the county departments of the same industries; the commission too."""
    places = list(catalogue.tasks.values_list("place", flat=True))
    bureaus = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU, place__in=places).values_list(
        "pk", flat=True
    )
    departments = Organisation.objects.filter(
        kind=OrgKind.COUNTY_DEPARTMENT, place__in=places,
        pk__in=Organisation.industries.through.objects.filter(
            industry_id__in=catalogue.department.industries.values("pk")
        ).values("organisation_id"),
    ).values_list("pk", flat=True)  # fmt: skip
    people = [
        *holders(Duty.REVIEW, bureaus, step.at), *holders(Duty.HANDLE, departments, step.at),
        *holders(Duty.DISPATCH, commission_ids(), step.at),
    ]  # fmt: skip
    _tell("catalogue_issued", catalogue, step, act, people, _url(catalogue))
