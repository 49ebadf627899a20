"""What 附件1 prints beyond the register's own facts: who receives, who answers, planned start and finish (facts.md §2.2).

Taken when a report is filed and kept with it: the paper of October names October's leaders (settled point 15).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.projects.models import NodeKind, PlanNode, Post, Responsible

from ..models import Report
from ..models.reports import ReportKind
from ..services.receipts import receiving_organisations

_POSTS = {
    Post.COUNTY_LEADER: "county_leader",
    Post.COUNTY_DIRECT: "county_direct",
    Post.INDUSTRY_LEADER: "industry_leader",
    Post.INDUSTRY_DIRECT: "industry_direct",
}
_NODES = {NodeKind.START: "planned_start", NodeKind.COMPLETION: "planned_finish"}


def printed_facts(report: Report) -> dict[str, str]:
    """Texts by key of the layout; months as 2026-10, a bare year as 2026, '' = not stated. Two queries."""
    return {
        "recipients": recipients_of(report),
        "owner_kind": _("Municipal state-owned enterprise") if report.owner.is_municipal_enterprise else "",
        **_people(report),
        **_nodes(report),
        **_part(report),
    }


def recipients_of(report: Report) -> str:
    """报送对象: who decides and who is informed (M5.2); an urgent one reaches all at once (M5.3); a direct one goes to
    the commission past the county, which only sees that it did (M6.3)."""
    if report.kind == ReportKind.DIRECT:
        return _("%(names)s (sent directly)") % {"names": report.receiver.name}
    return "、".join(office.name for office in receiving_organisations(report))


def _part(report: Report) -> dict[str, str]:
    """A county that reports its part prints the part's sum beside the part's plan (settled point 2)."""
    if report.part is None:
        return {}
    total = report.part.total_investment
    return {"total_investment": "" if total is None else str(total)}


def _people(report: Report) -> dict[str, str]:
    """The persons in force; one of the report's own county goes before one named for the whole project."""
    found = dict.fromkeys(_POSTS.values(), "")
    rows = [
        row
        for row in Responsible.objects.filter(
            project=report.project_id, valid_to__isnull=True
        ).select_related("user")
        if row.place_id in (None, report.place_id) and row.post in _POSTS
    ]
    for row in sorted(rows, key=lambda r: r.place_id is not None):
        person = row.user
        found[_POSTS[Post(row.post)]] = f"{person.name}（{person.title}）" if person.title else person.name
    return found


def _nodes(report: Report) -> dict[str, str]:
    project = report.project
    found = {
        "planned_start": str(project.start_year or ""),
        "planned_finish": str(project.end_year or ""),
    }
    nodes = PlanNode.objects.filter(
        project=report.project_id, kind__in=list(_NODES), planned_on__isnull=False
    )
    for node in nodes.order_by("planned_on"):
        found[_NODES[NodeKind(node.kind)]] = f"{node.planned_on:%Y-%m}"
    return found
