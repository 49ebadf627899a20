"""Whom each act of the pool tells, and in which words; names are those of the tables' `notifies`."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.projects.models import Project
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Application, ReserveRecord
from ..policies.applications import FILERS
from .binding import application_binding, pool_binding, record_offices

register(
    NoticeKind("reserve_filed", _("Reserve application filed: %(project)s"),
               _("%(office)s has filed it; your side reviews."), icon="send"),
    NoticeKind("reserve_side_passed", _("Reserve application: %(side)s has passed it"),
               _("“%(project)s”: %(office)s has passed it."), icon="check", tone="green", outgoing=False),
    NoticeKind("reserve_returned", _("Reserve application returned: %(project)s"),
               _("%(side)s returned it: %(reason)s"), icon="arrow-back-up", tone="red"),
    NoticeKind("reserve_passed", _("In the reserve pool: %(project)s"),
               _("County side and industry side have both passed it."), icon="database", tone="green"),
    NoticeKind("reserve_exit_proposed", _("Exit from the pool proposed: %(project)s"),
               _("%(office)s proposes it: %(reason)s"), icon="logout", tone="amber"),
    NoticeKind("reserve_exited", _("Left the reserve pool: %(project)s"),
               _("%(office)s took it out: %(reason)s"), icon="logout", tone="amber"),
    NoticeKind("reserve_kept", _("Stays in the reserve pool: %(project)s"),
               _("%(office)s keeps it: %(reason)s"), icon="check", outgoing=False),
    NoticeKind("reserve_restored", _("Back in the reserve pool: %(project)s"),
               _("%(office)s brought it back: %(reason)s"), icon="database", tone="green"),
    NoticeKind("reserve_merged", _("Records merged: %(project)s"),
               _("It goes on under “%(target)s”: %(reason)s"), icon="arrows-join", tone="violet"),
    NoticeKind("reserve_lapsing", pgettext_lazy("notice", "%(count)s approvals lapse within %(days)s days"),
               _("%(first)s and others: renew them, or say that they are no longer needed."), icon="clock",
               tone="amber"),
    NoticeKind("reserve_stale", _("%(count)s reserve projects have not been updated for %(months)s months"),
               _("%(first)s and others: update, confirm that they still hold, or propose the exit."), icon="clock",
               tone="amber"),
)  # fmt: skip


def side_people(application: Application, side: str, step: Step) -> list[User]:
    """Everyone who can review for the side."""
    if side == "industry":
        return holders(Duty.HANDLE, [application.industry_office_id or 0], step.at)
    office = [application.county_office_id or 0]
    return holders(Duty.REVIEW, office, step.at) or holders(Duty.DISPATCH, office, step.at)


def applicants(application: Application, step: Step) -> list[User]:
    duty = FILERS[application.applicant.kind][0]
    return holders(duty, [application.applicant_id], step.at)


def keepers(project: Project, step: Step, roles: Iterable[str]) -> list[User]:
    """The people of the offices that keep the project; nobody twice, the doer not at all."""
    duties = {"owner": Duty.REPORT, "department": Duty.HANDLE, "bureau": Duty.REVIEW, "city": Duty.DISPATCH}
    record, found = ReserveRecord(project=project), dict[int, User]()
    for role in roles:
        for user in holders(duties[role], record_offices(record, role), step.at):
            found[user.pk] = user
    found.pop(step.person.user.pk, None)
    return list(found.values())


def _application_url(application: Application) -> str:
    return reverse("reserve:application", args=[application.public_id])


def _tell(
    kind: str, people: Iterable[User], application: Application, step: Step, act: Act, **more: object
) -> None:
    office = step.holder.organisation.short_name if step.holder else ""
    params = {"project": application.name, "office": office, "reason": step.reason, **more}
    notify(kind, people, at=step.at, dedupe=f"act:{act.pk}", params=params, url=_application_url(application))


@application_binding.audience
def reserve_filed(application: Application, step: Step, act: Act) -> None:
    """Only the sides that still have to say something."""
    people: list[User] = []
    for side in ("county", "industry"):
        if not getattr(application, f"{side}_passed_at"):
            people += side_people(application, side, step)
    _tell("reserve_filed", people, application, step, act)


@application_binding.audience
def reserve_side_passed(application: Application, step: Step, act: Act) -> None:
    side = str(step.record.get("side", ""))
    _tell("reserve_side_passed", applicants(application, step), application, step, act, side=side)


@application_binding.audience
def reserve_returned(application: Application, step: Step, act: Act) -> None:
    side = str(step.record.get("side", ""))
    _tell("reserve_returned", applicants(application, step), application, step, act, side=side)


@application_binding.audience
def reserve_passed(application: Application, step: Step, act: Act) -> None:
    project = application.project
    assert project is not None  # noqa: S101
    people = [*applicants(application, step), *holders(Duty.REPORT, [project.owner_id], step.at)]
    people += side_people(application, "county", step) + side_people(application, "industry", step)
    _tell("reserve_passed", people, application, step, act)


def _tell_keepers(
    kind: str, record: ReserveRecord, step: Step, act: Act, *roles: str, **more: object
) -> None:
    office = step.holder.organisation.short_name if step.holder else ""
    params = {"project": record.project.name, "office": office, "reason": step.reason, **more}
    notify(kind, keepers(record.project, step, roles), at=step.at, dedupe=f"act:{act.pk}", params=params,
           url=reverse("projects:detail", args=[record.project.public_id]))  # fmt: skip


@pool_binding.audience
def reserve_exit_proposed(record: ReserveRecord, step: Step, act: Act) -> None:
    """Who decides: the bureau of a county-managed project, the commission of a municipal-managed one."""
    role = "bureau" if record_offices(record, "bureau") else "city"
    _tell_keepers("reserve_exit_proposed", record, step, act, role)


@pool_binding.audience
def reserve_exited(record: ReserveRecord, step: Step, act: Act) -> None:
    _tell_keepers("reserve_exited", record, step, act, "owner", "department", "bureau")


@pool_binding.audience
def reserve_kept(record: ReserveRecord, step: Step, act: Act) -> None:
    _tell_keepers("reserve_kept", record, step, act, "owner", "department")


@pool_binding.audience
def reserve_restored(record: ReserveRecord, step: Step, act: Act) -> None:
    _tell_keepers("reserve_restored", record, step, act, "owner", "department", "bureau")


@pool_binding.audience
def reserve_merged(record: ReserveRecord, step: Step, act: Act) -> None:
    target = step.data["target"]
    _tell_keepers("reserve_merged", record, step, act, "owner", "department", "bureau", target=target.name)
