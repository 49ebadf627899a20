"""附件2 of one county, living or as sealed, and of all counties of a month (M6.4, facts.md §2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ningde_projects.documents.paper import Form, Stamp
from ningde_projects.documents.paper.draw import ROW_ID
from ningde_projects.documents.paper.render import LANGUAGE
from ningde_projects.periods.month import Month, local_date

from ..models import Summary, SummaryEdition
from ..selectors.annex2 import content_of
from ..selectors.paper import Forwarded
from ..services.summaries import county_counts
from ..workflow import SUMMARY_EDITABLE
from .annex1 import gap_words, month_words
from .book import Page, PrintMark, clock, layout_of
from .standing import edition_standing, summary_standing

Content = Mapping[str, Any]


# ---- one county --------------------------------------------------------------------------------------------------


def living_pages(summary: Summary, at: datetime) -> list[Page]:
    """What is being compiled or awaits approval, marked 送审稿."""
    with translation.override(LANGUAGE):
        content = content_of(summary)
    counts = county_counts(summary) if summary.status in SUMMARY_EDITABLE else summary.counts
    return _pages(content | {"counts": counts}, summary_standing(summary), at, str(summary.public_id))


def edition_pages(edition: SummaryEdition) -> list[Page]:
    """An edition as approved, from nothing but itself: it is the same file whenever it is asked for."""
    return _pages(edition.content, edition_standing(edition), edition.at, str(edition.public_id), edition)


def _pages(
    content: Content, stamp: Stamp, at: datetime, name: str, edition: SummaryEdition | None = None
) -> list[Page]:
    return [annex2_page(content, stamp, at, name, edition), missing_page([content], stamp, at, name)]


def annex2_page(
    content: Content, stamp: Stamp, at: datetime, name: str, edition: SummaryEdition | None = None
) -> Page:
    month = Month.parse(content["month"])
    layout = layout_of("annex2", at, content.get("layouts", {}).get("annex2"))
    form = Form(
        _values(content, month, edition),
        {"problems": [_row(item) for item in content["items"]]},
        PrintMark("annex2", layout.version, name),
        content["place"],
        month_words(month),
    )
    return Page(layout, form, stamp)


def _values(content: Content, month: Month, edition: SummaryEdition | None) -> dict[str, Any]:
    counts: Mapping[str, Any] = content["counts"]
    return {
        "place": content["place"], "month": month, "compiler": content["bureau"],
        "approver": edition.by_text if edition else "", "approved_on": local_date(edition.at) if edition else None,
        "due": counts.get("due"), "filed": counts.get("filed"), "nil": counts.get("nil"),
        "with_problems": counts.get("with_problems"), "problem_count": counts.get("problems"),
        "by_category": "，".join(f"{name} {n}" for name, n in counts.get("by_category", {}).items()),
        "reporter": content.get("reporter", ""), "phone": content.get("reporter_phone", ""),
        "filed_on": _day(content.get("sent_on")),
    }  # fmt: skip


def _row(item: Content) -> dict[str, Any]:
    rate = _number(item["percent"])
    return {
        ROW_ID: item["problem"], "project": item["project"], "level": item["level"], "industry": item["industry"],
        "owner": item["owner"], "total_investment": _number(item["total_investment"]),
        "annual_plan": _number(item["annual_plan"]), "completed": _number(item["year_cumulative"]), "rate": rate,
        "gap": gap_words(Decimal(item["points"])) if item["points"] else "", "category": item["category"],
        "problem": item["text"], "county_action": item["county_opinion"], "request": item["request"],
        "coordination_level": item["asked_level"], "lead_department": item["lead_department"],
        "other_departments": item["cooperating"], "county_leader": item["leader"], "direct_person": item["direct"],
        "deadline": _day(item["due_on"]), "lagging": bool(item["is_lagging"]) if rate is not None else None,
        "remark": item["note"],
    }  # fmt: skip


def missing_page(contents: Sequence[Content], stamp: Stamp | None, at: datetime, name: str) -> Page:
    """未报与退回附表: named, so that nobody disappears behind a number (M6.1)."""
    month = Month.parse(contents[0]["month"])
    layout = layout_of("annex2_missing", at, contents[0].get("layouts", {}).get("annex2_missing"))
    rows = [_missing_row(content["place"], line) for content in contents for line in content["missing"]]
    with translation.override(LANGUAGE):
        returned = sum(1 for content in contents for line in content["missing"] if line["filed_once"])
        count = _("%(missing)s not filed, %(returned)s returned") % {
            "missing": len(rows) - returned, "returned": returned,
        }  # fmt: skip
    place = contents[0]["place"] if len(contents) == 1 else "全市"
    form = Form(
        {"place": place, "month": month, "count": count},
        {"missing": rows},
        PrintMark("annex2_missing", layout.version, name),
        layout.name,
        month_words(month),
    )
    return Page(layout, form, stamp)


def _missing_row(place: str, line: Content) -> dict[str, Any]:
    with translation.override(LANGUAGE):
        standing = _("Returned, not filed again") if line["filed_once"] else _("Not filed")
    return {"place": place, "project": line["project"], "owner": line["owner"], "standing": standing}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# ---- all counties ------------------------------------------------------------------------------------------------


def all_pages(counties: Sequence[Forwarded], month: Month, at: datetime) -> list[Page]:
    """目录, then each county as forwarded, then one annex with everything missing."""
    known = [county for county in counties if county.edition is not None]
    pages = [_overview_page(counties, month, at)]
    for county in known:
        if county.edition is not None:
            pages.append(edition_pages(county.edition)[0])
    if known:
        contents = [county.edition.content for county in known if county.edition is not None]
        pages.append(_without_version(contents, at))
    return pages


def _without_version(contents: Iterable[Content], at: datetime) -> Page:
    """The annex of several counties is no county's sealed paper: today's layout."""
    return missing_page([dict(content) | {"layouts": {}} for content in contents], None, at, "all")


def _overview_page(counties: Sequence[Forwarded], month: Month, at: datetime) -> Page:
    layout = layout_of("annex2_overview", at)
    rows = [_county_row(county) | {"number": n} for n, county in enumerate(counties, 1)]
    total: dict[str, Any] = {"place": "全市"}
    for key in ("due", "filed", "nil", "with_problems", "problems", "missing"):
        total[key] = sum(row.get(key) or 0 for row in rows)
    done = sum(1 for county in counties if county.edition is not None)
    form = Form(
        {"received": f"{done} / {len(counties)}", "made_on": local_date(at)},
        {"counties": [*rows, total]},
        PrintMark("annex2_overview", layout.version, str(month)),
        layout.name,
        month_words(month),
    )
    return Page(layout, form)


def _county_row(county: Forwarded) -> dict[str, Any]:
    row: dict[str, Any] = {"place": county.place, "standing": county.standing}
    if county.edition is None:
        return row
    counts = county.edition.content["counts"]
    return row | {
        **{key: counts.get(key) for key in ("due", "filed", "nil", "with_problems", "problems")},
        "missing": len(county.edition.content["missing"]),
        "approver": f"{county.edition.government_text} {county.edition.by_text}",
        "approved": clock(county.edition.at),
        "forwarded": clock(county.forwarded_at) if county.forwarded_at else "",
    }
