"""What is typed about offices, accounts, duties and delegations; the rules themselves are the services'."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.notices.channels import refusal_of
from ningde_projects.notices.models import Channel
from ningde_projects.shell.forms import NamedErrors

from .actor import Actor
from .duties import Duty, OrgKind
from .models import Assignment, Industry, Organisation, Place, Rank, User
from .policies import bureau_places


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def _reason(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text
    )


def _version() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


if TYPE_CHECKING:
    _People = forms.ModelChoiceField[User]
    _Duties = forms.ModelChoiceField[Assignment]
    _Offices = forms.ModelChoiceField[Organisation]
else:
    _People = _Duties = _Offices = forms.ModelChoiceField


class PersonChoice(_People):
    """Name, position and office, so that two of one name are told apart."""

    def label_from_instance(self, obj: User) -> str:
        return " · ".join(filter(None, (obj.name, obj.title, obj.organisation.short_name)))


class DutyChoice(_Duties):
    def label_from_instance(self, obj: Assignment) -> str:
        return f"{Duty(obj.duty).label} · {obj.organisation.short_name}"


CHAT = ("chat_channel", "chat_address", "chat_secret")


class OrganisationForm(NamedErrors, forms.Form):
    """Facts of an organisation; name, kind and place only when it is entered."""

    version = _version()
    name = forms.CharField(label=_("Full name"), max_length=80, help_text=_("As on the seal."))
    short_name = forms.CharField(label=_("Short name"), max_length=30, help_text=_("As it stands in lists."))
    kind = forms.ChoiceField(label=pgettext_lazy("organisation", "Kind"), choices=OrgKind.choices)
    place = forms.ModelChoiceField(Place.objects.all(), label=_("Place"), empty_label=_("Please choose"))
    parent = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Parent organisation"), required=False, empty_label=_("None")
    )
    industries = forms.ModelMultipleChoiceField(
        Industry.objects.all(), label=_("Industries"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Industries whose projects this department leads."),
    )  # fmt: skip
    is_factor_department = forms.BooleanField(
        label=_("Factor-supply department (land, forest, sea, money …)"), required=False
    )
    is_municipal_enterprise = forms.BooleanField(label=_("Municipal state-owned enterprise"), required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        required=False,
        help_text=_("18 figures and letters."),
    )
    email = forms.EmailField(label=_("E-mail of the office"), required=False)
    chat_channel = forms.ChoiceField(
        label=_("Group chat"), required=False,
        help_text=_("Gets one message a day with titles and numbers, no contents."),
        choices=[("", _("None")), *((c.value, c.label) for c in Channel if c != Channel.EMAIL)],
    )  # fmt: skip
    chat_address = forms.CharField(
        label=_("Address of the group's robot"), max_length=300, required=False, widget=forms.PasswordInput,
        help_text=_("Kept secret and not shown again; leave empty to keep it."),
    )  # fmt: skip
    chat_secret = forms.CharField(
        label=_("Signing secret of the robot"), max_length=100, required=False, widget=forms.PasswordInput,
        help_text=_("Kept secret and not shown again; leave empty to keep it."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, organisation: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._organisation = organisation
        if organisation is None or not actor.has(Duty.ADMIN_SYSTEM):
            for name in CHAT:
                del self.fields[name]
        parents = Organisation.objects.filter(is_active=True).select_related("place")
        if organisation is not None:
            for name in ("name", "short_name", "kind", "place"):
                del self.fields[name]
            parents = parents.exclude(pk=organisation.pk)
        kind = organisation.kind if organisation else ""
        if not actor.has(Duty.ADMIN_SYSTEM):
            kind = OrgKind.OWNER
            if organisation is None:
                cast(forms.ChoiceField, self.fields["kind"]).choices = [(kind, OrgKind(kind).label)]
                places = cast("forms.ModelChoiceField[Place]", self.fields["place"])
                places.queryset = Place.objects.filter(pk__in=bureau_places(actor))
                places.initial = places.queryset.first()
            parents = parents.filter(place__in=bureau_places(actor))
        if kind in (OrgKind.OWNER, OrgKind.PARTICIPANT):
            del self.fields["industries"], self.fields["is_factor_department"]
        elif kind:
            del self.fields["is_municipal_enterprise"], self.fields["credit_code"]
        cast("forms.ModelChoiceField[Organisation]", self.fields["parent"]).queryset = parents.order_by(
            "place__order", "order", "name"
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "chat_channel" not in self.fields or not found.get("chat_channel"):
            return found
        address = str(found.get("chat_address", "")).strip()
        known = self._organisation.chat_address if self._organisation else ""
        if not address and not known:
            self.add_error("chat_address", _("A group chat needs the address that its robot was given."))
        elif address and refusal_of(address):
            self.add_error("chat_address", _(
                "The address must begin with https:// and lead to a host that the operator has allowed (OUTBOUND_HOSTS)."
            ))  # fmt: skip
        return found

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).strip().upper()


class RenameForm(NamedErrors, forms.Form):
    version = _version()
    name = forms.CharField(label=_("New full name"), max_length=80)
    short_name = forms.CharField(label=_("New short name"), max_length=30)
    reason = _reason(_("For example the document that renames the office."))


class PersonForm(NamedErrors, forms.Form):
    """What is known of a person."""

    version = _version()
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=30)
    section = forms.CharField(label=_("Section"), max_length=40, required=False)
    title = forms.CharField(label=_("Position"), max_length=40, required=False)
    rank = forms.ChoiceField(
        label=pgettext_lazy("person", "Rank"), choices=[("", _("Not stated")), *[c for c in Rank.choices if c[0]]],
        required=False, help_text=_("Measure 3 asks for the rank of responsible leaders and direct persons."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        help_text=_("Others see it masked, as 138****2071."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("Account name"), max_length=30,
        help_text=_("Small letters, figures and underscore, for example xp_fgj_huang. Never given to a second person."),
    )  # fmt: skip
    field_order = ("version", "username", "name", "section", "title", "rank", "phone", "email")


class CloseAccountForm(NamedErrors, forms.Form):
    version = _version()
    successor = PersonChoice(
        User.objects.none(), label=_("Successor"), required=False, empty_label=_("Nobody"),
        help_text=_("Takes over everything that lies with this person; needed while something does."),
    )  # fmt: skip
    reason = _reason(_("For example: transferred, retired."))

    def __init__(self, *args: Any, successors: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PersonChoice, self.fields["successor"]).queryset = successors.select_related("organisation")


class OfficeChoice(_Offices):
    def label_from_instance(self, obj: Organisation) -> str:
        return f"{obj.place.short_name} · {obj.name}"


class MoveForm(CloseAccountForm):
    """To which office; the successor is asked for while something lies with the person."""

    organisation = OfficeChoice(
        Organisation.objects.none(), label=_("New office"), empty_label=_("Please choose")
    )
    section = forms.CharField(label=_("Section in the new office"), max_length=40, required=False)
    title = forms.CharField(label=_("Position in the new office"), max_length=40, required=False)
    reason = _reason(_("For example the document of the transfer."))
    field_order = ("version", "organisation", "section", "title", "successor", "reason")

    def __init__(
        self, *args: Any, offices: QuerySet[Organisation], asks_successor: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(OfficeChoice, self.fields["organisation"]).queryset = offices
        if not asks_successor:
            del self.fields["successor"]


class HandOverForm(NamedErrors, forms.Form):
    successor = PersonChoice(User.objects.none(), label=_("Successor"), empty_label=_("Please choose"))
    reason = _reason()

    def __init__(self, *args: Any, successors: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PersonChoice, self.fields["successor"]).queryset = successors.select_related("organisation")


class GrantForm(NamedErrors, forms.Form):
    duty = forms.ChoiceField(label=pgettext_lazy("grant", "Duty"))
    last_day = _date(_("Until (included)"), required=False, help_text=_("Empty: until it is revoked."))
    reason = _reason(_("For example the document of appointment."))

    def __init__(self, *args: Any, duties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["duty"]).choices = [("", _("Please choose")), *duties]


class DelegationForm(NamedErrors, forms.Form):
    """For one's own duties, or (by the security administrator) for those of a person already chosen."""

    assignment = DutyChoice(
        Assignment.objects.none(), label=_("Duty to act in"), empty_label=_("Please choose")
    )
    deputy = PersonChoice(User.objects.none(), label=_("Who acts"), empty_label=_("Please choose"))
    first_day = _date(_("From (included)"))
    last_day = _date(_("Until (included)"), help_text=_("At most 90 days, both included."))
    reason = _reason(_("For example: on leave, on a journey."))

    def __init__(
        self, *args: Any, duties: QuerySet[Assignment], deputies: QuerySet[User], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = cast(DutyChoice, self.fields["assignment"])
        own.queryset = duties
        cast(PersonChoice, self.fields["deputy"]).queryset = deputies
        self.fields["first_day"].initial = today
        self.fields["last_day"].initial = today + timedelta(days=6)
        only = list(duties[:2])
        if len(only) == 1:
            own.initial = only[0]
