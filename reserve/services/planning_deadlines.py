"""D11 and D13: reminders before, and what happens when they pass (M1.1, M1.5). Late is computed, never ticked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import SystemActor, holders
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.consequences import Firing, on_deadline, on_reminder
from ningde_projects.periods.extensions import allow_extensions, on_extension
from ningde_projects.periods.models import Extension
from ningde_projects.periods.selectors import ended_before_us
from ningde_projects.periods.tables import month_text
from ningde_projects.workflow.door import record

from ..models import Catalogue, TargetEdition
from ..selectors.offices import commission_ids, industry_departments

register(
    NoticeKind("d11_remind", _("The planning guidance catalogue of %(issue)s is due in %(days)s days"),
               _("It has to be sent to the municipal government for approval by then."), icon="clock", tone="amber"),
    NoticeKind("d11_overdue", _("The planning guidance catalogue of %(issue)s is overdue: %(department)s"),
               _("It was not sent for approval in time; sending it later stays marked as late."),
               icon="alert-triangle", tone="red"),
    NoticeKind("d13_remind", _("The reserve targets of %(year)s are due in %(days)s days"),
               _("They are issued for each county and industry department by the end of December."), icon="clock",
               tone="amber"),
    NoticeKind("d13_due", _("The reserve targets of %(year)s have not been issued"),
               _("They were due by the end of December; please issue them now."), icon="alert-triangle", tone="red"),
)  # fmt: skip

allow_extensions("D11", [OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION])


def half_of(firing: Firing) -> int:
    return 1 if firing.month.number < 7 else 2


def owing(firing: Firing) -> list[Organisation]:
    """Industry departments that have not asked for approval of the issue that the firing is about."""
    sent = Catalogue.objects.filter(
        year=firing.month.year, half=half_of(firing), number=1, first_sent_at__isnull=False
    ).exclude(status="discarded")
    rows = industry_departments().exclude(pk__in=sent.values("department"))
    if firing.only is not None:
        rows = rows.filter(pk__in=firing.only)
    return list(rows.exclude(pk__in=firing.excluded))


def _handlers(department: Organisation, at: datetime, *more: Duty) -> list[User]:
    """Who drafts a department's catalogue; the commission's own (energy) is minded by its dispatchers."""
    people: list[User] = list(holders(Duty.HANDLE, [department.pk], at))
    if department.kind == OrgKind.COMMISSION:
        people += holders(Duty.DISPATCH, [department.pk], at)
    for duty in more:
        people += holders(duty, [department.pk], at)
    return people


def _issue(firing: Firing) -> str:
    return month_text(firing.month)


@on_reminder("D11")
def remind_departments(firing: Firing, at: datetime) -> int:
    return sum(
        _tell("d11_remind", firing, at, department, _handlers(department, at)) for department in owing(firing)
    )


@on_deadline("D11")
def tell_late_departments(firing: Firing, at: datetime) -> int:
    if ended_before_us(firing.month):
        return 0
    late = owing(firing)
    commission = holders(Duty.DISPATCH, commission_ids(), at)
    for department in late:
        people = [*_handlers(department, at, Duty.SIGN), *commission]
        _tell("d11_overdue", firing, at, department, people)
    _note(firing, at, missing=[department.short_name for department in late])
    return len(late)


def _tell(kind: str, firing: Firing, at: datetime, department: Organisation, people: Iterable[User]) -> int:
    params = {"issue": _issue(firing), "days": firing.days_before, "department": department.short_name}
    return notify(kind, people, at=at, dedupe=f"{firing.job}:{firing.month}:{department.pk}",
                  params=params, url="/reserve/catalogues/")  # fmt: skip


# ---- D13 -------------------------------------------------------------------------------------------------------


def targets_missing(year: int) -> bool:
    return TargetEdition.objects.in_force(year) is None


@on_reminder("D13")
def remind_of_targets(firing: Firing, at: datetime) -> int:
    return _tell_commission("d13_remind", firing, at)


@on_deadline("D13")
def tell_of_missing_targets(firing: Firing, at: datetime) -> int:
    if ended_before_us(firing.month):
        return 0
    year = firing.month.year + 1
    told = _tell_commission("d13_due", firing, at)
    _note(firing, at, year=year, missing=targets_missing(year))
    return told


def _tell_commission(kind: str, firing: Firing, at: datetime) -> int:
    year = firing.month.year + 1
    if not targets_missing(year):
        return 0
    return notify(kind, holders(Duty.DISPATCH, commission_ids(), at), at=at, dedupe=f"{firing.job}:{firing.month}",
                  params={"year": year, "days": firing.days_before}, url=f"/reserve/targets/?year={year}")  # fmt: skip


def _note(firing: Firing, at: datetime, **data: object) -> None:
    record("deadline", f"{firing.code.lower()}_deadline", by=SystemActor(at), at=at,
           text=f"{firing.code} {firing.month}", data={"month": str(firing.month), **data})  # fmt: skip


@on_extension
def move_catalogue_dates(extension: Extension) -> int:
    """Drafts of the named departments that are not sent yet get the later day."""
    if extension.code != "D11":
        return 0
    rows = Catalogue.objects.filter(
        year=extension.month.year, half=1 if extension.month.number < 7 else 2, number=1,
        department__in=extension.organisations.all(), due_at__lt=extension.until,
    )  # fmt: skip
    return int(rows.update(due_at=extension.until))
