"""The chain's acts on the record of a project: for whoever sees the report or the problem that they are about."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month
from ningde_projects.projects.panels import ActSource
from ningde_projects.shell.flow import TimelineItem
from ningde_projects.workflow.models import Act

from ..models import Problem, Report
from ..rules import month_name
from .acts import doer_of, look_of, verb_of

#: Beginning to type is the owner's alone; what was exported concerns nobody.
_NOT_TOLD = ("start", "export")


def _reports(actor: Actor) -> Q:
    seen = Report.objects.visible_to(actor).values("pk")
    return Q(object_id__in=seen) & ~Q(name__in=_NOT_TOLD)


def _problems(actor: Actor) -> Q:
    return Q(object_id__in=Problem.objects.visible_to(actor).values("pk"))


def _report_line(act: Act) -> TimelineItem:
    icon, tone = look_of(act.name)
    month = _month_in(act.object_text)
    verb = _("{verb}: report of {month}").format(verb=verb_of(act), month=month) if month else verb_of(act)
    url = reverse("reports:report", args=[act.object_public_id]) if act.object_public_id else ""
    return TimelineItem(
        verb, doer_of(act), act.at, icon, tone, act.reason, url, _("Open the report") if url else ""
    )


def _problem_line(act: Act) -> TimelineItem:
    icon, tone = look_of(act.name)
    verb = _("{verb}: problem {number}").format(verb=verb_of(act), number=act.object_text.partition(" ")[0])
    url = reverse("reports:problem", args=[act.object_public_id]) if act.object_public_id else ""
    return TimelineItem(
        verb, doer_of(act), act.at, icon, tone, act.reason, url, _("Open the problem") if url else ""
    )


def _month_in(text: str) -> str:
    """A report is named by its project and month (Report.__str__)."""
    try:
        return month_name(Month.parse(text.rpartition(" ")[2]))
    except ValueError:
        return ""


SOURCES = (ActSource("report", _reports, _report_line), ActSource("problem", _problems, _problem_line))
