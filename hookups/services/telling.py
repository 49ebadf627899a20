"""Whom each act of a hookup list tells, and in which words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify, notify_each
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.projects.services.people import Named
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import HookupList
from ..workflow.lists import FILING
from .filing import binding, commission_ids

FILING_DUTY = dict(FILING)

register(
    NoticeKind("hookup_filed", _("Hookup list sent for filing: %(office)s"),
               _("%(office)s has sent its hookup list of %(year)s."), icon="send", outgoing=False),
    NoticeKind("hookup_received", _("Hookup list on file: %(office)s"),
               _("The commission has put the hookup list of %(year)s on file; it takes effect."), icon="checks",
               tone="green", outgoing=False),
    NoticeKind("hookup_returned", _("Hookup list returned: %(office)s"),
               _("The commission returned the hookup list of %(year)s: %(reason)s"), icon="arrow-back-up",
               tone="red"),
    NoticeKind("hookup_named", _("You now answer for %(count)s projects"),
               _("%(project)s and others: you are named in the hookup list of %(office)s."), icon="user-check",
               tone="violet"),
    NoticeKind("hookup_unnamed", _("You no longer answer for %(count)s projects"),
               _("%(project)s and others have passed to %(after)s; the hand-over sheet is ready."),
               icon="user-minus"),
)  # fmt: skip


def office_people(found: HookupList, at: Any) -> list[User]:
    return holders(FILING_DUTY[found.side], [found.office_id], at)


def url_of(found: HookupList) -> str:
    return reverse("hookups:list", args=[found.public_id])


def _params(found: HookupList, **more: Any) -> dict[str, Any]:
    return {"office": found.office.short_name, "year": found.year, **more}


@binding.audience
def hookup_filed(found: HookupList, step: Step, act: Act) -> None:
    notify("hookup_filed", holders(Duty.DISPATCH, commission_ids(), step.at), at=step.at,
           dedupe=f"act:{act.pk}", params=_params(found), url=url_of(found))  # fmt: skip


@binding.audience
def hookup_received(found: HookupList, step: Step, act: Act) -> None:
    notify("hookup_received", office_people(found, step.at), at=step.at, dedupe=f"act:{act.pk}",
           params=_params(found), url=url_of(found))  # fmt: skip


@binding.audience
def hookup_returned(found: HookupList, step: Step, act: Act) -> None:
    notify("hookup_returned", office_people(found, step.at), at=step.at, dedupe=f"act:{act.pk}",
           params=_params(found, reason=step.reason), url=url_of(found))  # fmt: skip


@binding.audience
def hookup_named(found: HookupList, step: Step, act: Act) -> None:
    """Each person once, whatever the number of projects; whoever is replaced is led to his sheet."""
    rows: list[Named] = step.found["named"]
    new: dict[int, list[Named]] = defaultdict(list)
    old: dict[int, list[Named]] = defaultdict(list)
    for row in rows:
        new[row.after.pk].append(row)
        if row.before is not None:
            old[row.before.pk].append(row)
    notify_each("hookup_named", [
        (group[0].after, _params(found, count=len(group), project=group[0].project.name),
         reverse("projects:detail", args=[group[0].project.public_id]))
        for group in new.values()
    ], at=step.at, dedupe=f"act:{act.pk}:named")  # fmt: skip
    notify_each("hookup_unnamed", [
        (before, _params(found, count=len(group), project=group[0].project.name, after=group[0].after.name),
         step.found["sheets"][before.pk, group[0].after.pk])
        for group in old.values() if (before := group[0].before) is not None
    ], at=step.at, dedupe=f"act:{act.pk}:unnamed")  # fmt: skip
