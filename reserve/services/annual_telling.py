"""Whom decisions on the annual list tell."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind, register
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import holders
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import User
from ningde_projects.workflow.door import Step
from ningde_projects.workflow.models import Act

from ..models import AnnualBatch, AnnualItem
from ..workflow.annual import ItemStatus
from .annual import batch_binding, item_binding

register(
    NoticeKind("annual_opened", _("Proposals are collected: %(title)s"), _("Propose your projects by %(due)s."),
               icon="inbox"),
    NoticeKind("annual_decided", _("Decided: %(title)s"),
               _("%(count)s projects of yours are in the list, the first is “%(first)s”."), icon="star", tone="green"),
    NoticeKind("annual_cancelled", _("Cancelled: %(title)s"), _("%(reason)s"), icon="x", tone="amber"),
    NoticeKind("annual_declined", _("Not taken into the annual list: %(project)s"), _("%(title)s: %(reason)s"),
               icon="arrow-back-up", tone="amber"),
    NoticeKind("annual_removed", _("Removed from the annual list: %(project)s"), _("%(title)s: %(reason)s"),
               icon="star-off", tone="red"),
)  # fmt: skip


def _proposers(office: int, step: Step) -> list[User]:
    return [*holders(Duty.REVIEW, [office], step.at), *holders(Duty.HANDLE, [office], step.at)]


@batch_binding.audience
def annual_decided(batch: AnnualBatch, step: Step, act: Act) -> None:
    """Each proposing office hears of its own projects, each owner of his."""
    by_office: dict[int, list[str]] = defaultdict(list)
    rows = batch.items.filter(status=ItemStatus.LISTED).order_by("pk")
    for office, owner, name in rows.values_list("office", "project__owner", "project__name"):
        by_office[office].append(name)
        by_office[owner].append(name)
    for office, names in by_office.items():
        people = [*_proposers(office, step), *holders(Duty.REPORT, [office], step.at)]
        notify("annual_decided", people, at=step.at, dedupe=f"annual_decided:{act.pk}:{office}",
               params={"title": batch.title, "count": len(names), "first": names[0]},
               url=f"/reserve/annual/?year={batch.year}")  # fmt: skip


@batch_binding.audience
def annual_cancelled(batch: AnnualBatch, step: Step, act: Act) -> None:
    offices = set(batch.items.values_list("office", flat=True))
    people = [user for office in offices for user in _proposers(office, step)]
    notify("annual_cancelled", people, at=step.at, dedupe=f"annual_cancelled:{act.pk}",
           params={"title": batch.title, "reason": step.reason}, url="/reserve/annual/batches/")  # fmt: skip


def _tell_item(kind: str, item: AnnualItem, step: Step, act: Act, people: list[User]) -> None:
    params = {"project": item.project.name, "title": item.batch.title, "reason": step.reason}
    notify(kind, people, at=step.at, dedupe=f"{kind}:{act.pk}", params=params,
           url=f"/reserve/annual/batches/{item.batch.public_id}/")  # fmt: skip


@item_binding.audience
def annual_declined(item: AnnualItem, step: Step, act: Act) -> None:
    _tell_item("annual_declined", item, step, act, _proposers(item.office_id, step))


@item_binding.audience
def annual_removed(item: AnnualItem, step: Step, act: Act) -> None:
    owners = holders(Duty.REPORT, [item.project.owner_id], step.at)
    _tell_item("annual_removed", item, step, act, [*_proposers(item.office_id, step), *owners])
