"""宁德市重点项目问题清单 on paper: the living list as a draft, an edition as sealed (M8.1)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from ningde_projects.documents.lists import Heading, write_xlsx
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.periods.month import Month
from ningde_projects.shell.formats import full_stamp
from reports.models.opinions import OpinionResult
from reports.templatetags.reporting import monthname
from reports.workflow import ProblemStatus

from ..rules.problem_list import LAYOUT_VERSION
from ..selectors.problem_list import Line

#: The paper is an official document: always in the offices' language.
PAPER = "zh-hans"


def _opinions(line: Line) -> str:
    return "\n".join(
        f"{department}（{OpinionResult(result).label}）：{text}" if result else f"{department}：{text}"
        for department, result, text in line.opinions
    )


def _state(line: Line) -> str:
    word = str(ProblemStatus(line.status).label)
    return f"{word}。{line.handling}" if line.handling else word


def _rows(lines: Iterable[Line]) -> Iterable[dict[str, Any]]:
    for order, line in enumerate(lines, 1):
        yield {"order": order, "place": line.place_name, "project": line.project, "line": line}


def sheet() -> Sheet:
    return Sheet(
        key="problem_list", name=_("Municipal problem list"), version=LAYOUT_VERSION, frozen_columns=3,
        fits_rows=True,
        unit_line=_("Compiled by: Ningde Municipal Development and Reform Commission. Days counted from the day of "
                    "occurrence."),
        columns=(
            Column("order", _("No."), kind="integer", width=6),
            Column("place", _("County (city, district)"), width=10),
            Column("project", _("Project name"), width=24),
            Column("industry", _("Kind of project"), getter=lambda r: r["line"].industry, width=10),
            Column("category", _("Category of problem"), getter=lambda r: r["line"].category_name, width=10),
            Column("text", _("Existing problem"), getter=lambda r: r["line"].text, width=34),
            Column("request", _("Request"), getter=lambda r: r["line"].request, width=24),
            Column("sources", pgettext("problem list", "Source"), getter=lambda r: "、".join(r["line"].source_words),
                   width=12),
            Column("unit", _("Responsible unit"), getter=lambda r: r["line"].unit, width=12),
            Column("opinions", _("Opinion of municipal departments"), getter=lambda r: _opinions(r["line"]), width=30),
            Column("level", _("Level of coordination"), getter=lambda r: r["line"].level_word, width=10),
            Column("days", _("Days so far"), getter=lambda r: r["line"].days, kind="integer", width=8),
            Column("state", _("Handling"), getter=lambda r: _state(r["line"]), width=26),
        ),
    )  # fmt: skip


def title_of(month: Month) -> str:
    return gettext("Municipal problem list of key projects of Ningde (%(month)s)") % {
        "month": monthname(month)
    }


def write(
    target: IO[bytes], month: Month, lines: Sequence[Line], *, made: str, above: str = "", header: str = ""
) -> int:
    with override(PAPER):
        return write_xlsx(target, sheet(), _rows(lines), Heading(title_of(month), above, made, header))


def draft_words() -> str:
    with override(PAPER):
        return pgettext("header of a paper", "Draft, not sealed")


def sealed_bytes(
    month: Month, lines: Sequence[Line], label: str, number: int, by: str, at: datetime
) -> bytes:
    """The workbook that is kept with the edition."""
    with tempfile.TemporaryFile() as file:
        write(file, month, lines, made=f"{by} {full_stamp(at)}".strip(), above=f"{label} · {number}")
        file.seek(0)
        return file.read()
