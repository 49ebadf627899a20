"""Forms of signing in and of one's own account. What is wrong with a sign-in is never told apart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.models import Channel
from ningde_projects.organizations.models import User

from .validators import LONGEST


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Account"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "placeholder": _("6 digits")}
        ),
    )


class NewPasswordForm(forms.Form):
    """The rules are asked by the service; this form only sees that both are the same."""

    new_password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("New password once more"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    @staticmethod
    def rules() -> list[str]:
        return password_validators_help_texts()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("new_password"), data.get("repeated")
        if first and second and first != second:
            self.add_error("repeated", _("The two are not the same."))
        return data


class _OwnPassword(forms.Form):
    password = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    field_order = ("password", "new_password", "repeated")
    password = _OwnPassword.base_fields["password"]


class ConfirmForm(_OwnPassword):
    """One's own password once more, before something that opens or closes a door."""


class FactorForm(_OwnPassword):
    field_order = ("code", "password")
    code = forms.CharField(
        label=_("Code shown by the app"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "placeholder": _("6 digits")}
        ),
    )


class PreferencesForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    by_email = forms.BooleanField(label=_("Also tell me by e-mail"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    keys = forms.BooleanField(
        label=_("Single-key commands"),
        required=False,
        help_text=_("J and K for the rows, A to accept, R to return. They rest while you type."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by_email") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Give the address to which the messages shall go."))
        return data

    def channels(self, user: User) -> list[str]:
        """Other channels that the person has stay as they are."""
        others = [channel for channel in user.channels if channel != Channel.EMAIL]
        return [*others, *([Channel.EMAIL.value] if self.cleaned_data["by_email"] else [])]
