"""D12, 31 March: missing lists are told of once, projects without leaders are listed (measures.md §0)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify, notify_each
from ningde_projects.organizations.actor import SystemActor, holders, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Delegation, User
from ningde_projects.periods.consequences import Firing, on_deadline, on_reminder
from ningde_projects.periods.extensions import allow_extensions, on_extension
from ningde_projects.periods.models import Extension
from ningde_projects.periods.selectors import ended_before_us
from ningde_projects.workflow.door import record

from ..models import HookupList
from ..selectors.coverage import OfficeRow, rows_of, uncovered
from .filing import commission_ids
from .telling import FILING_DUTY

register(
    NoticeKind("d12_remind", _("The hookup list of %(year)s is due in %(days)s days: %(office)s"),
               _("%(projects)s key projects need their responsible leaders and direct persons filed by then."),
               icon="clock", tone="amber"),
    NoticeKind("d12_overdue", _("The hookup list of %(year)s is overdue: %(office)s"),
               _("It was not filed by 31 March; %(empty)s projects have posts that nobody holds."),
               icon="alert-triangle", tone="red"),
    NoticeKind("d12_city", _("Hookup lists of %(year)s: %(missing)s offices have not filed"),
               _("%(offices)s. %(empty)s projects lack a leader or a direct person."),
               icon="alert-triangle", tone="red"),
)  # fmt: skip
allow_extensions(
    "D12", [OrgKind.COUNTY_BUREAU, OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION, OrgKind.OWNER]
)


@on_extension
def move_due_dates(extension: Extension) -> int:
    """Lists already begun follow an extension; only forward, only for the named offices."""
    if extension.code != "D12":
        return 0
    rows = HookupList.objects.filter(
        year=extension.month.year, number=0, office__in=extension.organisations.all(),
        due_at__lt=extension.until,
    )  # fmt: skip
    return int(rows.update(due_at=extension.until))


def owing(firing: Firing) -> list[OfficeRow]:
    """Offices that owe a list and have not filed it, as far as this firing is theirs."""
    rows = [row for row in rows_of(firing.month.year) if not row.is_filed]
    if firing.only is not None:
        return [row for row in rows if row.office.pk in firing.only]
    return [row for row in rows if row.office.pk not in firing.excluded]


@on_reminder("D12")
def remind_offices(firing: Firing, at: datetime) -> int:
    rows = owing(firing)
    messages = _messages(
        rows,
        at,
        lambda row: {"projects": row.projects, "days": firing.days_before, "year": firing.month.year},
    )
    return notify_each("d12_remind", messages, at=at, dedupe=f"{firing.job}:{firing.month}")


@on_deadline("D12")
def mark_missing_lists(firing: Firing, at: datetime) -> int:
    """Missing is computed; here the offices and the commission are told once, and the record keeps the state."""
    if ended_before_us(firing.month):
        return 0
    missing = owing(firing)
    year, dedupe = firing.month.year, f"{firing.job}:{firing.month}"
    gaps = list(uncovered(rows_of(year)))
    lacking: dict[int, set[int]] = defaultdict(set)
    for gap in gaps:
        lacking[gap.office.pk].add(gap.project.pk)
    notify_each(
        "d12_overdue",
        _messages(missing, at, lambda row: {"year": year, "empty": len(lacking[row.office.pk])}),
        at=at, dedupe=dedupe,
    )  # fmt: skip
    projects = sorted({str(gap.project.public_id) for gap in gaps})
    if missing or projects:
        notify("d12_city", holders(Duty.DISPATCH, commission_ids(), at), at=at, dedupe=f"{dedupe}:commission",
               params={"year": year, "missing": len(missing), "empty": len(projects),
                       "offices": "、".join(row.office.short_name for row in missing) or "—"},
               url=f"{reverse('hookups:coverage')}?year={year}")  # fmt: skip
    record("deadline", "d12_deadline", by=SystemActor(at), at=at, text=f"D12 {firing.month}",
           data={"month": str(firing.month), "missing": len(missing),
                 "offices": [row.office.name for row in missing][:200], "projects": projects[:500]})  # fmt: skip
    return len(missing)


def _messages(rows: Iterable[OfficeRow], at: datetime, params: Any) -> list[tuple[User, dict[str, Any], str]]:
    owed = list(rows)
    people = _people(owed, at)
    return [
        (user, {"office": row.office.short_name} | params(row),
         f"{reverse('hookups:office', args=[row.office.public_id])}?year={row.due_at.year}")
        for row in owed for user in people[row.office.pk]
    ]  # fmt: skip


def _people(rows: list[OfficeRow], at: datetime) -> dict[int, list[User]]:
    """Who draws up each office's list, acting persons included: two queries for all."""
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(organisation=row.office.pk, duty=FILING_DUTY[row.side])
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for a in Assignment.objects.filter(wanted, in_force(at), user__is_active=True).select_related("user"):
        found[a.organisation_id][a.user_id] = a.user
    for d in Delegation.objects.filter(wanted, in_force(at), delegate__is_active=True).select_related(
        "delegate"
    ):
        found[d.organisation_id][d.delegate_id] = d.delegate
    return {row.office.pk: list(found[row.office.pk].values()) for row in rows}
