"""Steps of the list, acts as lines, files of an item, marks on the page of a project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ningde_projects.documents.uploads import register_attachment_policy
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.offices import is_commission
from ningde_projects.projects.panels import ActSource
from ningde_projects.shell.flow import Step, StepState, TimelineItem, Tone
from ningde_projects.shell.formats import short_stamp
from ningde_projects.workflow.acts import act_title
from ningde_projects.workflow.models import Act

from ..models import FollowUp, Item, TierList
from ..workflow.items import ITEM_UNSETTLED, ItemStatus, ListStatus
from .items import given_to
from .tier_lists import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ningde_projects.documents.models import Attachment

ITEM_FILES = "dispatch_item"
#: Acts of the draft: the commission's own, never on a page that others read.
DRAFT_ACTS = ("edit", "add", "move", "remove", "restore")
_ORDER = (
    ListStatus.BUILDING,
    ListStatus.REVIEWING,
    ListStatus.APPROVING,
    ListStatus.APPROVED,
    ListStatus.ISSUED,
)
_LOOKS: dict[str, tuple[str, Tone]] = {
    "issue": ("send", "sea"), "sign": ("check", "sea"), "progress": ("progress", "sea"), "finish": ("check", "green"),
    "verify": ("checks", "green"), "send": ("arrow-back-up", "red"), "chase": ("bell-ringing", "amber"),
    "check": ("refresh", "sea"), "amend": ("pencil", "amber"), "reopen": ("refresh", "amber"),
    "remove": ("circle-x", "red"), "close": ("checks", "green"), "session": ("users", "violet"),
}  # fmt: skip


def steps_of(tier_list: TierList, rows: Sequence[Row]) -> list[Step]:
    """拟制、委领导审核、市政府审定、下发、签收、跟踪整改: where the list stands."""
    now = 0 if tier_list.status == ListStatus.RETURNED else _ORDER.index(ListStatus(tier_list.status))
    issued = [row.item for row in rows if row.item.issued_at]
    signed = sum(item.signed_for_at is not None for item in issued)
    closed = sum(item.status == ItemStatus.CLOSED for item in issued)
    titles = (
        (_("Drawn up by the commission"), _sent(tier_list)),
        (_("Reviewed by the commission's leader"), _when(tier_list.submitted_at)),
        (_("Approved by the municipal government"), _approved(tier_list)),
        (pgettext("three-tier list", "Issue"), _when(tier_list.issued_at)),
        (_("Signed for"), _("{n} of {all} items").format(n=signed, all=len(issued)) if tier_list.issued_at else ""),
        (_("Followed up"), _("{n} struck off").format(n=closed) if tier_list.issued_at else
         _("every month, overdue ones called")),
    )  # fmt: skip
    found = []
    for n, (title, detail) in enumerate(titles):
        state = _state(n, now, tier_list, is_signed=bool(issued) and signed == len(issued))
        found.append(Step(title, detail, state))
    return found


def _state(n: int, now: int, tier_list: TierList, *, is_signed: bool) -> StepState:
    if tier_list.status == ListStatus.ISSUED:
        here = 5 if is_signed else 4
        return "done" if n < here else "now" if n == here else "later"
    if n == 0 and tier_list.status == ListStatus.RETURNED:
        return "back"
    return "done" if n < now else "now" if n == now else "later"


def _when(at: datetime | None) -> str:
    return short_stamp(at) if at else ""


def _sent(tier_list: TierList) -> str:
    if tier_list.sent_by and tier_list.sent_at:
        return f"{tier_list.sent_by.name} {short_stamp(tier_list.sent_at)}"
    return _("since {when}").format(when=short_stamp(tier_list.begun_at))


def _approved(tier_list: TierList) -> str:
    if tier_list.approved_by and tier_list.approved_at:
        return f"{tier_list.approved_by.name} {short_stamp(tier_list.approved_at)}"
    return ""


# ---- lines of a timeline ---------------------------------------------------------------------------------------


def _look(name: str) -> tuple[str, Tone]:
    return _LOOKS.get(name.partition("_")[0], ("point", ""))


def acts_of(item: Item, actor: Actor) -> list[TimelineItem]:
    """The record of an item, newest first; what the commission did in its draft only for itself."""
    acts = Act.objects.filter(machine="dispatch_item", object_id=item.pk).order_by("-id")
    if not is_commission(actor):
        acts = acts.exclude(name__in=DRAFT_ACTS)
    return [line_of(act) for act in acts[:40]]


def line_of(act: Act) -> TimelineItem:
    icon, tone = _look(act.name)
    who = " ".join(part for part in (act.organisation_text, act.user_text) if part)
    if act.principal_text:
        who = f"{who}（{act.principal_text}）"
    return TimelineItem(act_title(act.machine, act.name), who, act.at, icon, tone, act.reason)


def follow_up_lines(rows: Iterable[FollowUp]) -> list[TimelineItem]:
    """跟踪记录, newest first."""
    found = []
    for row in rows:
        icon, tone = _look(row.kind)
        office = f"{row.office.short_name} " if row.office else ""
        found.append(TimelineItem(row.get_kind_display(), f"{office}{row.by.name if row.by else ''}", row.at, icon,
                                  tone, row.text))  # fmt: skip
    return found


def _seen_acts(actor: Actor) -> Q:
    seen = Item.objects.visible_to(actor).order_by().values("pk")
    return Q(object_id__in=seen) & ~Q(name__in=DRAFT_ACTS)


def _project_line(act: Act) -> TimelineItem:
    line = line_of(act)
    verb = _("{verb}: item {number}").format(verb=line.verb, number=act.object_text.partition(" ")[0])
    url = reverse("dispatch:item", args=[act.object_public_id]) if act.object_public_id else ""
    return TimelineItem(verb, line.who, act.at, line.icon, line.tone, act.reason, url, _("Open the item"))


SOURCE = ActSource("dispatch_item", _seen_acts, _project_line)


# ---- files -----------------------------------------------------------------------------------------------------


def _reads(actor: Actor, attachment: Attachment) -> bool:
    return bool(Item.objects.visible_to(actor).filter(public_id=attachment.subject_id).exists())


def _refuse_change(actor: Actor, subject_id: UUID) -> StrOrPromise | None:
    item = Item.objects.visible_to(actor).filter(public_id=subject_id).first()
    if item is None:
        return None
    works = Item.objects.filter(given_to(actor), pk=item.pk).exists()
    if not works and not is_commission(actor):
        return _("Evidence is added by the responsible unit and by the commission.")
    return "" if item.status in ITEM_UNSETTLED else _("This is settled; nothing is added any more.")


def register_files() -> None:
    register_attachment_policy(ITEM_FILES, _reads, _refuse_change)
