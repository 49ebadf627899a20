"""The form of a meeting: facts, the agenda as ticks with a line each, decisions as rows. Works without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.organizations.models import Organisation, User
from ningde_projects.projects.models import Project
from ningde_projects.shell.forms import NamedErrors

from ..models import Decision, Session
from ..selectors import picking
from ..services.decisions import DecisionContent
from ..services.meetings import Content
from ..workflow.meetings import OWED, DecisionStatus

#: Empty rows offered below the decisions that are there; saving offers as many again.
EXTRA = 2
NOTE_LENGTH = 500


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} {obj.title}".strip()


class PeopleChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation.short_name} {obj.name} {obj.title}".strip()


class FactsForm(NamedErrors, forms.Form):
    """Nothing is required here: a draft may lack anything, the record asks for what is missing."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    held_on = forms.DateField(
        label=gettext_lazy("Day"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    location = forms.CharField(label=pgettext_lazy("meeting", "Place held"), max_length=100, required=False)
    chair = PersonChoice(User.objects.none(), label=gettext_lazy("Held by"), required=False, empty_label="—")
    people = PeopleChoice(
        User.objects.none(), label=gettext_lazy("Participants with an account"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = forms.CharField(
        label=gettext_lazy("Other participants"), max_length=500, required=False,
        help_text=gettext_lazy("Names with their units, separated by commas."),
    )  # fmt: skip
    minutes = forms.CharField(
        label=gettext_lazy("Minutes"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What was reported, what was argued, what was agreed."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason of the correction"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class DecisionForm(NamedErrors, forms.Form):
    public_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What was decided"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Responsible unit"), required=False)
    person_text = forms.CharField(label=gettext_lazy("Responsible person"), max_length=30, required=False)
    due_on = forms.DateField(
        label=gettext_lazy("To be done by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    project = forms.ChoiceField(label=gettext_lazy("Project concerned"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    @property
    def is_blank(self) -> bool:
        """An empty row that was only offered."""
        data = getattr(self, "cleaned_data", {})
        return not any(data.get(name) for name in ("text", "unit", "due_on", "person_text", "project"))

    @property
    def is_locked(self) -> bool:
        return bool(self.fields["text"].disabled)


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    """Choices are asked for once for all rows; what is done already is shown and not changed."""

    units: list[Any]
    projects: list[Any]
    locked: frozenset[str]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["unit"].choices = self.units
        form.fields["project"].choices = self.projects
        if str(form.initial.get("public_id", "")) in self.locked:
            for field in form.fields.values():
                field.disabled = True


@dataclass
class Line:
    """A project that can be ticked."""

    project: Project
    ticked: bool
    note: str

    @property
    def key(self) -> str:
        return self.project.public_id.hex


class MeetingSheet:
    """The whole form: unbound with what stands in the record, or bound to what was typed."""

    def __init__(
        self, kind: str, office: Organisation, at: datetime, *, session: Session | None = None,
        data: QueryDict | None = None, chair: User | None = None, ticked: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        self.kind, self.office, self.session = kind, office, session
        self.projects = list(picking.projects_for(kind, office, session))
        rows = self._decisions()
        self.form = FactsForm(data, initial=self._initial(chair))
        cast(Any, self.form.fields["chair"]).queryset = picking.leaders_of(kind, office, at, session)
        cast(Any, self.form.fields["people"]).queryset = picking.colleagues_of(kind, office, session)
        self.lines = sorted(self._lines(data, ticked), key=lambda line: not line.ticked)
        self.rows = self._formset(data, rows)

    def _initial(self, chair: User | None) -> dict[str, Any]:
        s = self.session
        if s is None:
            return {"chair": chair.pk if chair else None, "version": 0}
        return {
            "held_on": s.held_on, "location": s.location, "chair": s.chair_id, "others": s.others, "minutes": s.minutes,
            "people": list(s.people.values_list("pk", flat=True)), "version": s.version,
        }  # fmt: skip

    def _decisions(self) -> list[Decision]:
        if self.session is None:
            return []
        rows = self.session.decisions.exclude(status=DecisionStatus.CANCELLED)
        return list(rows.select_related("unit", "project"))

    def _lines(self, data: QueryDict | None, ticked: frozenset[int]) -> list[Line]:
        kept = dict(self.session.lines.values_list("project", "note")) if self.session else {}
        if data is None:
            return [Line(p, p.pk in kept or p.pk in ticked, kept.get(p.pk, "")) for p in self.projects]
        return [
            Line(
                p,
                f"on-{p.public_id.hex}" in data,
                data.get(f"note-{p.public_id.hex}", "").replace("\x00", ""),
            )
            for p in self.projects
        ]

    def _formset(self, data: QueryDict | None, rows: Sequence[Decision]) -> _Rows:
        initial = [
            {"public_id": r.public_id, "text": r.text, "unit": r.unit_id or "", "due_on": r.due_on,
             "person_text": r.person_text, "project": r.project.public_id.hex if r.project else ""}
            for r in rows
        ]  # fmt: skip
        kind = forms.formset_factory(DecisionForm, formset=_Rows, extra=EXTRA, max_num=100, validate_max=True)
        blank: list[tuple[Any, Any]] = [("", "—")]
        kind.units = [*blank, *picking.units_for(self.kind, self.office, self.projects)]  # type: ignore[attr-defined]
        kind.projects = [*blank, *((p.public_id.hex, p.name) for p in self.projects)]  # type: ignore[attr-defined]
        draft = self.session is None or self.session.status == "draft"
        kind.locked = frozenset(str(r.public_id) for r in rows if not draft and r.status not in OWED)  # type: ignore[attr-defined]
        return cast(_Rows, kind(data, initial=initial, prefix="d"))

    # ---- what was typed ----------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        """Readable; whether it is complete is asked when it is recorded."""
        fine = all([self.form.is_valid(), self.rows.is_valid()])
        for line in self.lines:
            if len(line.note) > NOTE_LENGTH:
                self.form.add_error(
                    None, _("{name}: at most {n} characters.").format(name=line.project.name, n=NOTE_LENGTH)
                )
                fine = False
        for number, row in enumerate(self.rows.forms, 1):
            data = getattr(row, "cleaned_data", {})
            if (
                data
                and not cast(DecisionForm, row).is_blank
                and not data.get("remove")
                and not data.get("text")
            ):
                row.add_error("text", _("Decision {n}: write what was decided.").format(n=number))
                fine = False
        return fine

    def content(self) -> Content:
        data = self.form.cleaned_data
        return Content(
            held_on=data["held_on"], location=data["location"], chair=data["chair"], people=list(data["people"]),
            others=data["others"], minutes=data["minutes"],
            lines=[(line.project, line.note) for line in self.lines if line.ticked],
            decisions=self._decided(),
        )  # fmt: skip

    def _decided(self) -> list[DecisionContent]:
        wanted = [
            row.cleaned_data for row in self.rows.forms
            if not cast(DecisionForm, row).is_blank and not row.cleaned_data.get("remove")
        ]  # fmt: skip
        units = Organisation.objects.in_bulk([int(d["unit"]) for d in wanted if d["unit"]])
        projects = {p.public_id.hex: p for p in self.projects}
        return [
            DecisionContent(
                text=d["text"], unit=units.get(int(d["unit"])) if d["unit"] else None, due_on=d["due_on"],
                person_text=d["person_text"], project=projects.get(d["project"]), public_id=d["public_id"],
            )
            for d in wanted
        ]  # fmt: skip

    @property
    def reason(self) -> str:
        return str(self.form.cleaned_data.get("reason") or "")

    @property
    def version(self) -> int | None:
        return self.form.cleaned_data.get("version")

    @property
    def ticked_words(self) -> SafeString:
        """The number that the page counts on while ticks are set."""
        return format_html("<b data-picked>{}</b>", sum(line.ticked for line in self.lines))
