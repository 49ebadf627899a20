"""附件2 of the county: compile, edit, send, withdraw, forward (M6.1, screen 03c)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.shell.flow import tally
from ningde_projects.workflow.acting import VersionForm, button_act, dialog_act, posted_version, refused_page
from ningde_projects.workflow.door import perform, refusal
from ningde_projects.workflow.idempotency import once
from ningde_projects.workflow.refusals import Refusal

from ..models import Summary
from ..models.problems import AskedLevel
from ..selectors import summary as read
from ..selectors.annex2 import content_of
from ..selectors.months import IN_ROW, IN_SWITCH, known_months, month_bar
from ..selectors.owner_calendar import switch_of
from ..services import summaries
from ..services.binding import commission_ids
from ..templatetags.reporting import monthname
from ..workflow import SUMMARY_EDITABLE


def month_of(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise Http404 from wrong


def own_summary(request: OfficeRequest, text: str) -> Summary:
    """The summary of one's own county; 404 for anyone who compiles none."""
    found = read.of_county(request.actor, month_of(text), request.GET.get("place", "")[:4])
    if found is None:
        raise Http404
    return found


def place_query(request: OfficeRequest) -> str:
    """Who acts for several counties keeps to the one that he is looking at."""
    chosen = request.GET.get("place", "")
    return f"?{urlencode({'place': chosen[:4]})}" if chosen else ""


def summary_url(request: OfficeRequest, summary: Summary) -> str:
    return reverse("reports:summary", args=[summary.month]) + place_query(request)


@require_safe
def summary(request: OfficeRequest, text: str) -> HttpResponse:
    """The month's summary; a month that has not been opened says when it will be."""
    month = month_of(text)
    if not read.bureaus_of(request.actor):
        raise Http404
    found = read.of_county(request.actor, month, request.GET.get("place", "")[:4])
    current, known = reporting_month(request.now), known_months(IN_SWITCH)
    switch = switch_of(month, current, "/summaries/", known)
    common = {"month": month, "months": known[:IN_ROW], "period_switch": _by_path(switch, month, current)}
    if found is None:
        context = common | {"opens_at": month.next.start, "is_future": month.next.start > request.now}
        return render(request, "reports/summary/closed.html", context)
    return render(request, "reports/summary/summary.html", common | context_of(request, found))


def _by_path(switch: Any, month: Month, current: Month) -> Any:
    """The month stands in the path here."""

    def path(url: str) -> str:
        return f"/summaries/{url.partition('month=')[2] or current}/"

    return replace(switch, options=[replace(o, url=path(o.url)) for o in switch.options])


def context_of(request: OfficeRequest, found: Summary) -> dict[str, Any]:
    actor, at = request.actor, request.now
    lines, figures = read.lines_of(found), read.figures_of(found)
    approvers = read.holders_of(Duty.APPROVE, [found.government_id], at)
    level = request.GET.get("level", "")
    content = content_of(found) if found.status in SUMMARY_EDITABLE else _sealed_or_live(found)
    checks = read.checks_of(found, lines, figures, approvers)
    compiler = read.compiler_of(found)
    return {
        "summary": found, "place_query": place_query(request), "bureaus": _several(actor), "figures": figures,
        "approvers": approvers, "compiler": compiler,
        "lines": [x for x in lines if not level or x.level == level] if level in AskedLevel.values else lines,
        "tabs": read.level_tabs(lines), "level": level if level in AskedLevel.values else "",
        "projects": len({x.problem.project_id for x in lines}), "total": len(lines),
        "editable": refusal(found, "draw_in", actor) is None, "locked": refusal(found, "draw_in", actor),
        "checks": checks, "failed": tally(checks)["fail"], "stale": read.pulled_in_since(found, figures),
        "send_refusal": refusal(found, "send_for_approval", actor),
        "can_withdraw": refusal(found, "withdraw", actor) is None and found.opened_at is None,
        "can_forward": refusal(found, "forward", actor) is None,
        "steps": read.steps_of(found, approvers, compiler), "missing": read.missing_of(content),
        "history": read.history_of(found), "editions": list(found.editions.all()),
        "late": found.is_late(at), "forwarded_late": bool(
            found.first_forwarded_at and found.first_forwarded_at >= found.due_at),
        "bar": _bar(request, found, figures),
    }  # fmt: skip


def _several(actor: Actor) -> list[Organisation]:
    """The bureaus to choose from; nothing for those who have one only."""
    bureaus = read.bureaus_of(actor)
    return bureaus if len(bureaus) > 1 else []


def _sealed_or_live(found: Summary) -> dict[str, Any]:
    last = found.editions.order_by("-number").first()
    return dict(last.content) if last is not None else content_of(found)


def _bar(request: OfficeRequest, found: Summary, figures: dict[str, Any]) -> Any:
    missing = figures.get("missing", 0)
    return month_bar(
        found.month, request.now, "D3",
        opened={"note": _("%(n)s due") % {"n": figures.get("due", 0)}},
        filed={"note": _("filed %(n)s") % {"n": figures.get("filed", 0)},
               "gap": _("%(n)s not filed") % {"n": missing} if missing else ""},
        forwarded={"note": f"{_('accepted')} {figures.get('accepted', 0)} / {figures.get('due', 0)}",
                   "gap": "" if found.first_forwarded_at else _("not forwarded yet")},
    )  # fmt: skip


@require_safe
def print_view(request: OfficeRequest, text: str) -> HttpResponse:
    """打印盖章: the sheet alone; an unapproved one is headed 送审稿."""
    found = own_summary(request, text)
    approved = found.approved_at is not None and found.status not in SUMMARY_EDITABLE
    content = _sealed_or_live(found) if approved else content_of(found)
    return render(request, "reports/summary/print.html", {
        "summary": found, "month": found.month, "sheet": content, "approved": approved,
        "figures": content["counts"] or read.figures_of(found), "missing": read.missing_of(content),
        "compiler": read.compiler_of(found), "back": summary_url(request, found),
    })  # fmt: skip


# ---- acts on the whole -----------------------------------------------------------------------------------------


@require_POST
@once
def draw(request: OfficeRequest, text: str) -> HttpResponse:
    """重新汇入: what the county has written stays."""
    found = own_summary(request, text)

    here = summary_url(request, found)
    try:
        done = summaries.draw_in(found, by=request.actor, at=request.now).data
    except Refusal as refused:
        return refused_page(request, refused, back=here)
    words = _("Pulled in: %(new)s new, %(dropped)s settled or withdrawn, %(total)s in all.") % done
    return button_act(request, lambda: None, done=here, success=words)


@require_http_methods(["GET", "POST"])
@once
def send(request: OfficeRequest, text: str) -> HttpResponse:
    """送县政府审定: the button says whom it tells."""
    found = own_summary(request, text)
    here = summary_url(request, found)
    locked = refusal(found, "send_for_approval", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=here)
    approvers = read.holders_of(Duty.APPROVE, [found.government_id], request.now)
    names = "、".join(str(h) for h in approvers) or _("nobody who could approve")
    figures = read.figures_of(found)
    words = ngettext(
        "%(n)s problem; %(missing)s missing and %(returned)s returned reports go along as the annex.",
        "%(n)s problems; %(missing)s missing and %(returned)s returned reports go along as the annex.",
        figures["problems"],
    ) % {"n": figures["problems"], "missing": figures["missing"], "returned": figures["returned"]}  # fmt: skip
    return dialog_act(
        request,
        lambda data: summaries.send_for_approval(found, by=request.actor, at=request.now, version=data["version"]),
        form=_version(request, found), done=here, success=_("Sent to the county government for approval."),
        title=_("Send to the county government for approval"), object=_object(found), text=words,
        consequence=_("Told: %(names)s. The summary is locked from then on; it can be withdrawn until it is opened.")
        % {"names": names},
        button=_("Send for approval"), button_icon="send",
    )  # fmt: skip


@require_POST
@once
def withdraw(request: OfficeRequest, text: str) -> HttpResponse:
    found = own_summary(request, text)
    return button_act(
        request,
        lambda: perform(found, "withdraw", by=request.actor, at=request.now, version=posted_version(request)),
        done=summary_url(request, found), success=_("Withdrawn; it can be changed again."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@once
def forward(request: OfficeRequest, text: str) -> HttpResponse:
    """上报市发改委, after approval only."""
    found = own_summary(request, text)
    here = summary_url(request, found)
    locked = refusal(found, "forward", request.actor)
    if locked is not None:
        return refused_page(request, locked, back=here)
    people = read.holders_of(Duty.DISPATCH, list(commission_ids()), request.now)
    names = "、".join(str(h) for h in people)
    return dialog_act(
        request, lambda data: summaries.forward(found, by=request.actor, at=request.now),
        done=here, success=_("Forwarded to the municipal commission."),
        title=_("Forward to the municipal commission"), object=_object(found),
        consequence=_("Told: %(names)s. The commission signs for it or returns it.") % {"names": names},
        button=_("Forward"), button_icon="send",
    )  # fmt: skip


def _version(request: OfficeRequest, found: Summary) -> Any:
    data = request.POST if request.method == "POST" else None
    return VersionForm(data, initial={"version": found.version})


def _object(found: Summary) -> str:
    return f"{found.place.name} · {monthname(found.month)}"
