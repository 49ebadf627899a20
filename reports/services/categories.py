"""Categories of problems as dated data (point 10): added, ended, followed by a new version; never edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.services.thresholds import earliest_month, setting_right
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import Category

MACHINE = "category"
FACTS = ("name", "help", "factor_department", "order")


def add(
    code: str, facts: Mapping[str, Any], valid_from: Month, reason: str, *, by: Actor, at: datetime
) -> Category:
    """A new category from a reporting month on. Raises NotAllowed, RuleBroken."""
    holder = _held(by)
    _need_reason(reason)
    with transaction.atomic():
        _check(code, facts, valid_from, at)
        if Category.objects.filter(code=code).exists():
            raise RuleBroken(
                _("The code {code} is used already (ended ones count); choose another.").format(code=code),
                field="code",
            )
        row = _create(code, facts, valid_from)
        _log("added", row, by, at, holder, reason, before=None, after=_facts(row))
    return row


def replace(
    category: Category, facts: Mapping[str, Any], valid_from: Month, reason: str,
    *, by: Actor, at: datetime, version: int | None = None,
) -> Category:  # fmt: skip
    """The next version under the same code; the one before ends the month before. Problems keep what they were filed
    under. A category that has ended is taken up again like this.
    """
    holder = _held(by)
    _need_reason(reason)
    with transaction.atomic():
        old = _locked(category, version)
        if Category.objects.filter(code=old.code, valid_from__gt=old.valid_from).exists():
            raise WrongState(_("This category has a newer version; begin from that one."))
        last = old.valid_to if _ends(old) else old.valid_from
        if valid_from <= last:
            raise RuleBroken(
                _("The new version has to begin after the old one ({month}).").format(month=last),
                field="valid_from",
            )
        _check(old.code, facts, valid_from, at)
        before = _facts(old)
        if not _ends(old):
            old.valid_to, old.version = valid_from.previous, old.version + 1
            old.save()
            _log("ended", old, by, at, holder, reason, before=before, after=_facts(old))
        row = _create(old.code, facts, valid_from)
        _log("replaced", row, by, at, holder, reason, before=before, after=_facts(row))
    return row


def end(
    category: Category, last_month: Month, reason: str, *, by: Actor, at: datetime, version: int | None = None
) -> Category:
    """No new problem is filed under it after this month. Raises NotAllowed, RuleBroken, StaleVersion, WrongState."""
    holder = _held(by)
    _need_reason(reason)
    with transaction.atomic():
        row = _locked(category, version)
        if _ends(row):
            raise WrongState(_("This category ends already."))
        if last_month < reporting_month(at) or last_month < row.valid_from:
            raise RuleBroken(
                _("Not before {month}: owners are filing under it.").format(
                    month=max(reporting_month(at), row.valid_from)
                ),
                field="valid_to",
            )
        if not Category.objects.exclude(code=row.code).filter(valid_to__isnull=True).exists():
            raise RuleBroken(_("This is the last category; add another one first."))
        before = _facts(row)
        row.valid_to, row.version = last_month, row.version + 1
        row.save()
        _log("ended", row, by, at, holder, reason, before=before, after=_facts(row))
    return row


def _check(code: str, facts: Mapping[str, Any], valid_from: Month, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if not (code.isascii() and code.isalnum() and 1 <= len(code) <= 4):
        errors["code"] = [_("1 to 4 figures or letters, for example 10.")]
    if not str(facts.get("name", "")).strip():
        errors["name"] = [_("Please fill in the name.")]
    if valid_from < earliest_month(at):
        errors["valid_from"] = [
            _("Not before {month}: months that are being reported or are over keep their rules.").format(
                month=earliest_month(at)
            )
        ]
    department = facts.get("factor_department")
    if department is not None and department.kind not in (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION):
        errors["factor_department"] = [_("Choose a municipal department.")]
    if errors:
        raise RuleBroken(_("Please correct what is marked."), errors=errors)


def _create(code: str, facts: Mapping[str, Any], valid_from: Month) -> Category:
    """The database refuses a second version of one month, should two people enter it at once."""
    try:
        with transaction.atomic():
            return Category.objects.create(
                code=code, valid_from=valid_from, **{name: facts[name] for name in FACTS if name in facts}
            )
    except IntegrityError as error:
        raise StaleVersion(
            _("Someone else changed this while you had it open. Compare, then try again.")
        ) from error


def _locked(category: Category, version: int | None) -> Category:
    row = Category.objects.select_for_update().get(pk=category.pk)
    if version is not None and version != row.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
    return row


def _ends(row: Category) -> bool:
    """The column is typed as always filled; it is empty for a category that goes on."""
    return bool(row.valid_to)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("A reason is required."), field="reason")


def _held(by: Actor) -> Held:
    right = setting_right(by)
    if isinstance(right, NotAllowed):
        raise right
    return right


def _facts(row: Category) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "help": row.help,
        "factor_department": str(row.factor_department or ""),
        "valid_from": str(row.valid_from),
        "valid_to": str(row.valid_to or ""),
    }


def _log(
    name: str, row: Category, by: Actor, at: datetime, holder: Held, reason: str, *, before: Any, after: Any
) -> None:
    record(
        MACHINE, name, by=by, at=at, obj=row, holder=holder, reason=reason.strip(), text=f"{row.code} {row.name}",
        data={"before": before, "after": after},
    )  # fmt: skip
