"""附件2 as the county compiles it: lines, figures, what stands in the way of sending, whom it goes to (M6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ningde_projects.organizations.actor import Actor, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Delegation, Organisation
from ningde_projects.periods.month import Month
from ningde_projects.shell import formats
from ningde_projects.shell.flow import Check, Step, StepState
from ningde_projects.workflow.models import Act

from ..models import Report, Summary, SummaryItem
from ..models.problems import AskedLevel
from ..services.summaries import county_counts, incomplete_items
from ..workflow import SUMMARY_EDITABLE, SummaryStatus

_LATER = (SummaryStatus.APPROVED, SummaryStatus.FORWARDED, SummaryStatus.RECEIVED)
_GONE = (SummaryStatus.FORWARDED, SummaryStatus.RECEIVED)


def bureaus_of(actor: Actor) -> list[Organisation]:
    """The county bureaus whose summaries this person reads; own office first."""
    held = [
        h.organisation
        for h in actor.held_of(Duty.REVIEW, Duty.VIEW)
        if h.organisation.kind == OrgKind.COUNTY_BUREAU
    ]
    found = list({office.pk: office for office in held}.values())
    return sorted(found, key=lambda office: office.pk != actor.organisation.pk)


def of_county(actor: Actor, month: Month, place: str = "") -> Summary | None:
    """The summary of one's own county; `place` chooses where a person acts for several."""
    offices = [office for office in bureaus_of(actor) if not place or office.place.code == place]
    if not offices:
        return None
    rows: QuerySet[Summary] = Summary.objects.visible_to(actor).filter(bureau=offices[0].pk, month=month)
    return rows.select_related("place", "bureau", "government", "sent_by", "approved_by").first()


def lines_of(summary: Summary) -> list[SummaryItem]:
    return list(
        summary.items.select_related(
            "problem__project",
            "problem__category",
            "problem__owner",
            "problem__unit",
            "lead_department",
            "report",
        ).order_by("order", "pk")
    )


def figures_of(summary: Summary) -> dict[str, Any]:
    """Live while it is being compiled; as counted when it was sent, afterwards."""
    return county_counts(summary) if summary.status in SUMMARY_EDITABLE else dict(summary.counts)


@dataclass(frozen=True)
class LevelTab:
    value: str
    label: str
    count: int


def level_tabs(lines: Sequence[SummaryItem]) -> list[LevelTab]:
    tabs = [LevelTab("", _("All"), len(lines))]
    for value, label in AskedLevel.choices:
        tabs.append(LevelTab(str(value), str(label), sum(1 for line in lines if line.level == value)))
    return tabs


# ---- who ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """Someone who can act, and for whom where he stands in."""

    name: str
    title: str
    acts_for: str = ""

    def __str__(self) -> str:
        if self.acts_for:
            return _("%(name)s (for %(principal)s)") % {"name": self.name, "principal": self.acts_for}
        return f"{self.name}（{self.title}）" if self.title else self.name


def holders_of(duty: Duty, offices: Sequence[int], at: datetime) -> list[Holder]:
    """Everyone who holds the duty now, acting persons with the person they stand in for. Two queries."""
    own = list(
        Assignment.objects.filter(in_force(at), duty=duty, organisation__in=offices, user__is_active=True)
        .select_related("user").order_by("user")
    )  # fmt: skip
    principals = {a.user_id for a in own}
    acting = Delegation.objects.filter(
        in_force(at), duty=duty, organisation__in=offices, delegate__is_active=True, principal__in=principals
    ).select_related("delegate", "principal")
    found = [Holder(a.user.name, a.user.title) for a in own]
    return found + [Holder(d.delegate.name, d.delegate.title, d.principal.name) for d in acting]


# ---- what stands in the way -----------------------------------------------------------------------------------


def checks_of(summary: Summary, lines: Sequence[SummaryItem], figures: Mapping[str, Any],
              approvers: Sequence[Holder]) -> list[Check]:  # fmt: skip
    """提交前检查: failures block the sending, warnings go with it."""
    missing = incomplete_items(summary)
    review = f"{reverse('reports:review')}?month={summary.month}"
    found = [Check("fail", text) for text in missing]
    if not missing and lines:
        words = ngettext("%(n)s problem has all it needs", "%(n)s problems have all they need", len(lines))
        found.append(Check("pass", words % {"n": len(lines)}))
    done = sum(1 for line in lines if line.county_opinion.strip())
    if lines and done == len(lines):
        found.append(Check("pass", _("County's coordination %(n)s / %(n)s") % {"n": done}))
    if not lines and not missing:
        found.append(Check("warn", _("No problem has been pulled in; the summary would be nil.")))
    if figures.get("waiting"):
        text = _("%(n)s reports await review") % {"n": figures["waiting"]}
        found.append(Check("warn", text, f"{review}&status=submitted", _("review them")))
    if figures.get("missing"):
        text = _("%(n)s projects have not filed and are listed in the annex") % {"n": figures["missing"]}
        found.append(Check("warn", text, f"{review}&status=missing", _("chase them")))
    if figures.get("returned"):
        text = _("%(n)s returned reports have not been filed again") % {"n": figures["returned"]}
        found.append(Check("warn", text))
    if not approvers:
        found.append(Check("fail", _("Nobody at the county government can approve; ask the administrator.")))
    return found


def pulled_in_since(summary: Summary, figures: Mapping[str, Any]) -> bool:
    """Reports were accepted after the last pulling in."""
    if summary.drawn_at is None:
        return bool(figures.get("accepted"))
    accepted = Report.objects.filter(kind="monthly", month=summary.month, receiver=summary.bureau_id)
    return accepted.filter(accepted_at__gt=summary.drawn_at).exists()


# ---- where it stands ------------------------------------------------------------------------------------------


def steps_of(summary: Summary, approvers: Sequence[Holder], compiler: str) -> list[Step]:
    """县发改局汇总 → 县政府审定 → 上报市发改委 → 市发改委签收."""
    status = summary.status
    until = formats.until(summary.due_at)
    first: StepState = "back" if status == SummaryStatus.RETURNED else (
        "now" if status == SummaryStatus.BUILDING else "done"
    )  # fmt: skip
    second: StepState = (
        "now" if status == SummaryStatus.APPROVING else "done" if status in _LATER else "later"
    )
    third: StepState = "now" if status == SummaryStatus.APPROVED else "done" if status in _GONE else "later"
    fourth: StepState = "now" if status == SummaryStatus.FORWARDED else (
        "done" if status == SummaryStatus.RECEIVED else "later"
    )  # fmt: skip
    sent = _stamped(summary.sent_by.name if summary.sent_by else "", summary.sent_at)
    approved = _stamped(summary.approved_by.name if summary.approved_by else "", summary.approved_at)
    return [
        Step(_("Compiled by the county bureau"), sent if first == "done" else compiler, first),
        Step(_("Approved by the county government"),
             approved if second == "done" else "、".join(str(h) for h in approvers), second),
        Step(_("Forwarded to the municipal commission"),
             formats.short_stamp(summary.forwarded_at) if third == "done" and summary.forwarded_at
             else _("by %(until)s") % {"until": until}, third),
        Step(_("Receipt signed by the commission"),
             formats.short_stamp(summary.received_at) if fourth == "done" and summary.received_at
             else _("a return leads back to step 1"), fourth),
    ]  # fmt: skip


def _stamped(name: str, at: datetime | None) -> str:
    return f"{name} {formats.short_stamp(at)}".strip() if at else name


def compiler_of(summary: Summary) -> str:
    """Who sent it for approval; until then, who in the bureau last worked on it."""
    if summary.sent_by:
        return summary.sent_by.name
    of_bureau = Act.objects.filter(machine="summary", object_id=summary.pk, organisation=summary.bureau_id)
    act = of_bureau.order_by("-id").first()
    return act.user_text if act else ""


@dataclass(frozen=True)
class Past:
    summary: Summary
    problems: int
    status: str


def history_of(summary: Summary, most: int = 6) -> list[Past]:
    """历次上报; late stays late (settled point 6)."""
    rows = Summary.objects.filter(place=summary.place_id, month__lt=summary.month).order_by("-month")[:most]
    return [
        Past(row, int(row.counts.get("problems", 0)), row.status if not was_late(row) else "late")
        for row in rows
    ]


def was_late(summary: Summary) -> bool:
    """The county asked its government after the deadline, or never did."""
    return summary.first_sent_at is None or summary.first_sent_at >= summary.due_at


@dataclass(frozen=True)
class Missing:
    """The annex of missing and returned reports."""

    project: str
    owner: str
    word: str


def missing_of(content: Mapping[str, Any]) -> list[Missing]:
    return [
        Missing(
            line["project"],
            line["owner"],
            _("Returned, not filed again") if line["filed_once"] else pgettext("status", "Not filed"),
        )
        for line in content.get("missing", [])
    ]
