"""What was approved, kept as it was: the content as canonical JSON with its mark, and the workbook (M8.3)."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import translation

from ningde_projects.documents.lists import Heading, write_xlsx
from ningde_projects.shell.formats import full_stamp
from ningde_projects.workflow.door import Step

from ..exports.items import LIST, sheet_rows, title_of
from ..models import ListEdition, Standing, TierList
from ..selectors import tier_lists as read


def rule_of(tier_list: TierList) -> dict[str, Any]:
    """The thresholds by which the month's projects were judged (settled point 9)."""
    found = Standing.objects.filter(month=tier_list.month).values_list("rule", flat=True).first()
    return dict(found or {})


def seal(tier_list: TierList, step: Step) -> ListEdition:
    with translation.override(settings.LANGUAGE_CODE):
        rows = read.rows_of_list(tier_list, step.at)
        content = {
            "month": str(tier_list.month), "title": title_of(tier_list), "rule": tier_list.rule,
            "items": [_row(row) for row in rows],
        }  # fmt: skip
        book = io.BytesIO()
        by = f"{step.holder.organisation.short_name if step.holder else ''} {step.person.user.name}".strip()
        heading = Heading(title_of(tier_list), "", f"{by} {full_stamp(step.at)}")
        write_xlsx(book, LIST, sheet_rows(rows), heading)
    last = tier_list.editions.aggregate(last=Max("number"))["last"] or 0
    return ListEdition.objects.create(
        list=tier_list, number=last + 1, at=step.at, by=step.person.user, by_text=by[:80], content=content,
        digest=digest_of(content), workbook=book.getvalue(),
    )  # fmt: skip


def digest_of(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(row: read.Row) -> dict[str, Any]:
    item = row.item
    return {
        "number": item.number, "position": row.position, "tier": item.tier, "project": item.project.name,
        "code": item.project.code or "", "place": item.place.name, "carried": row.is_carried, "months": row.months,
        "percent": str(row.percent) if row.percent is not None else None, "light": row.light,
        "problem": item.problem_text, "requirement": item.requirement,
        "unit": item.unit.name if item.unit else "", "co_units": [o.name for o in item.co_units.all()],
        "leader": item.leader_name, "due_on": item.due_on.isoformat() if item.due_on else None,
        "status": item.status, "tier_reason": item.tier_reason, "proposal": item.proposal,
    }  # fmt: skip
