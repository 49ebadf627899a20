"""Whom the consultation tells, and in what words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import Case, CaseOpinion
from .case_binding import case_binding, case_opinion_binding

register(
    NoticeKind("case_submitted", _("3+N case filed: %(project)s"),
               _("%(office)s has filed the case of %(year)s. Please accept it or send it back."), icon="file-import"),
    NoticeKind("case_accepted", _("3+N case accepted: %(project)s"),
               _("The consultation has begun; opinions are asked of %(asked)s."), icon="users-group", tone="green"),
    NoticeKind("case_returned", _("3+N case sent back: %(project)s"), _("%(office)s: %(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("case_supplement_asked", _("3+N case to be supplemented: %(project)s"), _("%(office)s: %(reason)s"),
               icon="edit", tone="amber"),
    NoticeKind("case_concluded", _("3+N consultation concluded: %(project)s"), _("%(state)s. %(reason)s"),
               icon="rubber-stamp", tone="green"),
    NoticeKind("case_reopened", _("3+N conclusion taken back: %(project)s"), _("%(office)s: %(reason)s"),
               icon="refresh", tone="amber"),
    NoticeKind("case_opinion_asked", _("Opinion asked in a 3+N consultation: %(project)s"),
               _("Your office is asked for its opinion by %(day)s. %(question)s"), icon="message-2"),
    NoticeKind("case_opinion_to_sign", _("3+N opinion awaits your signature: %(project)s"),
               _("%(handler)s has drafted it; due by %(day)s."), icon="writing-sign", tone="violet"),
    NoticeKind("case_opinion_returned", _("3+N opinion returned to the section: %(project)s"), _("%(reason)s"),
               icon="arrow-back-up", tone="red"),
    NoticeKind("case_opinion_given", _("3+N opinion given: %(project)s"), _("%(department)s: %(verdict)s"),
               icon="message-2-check", tone="green", outgoing=False),
    NoticeKind("case_opinion_released", _("3+N opinion no longer asked: %(project)s"), _("%(reason)s"), icon="x",
               outgoing=False),
    NoticeKind("case_opinion_due", _("3+N opinion due soon: %(project)s"), _("Due by %(day)s."), icon="clock",
               tone="amber"),
    NoticeKind("case_opinion_overdue", _("3+N opinion overdue: %(project)s"),
               _("%(department)s has not given its opinion by %(day)s."), icon="alert-triangle", tone="red"),
    NoticeKind("case_opinion_chased", _("3+N opinion chased: %(project)s"),
               _("%(office)s asks for your office's opinion, due by %(day)s."), icon="bell-ringing", tone="amber"),
    NoticeKind("case_to_file", _("3+N case to be filed: %(project)s"),
               _("%(office)s asks for the case of %(year)s; it must be filed before preliminary work goes on."),
               icon="bell-ringing", tone="amber"),
)  # fmt: skip


def conveners(case: Case, at: datetime) -> list[User]:
    duty = Duty.DISPATCH if case.convener.kind == OrgKind.COMMISSION else Duty.REVIEW
    return holders(duty, [case.convener_id], at)


def filers(case: Case, at: datetime) -> list[User]:
    duty = Duty.REPORT if case.filer.kind == OrgKind.OWNER else Duty.HANDLE
    return holders(duty, [case.filer_id], at)


def handlers(office: Organisation, at: datetime) -> list[User]:
    duty = Duty.REVIEW if office.kind == OrgKind.COUNTY_BUREAU else Duty.HANDLE
    return holders(duty, [office.pk], at)


def signers(office: Organisation, at: datetime) -> list[User]:
    duty = Duty.REVIEW if office.kind == OrgKind.COUNTY_BUREAU else Duty.SIGN
    return holders(duty, [office.pk], at)


def _tell(kind: str, case: Case, step: Step, act: Act, people: Iterable[User], **more: Any) -> None:
    office = step.holder.organisation.short_name if step.holder else ""
    params = {
        "project": case.project.name,
        "year": case.year,
        "office": office,
        "reason": step.reason,
        **more,
    }
    notify(
        kind,
        people,
        at=step.at,
        dedupe=f"{kind}:{act.pk}",
        params=params,
        url=f"/reserve/cases/{case.public_id}/",
    )


@case_binding.audience
def case_submitted(case: Case, step: Step, act: Act) -> None:
    _tell("case_submitted", case, step, act, conveners(case, step.at))


@case_binding.audience
def case_accepted(case: Case, step: Step, act: Act) -> None:
    _tell("case_accepted", case, step, act, filers(case, step.at), asked="、".join(step.record["asked"]))


@case_binding.audience
def case_returned(case: Case, step: Step, act: Act) -> None:
    _tell("case_returned", case, step, act, filers(case, step.at))


@case_binding.audience
def case_supplement_asked(case: Case, step: Step, act: Act) -> None:
    _tell("case_supplement_asked", case, step, act, filers(case, step.at))


@case_binding.audience
def case_concluded(case: Case, step: Step, act: Act) -> None:
    """The filing office, and everyone who was asked."""
    people = filers(case, step.at)
    for opinion in case.opinions.exclude(status="released").select_related("department"):
        people += handlers(opinion.department, step.at)
    _tell("case_concluded", case, step, act, people, state=case.get_status_display())


@case_binding.audience
def case_reopened(case: Case, step: Step, act: Act) -> None:
    _tell("case_reopened", case, step, act, filers(case, step.at))


# ---- opinions --------------------------------------------------------------------------------------------------


def _day(opinion: CaseOpinion) -> str:
    from ..rules.cases import last_day_of

    return last_day_of(opinion.due_at).isoformat()


def _params(opinion: CaseOpinion, **more: Any) -> dict[str, Any]:
    return {
        "project": opinion.case.project.name, "department": opinion.department.short_name, "day": _day(opinion),
        "question": opinion.question[:120], "handler": opinion.handler, **more,
    }  # fmt: skip


def _url(opinion: CaseOpinion) -> str:
    return f"/reserve/cases/opinions/{opinion.public_id}/"


def tell_asked(opinions: Iterable[CaseOpinion], at: datetime) -> None:
    for opinion in opinions:
        notify("case_opinion_asked", handlers(opinion.department, at), at=at,
               dedupe=f"case_opinion_asked:{opinion.pk}:{opinion.round}", params=_params(opinion),
               url=_url(opinion))  # fmt: skip


def tell_chased(opinion: CaseOpinion, by: Actor, at: datetime) -> None:
    people = [*handlers(opinion.department, at), *signers(opinion.department, at)]
    params = _params(opinion, office=opinion.case.convener.short_name)
    notify("case_opinion_chased", people, at=at, dedupe=f"case_opinion_chased:{opinion.pk}:{at.isoformat()}",
           params=params, url=_url(opinion))  # fmt: skip


def tell_reminder(opinion: CaseOpinion, speaks: int, at: datetime) -> None:
    """Before the day only those who can still do it; when it has passed, their leaders and the convener too."""
    people = handlers(opinion.department, at)
    kind = "case_opinion_due"
    if speaks == -1 or opinion.status == "reviewing":
        people += signers(opinion.department, at)
    if speaks == -1:
        kind = "case_opinion_overdue"
        people += conveners(opinion.case, at)
    dedupe = f"{kind}:{opinion.pk}:{opinion.round}:{speaks}:{_day(opinion)}"
    notify(kind, people, at=at, dedupe=dedupe, params=_params(opinion), url=_url(opinion))


@case_opinion_binding.audience
def case_opinion_asked(opinion: CaseOpinion, step: Step, act: Act) -> None:
    tell_asked([opinion], step.at)


def _tell_opinion(
    kind: str, opinion: CaseOpinion, step: Step, act: Act, people: Iterable[User], url: str = ""
) -> None:
    params = _params(opinion, reason=step.reason, verdict=str(opinion.get_verdict_display()))
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params, url=url or _url(opinion))


@case_opinion_binding.audience
def case_opinion_to_sign(opinion: CaseOpinion, step: Step, act: Act) -> None:
    people = [u for u in signers(opinion.department, step.at) if u.pk != step.person.user.pk]
    _tell_opinion("case_opinion_to_sign", opinion, step, act, people)


@case_opinion_binding.audience
def case_opinion_returned(opinion: CaseOpinion, step: Step, act: Act) -> None:
    _tell_opinion("case_opinion_returned", opinion, step, act, handlers(opinion.department, step.at))


@case_opinion_binding.audience
def case_opinion_given(opinion: CaseOpinion, step: Step, act: Act) -> None:
    url = f"/reserve/cases/{opinion.case.public_id}/"
    people = [*conveners(opinion.case, step.at), *filers(opinion.case, step.at)]
    _tell_opinion("case_opinion_given", opinion, step, act, people, url)


@case_opinion_binding.audience
def case_opinion_released(opinion: CaseOpinion, step: Step, act: Act) -> None:
    _tell_opinion(
        "case_opinion_released",
        opinion,
        step,
        act,
        handlers(opinion.department, step.at),
        "/reserve/cases/opinions/",
    )
