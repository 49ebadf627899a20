"""One row of an imported table on its way to an item of the plan, by the register's own rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ningde_projects.documents.imports import Change, ImportPlan, Params, PlanItem
from ningde_projects.documents.rows import ParsedRow
from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.basics import MUNICIPAL
from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.workflow.refusals import NotAllowed

from .. import policies, published
from ..models import Management, Project
from ..record import field_title, shown_value
from ..rules import plan_questions, read_project_code, total_questions
from ..services import register
from ..services.changes import kept
from .books import Books

_PLAIN = ("name", "township", "level", "stage", "management", "investment_kind", "total_investment", "annual_goal",
          "start_year", "end_year", "content")  # fmt: skip


def check_rows(rows: Sequence[ParsedRow], actor: Actor, at: datetime, params: Params) -> ImportPlan:
    """The whole plan with all findings."""
    books, plan = Books(actor, at), ImportPlan()
    for row in rows:
        item = _Row(row, books, plan).check()
        if item:
            plan.items.append(item)
    return plan


class _Row:
    """One row on its way to a plan item."""

    def __init__(self, row: ParsedRow, books: Books, plan: ImportPlan) -> None:
        self.row, self.books, self.plan = row, books, plan
        self.failures = 0

    def is_wrong(self) -> bool:
        return self.failures > 0

    def error(self, key: str, rule: str, way_out: str) -> None:
        self.failures += 1
        self.plan.errors.append(self.row.error(key, rule, way_out))

    def question(self, key: str, text: str) -> None:
        self.plan.errors.append(self.row.question(key, text, _("If it is right, go on.")))

    def check(self) -> PlanItem | None:
        place = self.books.places.get(self.row.get("place") or "")
        name, code = self.row.get("name"), self._code()
        if place is None or not name or self.is_wrong():
            return None
        known = self._known(place, name, code)
        holder = self._holder(place, known)
        if holder is None or self._twice(place, name, code):
            return None
        facts = self._facts(place, known, code)
        self._only_what_he_decides(facts, holder, known)
        if self.is_wrong():
            return None
        return self._plan(facts, known, holder)

    def _code(self) -> str:
        code = (self.row.get("code") or "").replace(" ", "").replace("－", "-").replace("—", "-")
        if code:
            reading = read_project_code(code)
            if reading.error:
                self.error(
                    "code", str(reading.error), _("Correct the code, or leave it empty until it is known.")
                )
            for warning in reading.warnings:
                self.question("code", str(warning))
        return code

    def _known(self, place: Place, name: str, code: str) -> Project | None:
        by_code = self.books.by_code.get(code) if code else None
        by_name = self.books.by_name.get((place.pk, name))
        if by_code and by_name and by_code.pk != by_name.pk:
            self.error(
                "code", _("Code and name belong to two different projects"), _("Correct one of the two.")
            )
        if by_code and by_code.place_id != place.pk:
            self.error(
                "code", _("This code belongs to another project in the register"),
                _("Check the code and the county, or ask the commission."),
            )  # fmt: skip
        return by_code or by_name

    def _holder(self, place: Place, known: Project | None) -> Held | None:
        if known:
            right = policies.editing_right(self.books.actor, known)
        else:
            right = policies.creating_right(self.books.actor, place.pk)
        if isinstance(right, NotAllowed):
            self.error("place", str(right), _("Take the row out."))
            return None
        return None if self.is_wrong() else right

    def _twice(self, place: Place, name: str, code: str) -> bool:
        first = self.books.seen.setdefault((place.pk, name), self.row.row)
        if first != self.row.row:
            self.error(
                "name",
                _("The same project stands in row {row}").format(row=first),
                _("Delete one of the rows."),
            )
        if code and (first := self.books.seen_codes.setdefault(code, self.row.row)) != self.row.row:
            self.error(
                "code", _("The same code stands in row {row}").format(row=first), _("Correct one of the two.")
            )
        return self.is_wrong()

    def _facts(self, place: Place, known: Project | None, code: str) -> dict[str, Any]:
        """The fields that the row states; an empty cell states nothing."""
        facts: dict[str, Any] = {"place": place} if known is None else {}
        if code:
            facts["code"] = code
        facts |= {name: self.row.get(name) for name in _PLAIN if self.row.get(name) is not None}
        if self.row.get("industry"):
            facts["industry"] = self.books.industries[self.row.get("industry")]
        self._office("owner", (OrgKind.OWNER,), place, facts)
        self._office("municipal_department", (OrgKind.MUNICIPAL_DEPARTMENT, OrgKind.COMMISSION), place, facts)
        self._office("county_department", (OrgKind.COUNTY_DEPARTMENT,), place, facts)
        if known is None:
            self._first_values(facts, place)
        return facts

    def _office(self, key: str, kinds: tuple[str, ...], place: Place, facts: dict[str, Any]) -> None:
        name = self.row.get(key)
        if not name:
            return
        office = self.books.office(name, kinds, place)
        if office is not None:
            facts[key] = office
        elif key == "owner":
            facts[key] = name
            self.question(
                "owner",
                _("“{name}” is not in the system yet and will be entered as an owner").format(name=name),
            )
        else:
            self.error(
                key, _("There is no such office: {name}").format(name=name[:40]), _("Write its full name.")
            )

    def _first_values(self, facts: dict[str, Any], place: Place) -> None:
        """What a new project gets where the row says nothing: managed by its place, departments by industry."""
        facts.setdefault("management", Management.MUNICIPAL if place.is_municipal else Management.COUNTY)
        facts.setdefault("level", "other")
        facts.setdefault("stage", "planning")
        industry = facts.get("industry")
        if industry is None:
            return
        key = published.city_department(industry.name, facts["name"])
        city = self.books.keyed.get((MUNICIPAL, key))
        if city:
            facts.setdefault("municipal_department", city)
        county = self.books.keyed.get((place.code, published.county_department(industry.name, facts["name"])))
        if county and facts["management"] == Management.COUNTY:
            facts.setdefault("county_department", county)

    def _only_what_he_decides(self, facts: dict[str, Any], holder: Held, known: Project | None) -> None:
        for name, reason in policies.frozen_fields(holder, known).items():
            if name not in facts or name == "place":
                continue
            usual = {"level": "other", "management": Management.COUNTY}.get(name)
            if kept(facts[name]) == kept(getattr(known, name) if known else usual):
                facts.pop(name)
            elif name == "code" and known and not known.code:
                continue
            else:
                self.error(name, reason, _("Leave the cell empty."))
        if "stage" in facts:
            refused = policies.stage_refusal(holder, known.stage if known else "planning", facts["stage"])
            if refused:
                self.error("stage", refused, _("Leave the cell empty."))

    def _plan(self, facts: dict[str, Any], known: Project | None, holder: Held) -> PlanItem | None:
        before = {name: kept(getattr(known, name)) if known else None for name in facts}
        changed = {name: value for name, value in facts.items() if before[name] != kept(value)}
        self._rules(facts, known)
        year_plan = self._year_plan(facts, known)
        if self.is_wrong():
            return None
        told = [
            Change(field_title(name), shown_value(name, before[name]), shown_value(name, kept(value)))
            for name, value in changed.items()
        ]
        if year_plan:
            told.append(
                Change(_("Plan of {year}").format(year=year_plan[0]), year_plan[2], f"{year_plan[1]:,.2f}")
            )
        action: Any = "create" if known is None else "update" if told else "unchanged"
        return PlanItem(
            action, self.row.get("name"), self.row.sheet, self.row.row, tuple(told),
            {"project": known.pk if known else None, "version": known.version if known else 0,
             "facts": facts if known is None else changed, "plan": year_plan[:2] if year_plan else None,
             "place": self.row.get("place")},
        )  # fmt: skip

    def _rules(self, facts: dict[str, Any], known: Project | None) -> None:
        """The register's rules on what the record would be; a new owner is no office yet."""
        candidate = Project() if known is None else _copy(known)
        for name, value in facts.items():
            if name != "owner" or isinstance(value, Organisation):
                setattr(candidate, name, value)
        for name, messages in register.errors_of(candidate).items():
            for message in messages:
                self.error(name, message, _("Correct the cell."))
        total = facts.get("total_investment")
        before = known.total_investment if known else None
        if total != before:
            for asked in total_questions(total, before, self.books.slip):
                self.question(asked.field, asked.text)
        if known is None:
            for other in self.books.alike(facts["place"], facts["name"], total)[:3]:
                self.question(
                    "name",
                    _("“{name}” is in the register already. Is it the same project?").format(name=other),
                )

    def _year_plan(self, facts: dict[str, Any], known: Project | None) -> tuple[int, Decimal, str] | None:
        """(year, sum, what was there) when the row states a plan that differs."""
        amount = self.row.get("year_plan")
        if amount is None:
            return None
        year = self.row.get("plan_year") or self.books.year
        now = self.books.plans.get((known.pk, year)) if known else None
        total = facts.get("total_investment", known.total_investment if known else None)
        for asked in plan_questions(amount, total):
            self.question("year_plan", asked.text)
        if now and now.investment == amount:
            return None
        return year, amount, f"{now.investment:,.2f}" if now and now.investment is not None else "—"


def _copy(project: Project) -> Project:
    twin = Project()
    for name in [f.attname for f in Project._meta.concrete_fields]:
        setattr(twin, name, getattr(project, name))
    return twin
