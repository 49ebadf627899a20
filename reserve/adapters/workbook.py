"""The agreed Excel form: one row per project, the platform's required fields first, the others after them."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from ningde_projects.documents.lists import CONTENT_TYPES, Heading, write_xlsx
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.documents.values import Kind

from ..rules.push_fields import FIELDS, Facts, Field
from ..workflow.pushes import PushTo
from . import Handover, Made, register_adapter


class WorkbookAdapter:
    name = "workbook"

    def make(self, handover: Handover) -> Made:
        fields = self._fields(handover)
        sheet = Sheet(
            key=f"push-{handover.target}", name=_("Projects"), title=handover.target_name,
            unit_line=_("Unit: 10,000 yuan"),
            columns=(
                Column("order", _("No."), kind="integer", width=8),
                *(Column(f.key, f.title, kind=cast("Kind", f.kind), width=f.width) for f in fields),
            ),
        )  # fmt: skip
        rows = [{"order": number, **facts.values} for number, facts in enumerate(handover.facts, 1)]
        target = io.BytesIO()
        write_xlsx(target, sheet, rows, Heading(handover.target_name, handover.number, handover.made_line))
        return Made(
            target.getvalue(), f"{handover.target_name}_{handover.number}.xlsx", CONTENT_TYPES["xlsx"],
            [_line(facts, fields) for facts in handover.facts],
        )  # fmt: skip

    @staticmethod
    def _fields(handover: Handover) -> list[Field]:
        required = set(handover.fields)
        return sorted(FIELDS, key=lambda field: field.key not in required)


def _line(facts: Facts, fields: list[Field]) -> dict[str, Any]:
    return {f.key: _kept(facts.get(f.key)) for f in fields}


def _kept(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, Decimal) else value


register_adapter(WorkbookAdapter(), *(str(target) for target in PushTo))
