"""附件1 of a month for many reports: a worker writes the workbook, as it writes the long lists (M5.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from ningde_projects.documents.exports import Export, Params
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty
from ningde_projects.periods.month import Month

from ..rules import month_name
from ..selectors import paper as read
from ..services import receipts
from .book import book_bytes
from .files import annex1_month_book

KIND = "annex1_month"
FORM1 = "重点项目建设问题报告单"
#: Up to so many tabs are written while one waits; a whole county fits.
AT_ONCE = 80
#: More than this no worker finishes in its time, and nobody leafs through.
MOST = 1500


def params_of(month: Month, owner: str, place: str) -> str:
    """The query under which this workbook is ordered."""
    return urlencode({name: v for name, v in (("month", month), ("owner", owner), ("place", place)) if v})


def month_book(
    actor: Actor, prints: Sequence[read.Print], month: Month, at: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> Workbook:  # fmt: skip
    """The workbook, and the mark on each report that its receiver has seen it."""
    for entry in prints:
        if not actor.has(Duty.REPORT, [entry.report.owner_id]):
            receipts.open_as(entry.report, actor, at)
    return annex1_month_book(prints, month, office_of(actor, prints), actor, at, on_progress)


def office_of(actor: Actor, prints: Sequence[read.Print]) -> str:
    """Whose reports these are: of one owner, of one county, or the reader's own office."""
    owners = {entry.report.owner.name for entry in prints}
    places = {entry.report.place.name for entry in prints}
    if len(owners) == 1:
        return owners.pop()
    return places.pop() if len(places) == 1 else actor.organisation.name


def name_parts(actor: Actor, prints: Sequence[read.Print], month: Month) -> list[str]:
    return [office_of(actor, prints)[:30], FORM1, f"{month.year}年{month.number}月"]


def _asked(actor: Actor, params: Params) -> tuple[Month, list[read.Print]]:
    """ValueError for an address that asks for nothing."""

    def one(name: str) -> str:
        return next(iter(params.get(name, ())), "")

    month, owner = Month.parse(one("month")), one("owner")
    return month, read.prints_of(actor, month, UUID(owner) if owner else None, one("place")[:4])


def _prints(actor: Actor, params: Params) -> list[read.Print]:
    return _asked(actor, params)[1]


def _refuse(actor: Actor, params: Params) -> str | None:
    try:
        number = len(_prints(actor, params))
    except ValueError:
        return None
    if not number:
        return None
    return too_many(number) if number > MOST else ""


def too_many(number: int) -> str:
    return _(
        "%(n)s reports are too many for one workbook, at most %(most)s fit. Choose a county or an owner."
    ) % {"n": number, "most": MOST}


def _write(
    file: IO[bytes], actor: Actor, params: Params, at: datetime, on_progress: Callable[[int], None]
) -> int:
    month, prints = _asked(actor, params)
    file.write(book_bytes(month_book(actor, prints, month, at, on_progress), at))
    return len(prints)


def _no_rows(actor: Actor, params: Params) -> Iterable[Any]:
    return ()


def _name(actor: Actor, params: Params) -> list[str]:
    month, prints = _asked(actor, params)
    return name_parts(actor, prints, month)


def _back(params: Params) -> str:
    return f"{reverse('reports:review')}?{urlencode({'month': next(iter(params.get('month', ())), '')})}"


EXPORT = Export(
    kind=KIND,
    sheet=Sheet(
        key=KIND, name=gettext_lazy("Annex 1"), title=gettext_lazy("Annex 1 of all filed reports"),
        columns=(Column("project", gettext_lazy("Project name")),),
    ),
    rows=_no_rows,
    back_url=_back,
    count=lambda actor, params: len(_prints(actor, params)),
    refuse=_refuse,
    filter_line=lambda actor, params: month_name(_asked(actor, params)[0]),
    name_parts=_name,
    book=_write,
    at_once=AT_ONCE,
)  # fmt: skip
