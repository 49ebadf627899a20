"""Navigation, numbers, to-do, chips and the project panel of the hookup lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.offices import is_commission
from ningde_projects.periods.month import local_date
from ningde_projects.projects import panels, posts_on_file
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from ..exports.lists import EXPORTS
from ..imports.lists import importer
from ..models import HookupList
from ..policies.lists import filing_offices
from ..selectors.coverage import rows_of
from ..selectors.on_file import on_file
from ..selectors.panel import panel_of
from ..workflow.lists import EDITABLE, ListStatus


def _files(*kinds: str) -> Any:
    def allowed(actor: Any) -> bool:
        return isinstance(actor, Actor) and any(o.kind in kinds for o in filing_offices(actor))

    return allowed


def _department(actor: Any) -> bool:
    """A municipal department, or the commission's own section for an industry; the dispatchers have the city's."""
    files = _files(OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION)
    return bool(files(actor)) and not _commission(actor)


def _commission(actor: Any) -> bool:
    return isinstance(actor, Actor) and is_commission(actor)


def _reads_county(actor: Any) -> bool:
    return any(
        h.organisation.kind == OrgKind.COUNTY_GOVERNMENT and h.duty in (Duty.APPROVE, Duty.VIEW)
        for h in getattr(actor, "held", ())
    )


def register() -> None:
    """Called once when the app is ready."""
    from ningde_projects.documents.exports import register_export
    from ningde_projects.documents.imports import register_importer

    nav.register(
        nav.NavEntry("hookup_county", _("Persons of the dual hookup"), "user-check", "hookups:lists",
                     _files(OrgKind.COUNTY_BUREAU), nav.PROJECTS, 30),
        nav.NavEntry("hookup_industry", _("Hookup persons"), "user-check", "hookups:lists",
                     _department, nav.PROJECTS, 30),
        nav.NavEntry("hookup_enterprise", _("Hookup persons"), "user-check", "hookups:lists",
                     _files(OrgKind.OWNER), nav.PROJECTS, 30),
        nav.NavEntry("hookup_city", _("Filing of the dual hookup"), "user-check", "hookups:lists", _commission,
                     nav.PROJECTS, 40, hot=True),
        nav.NavEntry("hookup_coverage", _("Coverage of the dual hookup"), "user-check", "hookups:coverage",
                     _reads_county, nav.PROJECTS, 40),
    )  # fmt: skip
    nav.register_counts(_counts)
    register_status("hookup_filed", "sea", "send", pgettext_lazy("status", "Sent for filing"))
    register_status("hookup_received", "green", "checks", pgettext_lazy("status", "On file"))
    register_status(
        "hookup_missing", "solid-red", "alert-triangle", pgettext_lazy("status", "Not filed, overdue")
    )
    panels.register(
        panels.Panel("hookup_lists", _("Filing of the dual hookup"), "hookups/lists/panel.html", panel_of,
                     order=15, column="side")
    )  # fmt: skip
    posts_on_file.register(on_file)
    for export in EXPORTS:
        register_export(export)
    register_importer(importer())
    _words()


def _words() -> None:
    acts.register("hookup_list", _("Hookup list"), {
        "open": pgettext_lazy("act", "Drew up the hookup list"),
        "draw": pgettext_lazy("act", "Brought the hookup list up to date"),
        "choose": pgettext_lazy("act", "Chose a person in the hookup list"),
        "import": pgettext_lazy("act", "Imported persons into the hookup list"),
        "change": pgettext_lazy("act", "Entered a change of the hookup list"),
        "drop_line": pgettext_lazy("act", "Took a line out of a change"),
    })  # fmt: skip
    acts.register("major_pick", pgettext_lazy("acts", "Major project"), {
        "pick": pgettext_lazy("act", "Picked as major project"),
        "withdraw": pgettext_lazy("act", "Withdrew the pick of a major project"),
    })  # fmt: skip
    acts.register("main_leader", pgettext_lazy("acts", "Head of a county"), {
        "set": pgettext_lazy("act", "Entered who heads the county"),
    })  # fmt: skip
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d12_deadline": pgettext_lazy("act", "Missing hookup lists marked (D12)"),
    })  # fmt: skip


def _counts(actor: Any, at: datetime) -> dict[str, nav.Number]:
    """For the commission alone."""
    if not _commission(actor):
        return {}
    return {"hookup_city": HookupList.objects.filter(status=ListStatus.FILED)}


# ---- to do -----------------------------------------------------------------------------------------------------


@todo_source
def lists_to_file(actor: Actor, at: datetime) -> list[TodoGroup]:
    """An office's list of the year from January on, returned ones and changes that are not sent yet."""
    offices = filing_offices(actor)
    if not offices:
        return []
    year = local_date(at).year
    sent = HookupList.objects.filter(year=year, number=0, office__in=offices).exclude(status__in=EDITABLE)
    done = set(sent.values_list("office_id", flat=True))
    open_offices = [office for office in offices if office.pk not in done]
    items = [
        TodoItem(
            gettext("{office}: hookup list of {year}").format(office=row.office.short_name, year=year),
            row.found.return_reason if row.found else "",
            f"/hookups/lists/offices/{row.office.public_id}/?year={year}", gettext("Draw up and send"), row.due_at,
            _rank(row.found, row.due_at, at), "user-check",
        )
        for row in (rows_of(year, open_offices) if open_offices else [])
        if row.found is None or row.found.is_editable
    ]  # fmt: skip
    changes = HookupList.objects.owed().filter(office__in=offices, number__gt=0).select_related("office")
    items += [
        TodoItem(
            gettext("{office}: change no. {n} of the hookup list").format(office=c.office.short_name, n=c.number),
            c.return_reason or c.reason, f"/hookups/lists/{c.public_id}/", gettext("Send for filing"), None,
            0 if c.status == ListStatus.RETURNED else 3, "switch-horizontal",
        )
        for c in changes[:20]
    ]  # fmt: skip
    return [TodoGroup("hookup_lists", _("Hookup lists"), tuple(items), len(items), "/hookups/lists/")]


def _rank(found: HookupList | None, due: datetime, at: datetime) -> int:
    if found is not None and found.status == ListStatus.RETURNED:
        return 0
    if at >= due:
        return 1
    return 2 if (due - at).days < 30 else 3


@todo_source
def lists_to_receive(actor: Actor, at: datetime) -> list[TodoGroup]:
    if not is_commission(actor):
        return []
    rows = HookupList.objects.filter(status=ListStatus.FILED).select_related("office").order_by("filed_at")
    items = tuple(
        TodoItem(
            gettext("{office}: change no. {n} of the hookup list").format(office=r.office.short_name, n=r.number)
            if r.number
            else gettext("{office}: hookup list of {year}").format(office=r.office.short_name, year=r.year),
            r.reason, f"/hookups/lists/{r.public_id}/", gettext("Read and put on file"), None, 3, "checks",
        )
        for r in rows[:20]
    )  # fmt: skip
    total = rows.count() if items else 0
    return [TodoGroup("hookup_receipts", _("Hookup lists to put on file"), items, total, "/hookups/lists/")]
