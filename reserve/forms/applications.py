"""《项目储备申报表》 as a form (facts.md §2.4), and the typed values of its draft."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.models import Industry, Organisation, Place
from ningde_projects.periods.month import Month
from ningde_projects.projects.forms import MUNICIPAL_KINDS, CodeField, say_blank
from ningde_projects.projects.models import InvestmentKind
from ningde_projects.projects.rules import Question, read_project_code, total_questions
from ningde_projects.shell.forms import MoneyField

from ..models import FundingSource
from ..rules.applications import start_questions
from .fields import Text
from .record import ReserveFacts

Raw = Mapping[str, Any]
#: The grid of the sources as one thing to correct.
FUNDING = "funding"
_LISTS = frozenset({"directions", "push_targets"})
#: A draft is larger than this only when somebody sends nonsense.
MAX_VALUE = 20_000


class ApplicationForm(ReserveFacts):
    """Everything that the application asks for. `office` is the applicant: what it is itself it cannot change."""

    name = Text(label=gettext_lazy("Project name"), max_length=120)
    code = CodeField(
        label=gettext_lazy("National project code"), required=False, max_length=24,
        help_text=gettext_lazy("For example 2403-350902-04-01-123456; empty until approved."),
    )  # fmt: skip
    place = forms.ModelChoiceField(Place.objects.all(), label=gettext_lazy("County"), to_field_name="code")
    township = Text(label=gettext_lazy("Township"), max_length=60, required=False)
    industry = forms.ModelChoiceField(
        Industry.objects.all(), label=gettext_lazy("Industry"), to_field_name="code"
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Owner"), to_field_name="public_id"
    )
    municipal_department = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Municipal industry department"),
        to_field_name="public_id", required=False,
    )  # fmt: skip
    county_department = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("County industry department"),
        to_field_name="public_id", required=False,
        help_text=gettext_lazy("Left empty, it follows from county and industry."),
    )  # fmt: skip
    investment_kind = forms.ChoiceField(
        label=gettext_lazy("Investment kind"), choices=[c for c in InvestmentKind.choices if c[0]],
        widget=forms.RadioSelect,
    )  # fmt: skip
    content = Text(
        label=gettext_lazy("Content and scale"), max_length=5000, rows=4,
        help_text=gettext_lazy("With figures: area, length, capacity. “Normal buildings” says nothing."),
    )  # fmt: skip
    total_investment = MoneyField(label=gettext_lazy("Total investment"))
    contact = Text(label=gettext_lazy("Contact person"), max_length=30)
    contact_phone = Text(label=gettext_lazy("Telephone"), max_length=20)
    confirm = forms.BooleanField(label=gettext_lazy("Questions to answer"), required=False)

    #: As they stand on the page: errors are listed in this order.
    field_order = (
        "name", "code", "place", "township", "industry", "content", "owner", "investment_kind",
        "county_department", "municipal_department", "contact", "contact_phone", "nature", "total_investment",
    )  # fmt: skip

    def __init__(self, *args: Any, office: Organisation, now: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.now = office, now
        self.questions: list[Question] = []
        self.funding_asked = False
        offices = Organisation.objects.filter(is_active=True).select_related("place")
        self._offer("owner", _owners(offices, office))
        self._offer("municipal_department", offices.filter(kind__in=MUNICIPAL_KINDS))
        self._offer("county_department", offices.filter(kind=OrgKind.COUNTY_DEPARTMENT))
        self._fix_own()
        say_blank(self)

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = rows

    def _fix_own(self) -> None:
        """What the applicant office is itself stands fixed."""
        kind, fixed = self.office.kind, dict[str, Any]()
        if kind == OrgKind.OWNER:
            fixed["owner"] = self.office
            if not self.office.place.is_municipal:
                self.initial.setdefault("place", self.office.place.code)  # where it mostly builds
        elif kind == OrgKind.MUNICIPAL_DEPARTMENT:
            fixed["municipal_department"] = self.office
        else:
            fixed["place"] = self.office.place
            if kind == OrgKind.COUNTY_DEPARTMENT:
                fixed["county_department"] = self.office
        for name, value in fixed.items():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Your own office.") if name != "place" else _("Your own county.")
            self.initial[name] = value.code if name == "place" else value.public_id

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("code") and (wrong := read_project_code(data["code"]).error):
            self.add_error("code", str(wrong))
        self._settle_departments()
        if not self.errors:
            self.questions = [
                *total_questions(data["total_investment"], None, Decimal(1)),
                *self.check_money(data["total_investment"]),
                *start_questions(data["planned_start"], self.now),
            ]
        return data

    def _settle_departments(self) -> None:
        """Departments that are left empty follow from place and industry, when exactly one fits."""
        data = self.cleaned_data
        place, industry = data.get("place"), data.get("industry")
        if not place or not industry:
            return
        for name, kind in (("county_department", OrgKind.COUNTY_DEPARTMENT),
                           ("municipal_department", OrgKind.MUNICIPAL_DEPARTMENT)):  # fmt: skip
            if data.get(name) or name in self.errors or (place.is_municipal and name == "county_department"):
                continue
            fitting = Organisation.objects.filter(is_active=True, kind=kind, industries=industry)
            if kind == OrgKind.COUNTY_DEPARTMENT:
                fitting = fitting.filter(place=place)
            rows = list(fitting[:2])
            data[name] = rows[0] if len(rows) == 1 else None
        chosen = data.get("county_department")
        if place.is_municipal and chosen:
            self.add_error(
                "county_department", _("A project of the municipal level has no county department.")
            )
        elif chosen and chosen.place_id != place.pk:
            self.add_error(
                "county_department",
                _("{name} belongs to another county than the project.").format(name=chosen.name),
            )
        needed = "municipal_department" if place.is_municipal else "county_department"
        if not (data.get(needed) or (data.get("municipal_department"))) and needed not in self.errors:
            self.add_error(needed, _("Choose the industry department: it reviews for the industry side."))

    def mark(self, names: list[str]) -> None:
        """The fields that a return names: said at each of them (shell/inc/field_notes.html)."""
        for name in names:
            if name in self.fields:
                setattr(self.fields[name], "asked", True)  # noqa: B010 - no field of Django knows it
        self.funding_asked = FUNDING in names or any(name.startswith("fund_") for name in names)

    def project_facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("name", "code", "place", "township", "industry", "owner", "municipal_department",
                 "county_department", "investment_kind", "total_investment", "content")  # fmt: skip
        return {name: data[name] for name in names} | {
            "start_year": data["planned_start"].year,
            "end_year": data["planned_completion"].year,
        }


def _owners(offices: QuerySet[Any], office: Organisation) -> QuerySet[Any]:
    """An owner files for itself; a county's offices are offered its own owners and those of the city."""
    rows = offices.filter(kind=OrgKind.OWNER)
    if office.kind == OrgKind.OWNER:
        return rows.filter(pk=office.pk)
    if office.kind in (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_DEPARTMENT):
        rows = rows.filter(
            Q(place=office.place_id)
            | Q(is_municipal_enterprise=True)
            | Q(owned_projects__place=office.place_id)
        ).distinct()
    return rows


def raw_of(data: QueryDict) -> dict[str, Any]:
    """The typed values of the form's own fields, as typed."""
    names = form_names()
    found: dict[str, Any] = {}
    for name in data:
        if name in _LISTS:
            found[name] = [v[:40].replace("\0", "") for v in data.getlist(name)[:20]]
        elif name in names:
            found[name] = str(data[name])[:MAX_VALUE].replace("\0", "")
    return found


def form_names() -> frozenset[str]:
    return frozenset(ApplicationForm.base_fields) | _fund_names()


def _fund_names() -> frozenset[str]:
    return frozenset(f"{part}_{source}" for source in FundingSource for part in ("fund", "settled"))


def bound(raw: Raw, office: Organisation, now: Month) -> ApplicationForm:
    """The form over typed values, with its errors."""
    data = QueryDict(mutable=True)
    for name, value in raw.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return ApplicationForm(data, office=office, now=now)


def unbound(raw: Raw, office: Organisation, now: Month) -> ApplicationForm:
    """The same without errors: a draft that is still being written."""
    return ApplicationForm(initial=dict(raw), office=office, now=now)


def fields_title(names: list[str]) -> list[str]:
    """The words of named fields, for a return and its reading."""
    known = field_labels()
    return [known[name] for name in names if name in known]


def field_labels() -> dict[str, str]:
    """What a return can name, by its words; the sources of the funds are one."""
    fields = ApplicationForm.base_fields
    names = dict.fromkeys([*ApplicationForm.field_order, *fields])
    found = {name: str(fields[name].label) for name in names if name != "confirm"}
    return found | {FUNDING: _("Funding sources")}
