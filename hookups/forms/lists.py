"""Forms of the hookup lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.models import User
from ningde_projects.shell.forms import NamedErrors

from ..selectors.pages import person_label


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # a type for the checker only
    """A person by public id, shown with office, position and rank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), to_field_name="public_id", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return person_label(obj)


def offer(field: forms.Field, people: list[User]) -> None:
    """Only these persons can be chosen."""
    assert isinstance(field, PersonChoice)  # noqa: S101
    field.queryset = User.objects.filter(pk__in=[u.pk for u in people]).select_related("organisation")


class LineForm(NamedErrors, forms.Form):
    """The person of one line; empty takes the name out."""

    user = PersonChoice(label=pgettext_lazy("post", "Person"), required=False)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["user"], people)


class ChangeForm(NamedErrors, forms.Form):
    """Another person for a post in the year: who, from which day, why."""

    user = PersonChoice(label=_("New person"))
    effective_on = forms.DateField(
        label=_("Effective from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["user"], people)


class PickForm(NamedErrors, forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class HeadForm(NamedErrors, forms.Form):
    """Who heads a county's party committee or government, and since when."""

    user = PersonChoice(label=pgettext_lazy("post", "Person"))
    since = forms.DateField(
        label=pgettext_lazy("start of a term", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["user"], people)
