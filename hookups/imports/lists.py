"""The filing form filled in offline: upload, preview, all or nothing (M3.4). Its rows come back by their record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from openpyxl import Workbook

from ningde_projects.documents.blank_forms import sheet_form
from ningde_projects.documents.imports import Change, Importer, ImportPlan, Params, PlanItem
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.documents.sheets import Column, Sheet
from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import User
from ningde_projects.workflow.refusals import WrongState

from ..exports.lists import list_of
from ..models import HookupLine, HookupList
from ..policies.lists import filing_right
from ..selectors.checks import Book, lines_of, where
from ..services.lists import choose_many

KIND = "hookup-list"

SHEET = Sheet(
    key=KIND,
    name=gettext_lazy("Hookup list"),
    title=gettext_lazy("Filing form of hookup leaders"),
    notes=(
        gettext_lazy(
            "Fill in person and, where two have the same name, the office; the other columns are for information. "
            "By measure 3, leaders are of county division rank, direct persons of township section rank or above."
        ),
    ),
    columns=(
        Column("project", gettext_lazy("Project name"), getter=lambda x: x.project.name, width=36, required=True,
               max_length=120),
        Column("place", gettext_lazy("County"), getter=lambda x: (x.place or x.project.place).name, width=14,
               max_length=40),
        Column("post", gettext_lazy("Post"), getter=lambda x: x.get_post_display(), width=22, required=True,
               max_length=40),
        Column("major", gettext_lazy("Major project"), getter=lambda x: _("yes") if x.is_major else "", width=10,
               editable=False),
        Column("person", pgettext_lazy("post", "Person"), getter=lambda x: x.user.name if x.user else None, width=14,
               max_length=30, aliases=("姓名", "挂钩领导", "责任人")),
        Column("unit", gettext_lazy("Office of the person"), width=28, max_length=80, aliases=("单位", "工作单位"),
               getter=lambda x: x.user.organisation.name if x.user else None),
        Column("title", gettext_lazy("Position"), getter=lambda x: x.user.title if x.user else None, width=18,
               editable=False),
        Column("rank", gettext_lazy("Rank"), width=14, editable=False,
               getter=lambda x: x.user.get_rank_display() if x.user and x.user.rank else None),
    ),
)  # fmt: skip


def refuse(actor: Actor, params: Params) -> str:
    found = _list(actor, params)
    if found is None:
        return _("Open the hookup list first; the form belongs to one list.")
    right = filing_right(actor, found.office)
    if not isinstance(right, Held):
        return str(right)
    if not found.is_editable:
        return _("The list is “{state}” and cannot be changed.").format(state=found.get_status_display())
    return ""


def _list(actor: Actor, params: Params) -> HookupList | None:
    return list_of(actor, {"list": [params.get("list", "")]})


# ---- from rows to a plan ---------------------------------------------------------------------------------------


def check_rows(rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Params) -> ImportPlan:
    """Every row against the list's own rules; all findings at once."""
    plan = ImportPlan()
    found = _list(actor, params)
    if found is None:
        return plan
    book, lines = Book(found, at), lines_of(found)
    by_id = {str(line.public_id): line for line in lines}
    by_words = {_words(line): line for line in lines}
    seen: dict[int, int] = {}
    for row in rows:
        line = by_id.get(row.row_id) or by_words.get(
            (row.get("project") or "", row.get("place") or "", row.get("post") or "")
        )
        if line is None:
            plan.errors.append(row.error(
                "project", _("This post of this project is not in the list"),
                _("Take the row out, or bring the list up to date and download the form again."),
            ))  # fmt: skip
        elif line.pk in seen:
            plan.errors.append(row.error(
                "post", _("The same post stands in row {row}").format(row=seen[line.pk]),
                _("Delete one of the rows."),
            ))  # fmt: skip
        else:
            seen[line.pk] = row.row
            _plan_row(plan, row, line, book)
    return plan


def _words(line: HookupLine) -> tuple[str, str, str]:
    return (line.project.name, (line.place or line.project.place).name, line.get_post_display())


def _plan_row(plan: ImportPlan, row: ParsedRow, line: HookupLine, book: Book) -> None:
    user, error = _person(row, book.candidates.get(line.post, []))
    if error is not None:
        plan.errors.append(row.error(error[0], error[1], error[2]))
        return
    if user is not None and (fault := book.fault(line, user)):
        plan.errors.append(
            row.error("person", fault, _("Choose another person, or have the rank corrected."))
        )
        return
    before = line.user
    if (before.pk if before else None) == (user.pk if user else None):
        plan.items.append(PlanItem("unchanged", where(line), row.sheet, row.row))
        return
    if user is None:
        plan.errors.append(row.question(
            "person", _("The cell is empty: the person would be taken out"), _("If it is right, go on.")
        ))  # fmt: skip
    change = Change(line.get_post_display(), before.name if before else "—", user.name if user else "—")
    data = {"line": line.pk, "user": user.pk if user else None, "version": line.version}
    plan.items.append(PlanItem("update", where(line), row.sheet, row.row, (change,), data))


def _person(
    row: ParsedRow, candidates: Sequence[User]
) -> tuple[User | None, tuple[str, str, str] | None]:  # fmt: skip
    """The person of the row, or (column, rule, way out)."""
    name, unit = row.get("person"), row.get("unit")
    if not name:
        return None, None
    named = [user for user in candidates if user.name == name]
    if not named:
        return None, (
            "person",
            _("By measure 3, the person has to be of this side; nobody of this name has the duty there"),
            _("Check the name, or have the duty granted first."),
        )
    fitting = (
        [u for u in named if unit in (u.organisation.name, u.organisation.short_name)] if unit else named
    )
    if not fitting:
        return None, (
            "unit", _("{name} does not belong to this office").format(name=name),
            _("Write the full name of the office: {offices}.").format(
                offices="、".join(u.organisation.name for u in named)
            ),
        )  # fmt: skip
    if len(fitting) > 1:
        return None, (
            "unit", _("Several persons are called {name}").format(name=name),
            _("Write the office of the person, or choose the person on the page."),
        )  # fmt: skip
    return fitting[0], None


# ---- carrying out ----------------------------------------------------------------------------------------------


def apply(plan: ImportPlan, actor: Actor, at: datetime, params: Params) -> Mapping[str, Any]:
    """All rows or none; the transaction is open already."""
    found = _list(actor, params)
    if found is None:
        raise WrongState(_("This no longer exists."))
    wanted = {item.data["line"]: item.data["user"] for item in plan.items if item.action == "update"}
    people = {u.pk: u for u in User.objects.filter(pk__in=[pk for pk in wanted.values() if pk])}
    chosen = [(line, people[user] if user else None) for line, user in wanted.items()]
    return {"lines": choose_many(found, chosen, by=actor, at=at)}


def template(actor: Actor, at: datetime, params: Params) -> Workbook:
    """The form as it is filled now; each row keeps its record's id in a hidden column."""
    found = _list(actor, params)
    if found is None:
        raise WrongState(_("This no longer exists."))
    return sheet_form(SHEET, lines_of(found), row_id=lambda line: str(line.public_id), spare_rows=0)


def _back(params: Params) -> str:
    return f"{reverse('hookups:lists')}{params['list']}/" if params.get("list") else reverse("hookups:lists")


def importer() -> Importer:
    return Importer(
        kind=KIND,
        title=gettext_lazy("Import persons into the hookup list"),
        apply=apply,
        refuse=refuse,
        sheet=SHEET,
        check_rows=check_rows,
        template=template,
        explanation=gettext_lazy(
            "Download the filing form, fill in the persons, upload it. Nothing is written before you confirm the preview."
        ),
        params=("list",),
        back_url=_back,
        max_rows=2000,
        button=lambda params, n: ngettext("Enter %(n)s person", "Enter %(n)s persons", n) % {"n": n},
        told=lambda params, result: _("{n} lines of the list have been changed; it is not filed yet.").format(
            n=result.get("lines", 0)
        ),
    )  # fmt: skip
