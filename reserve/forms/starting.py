"""Beginning an application: for which office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.models import Organisation
from ningde_projects.shell.forms import NamedErrors


class StartForm(NamedErrors, forms.Form):
    office = forms.ChoiceField(label=_("Applicant office"))

    def __init__(self, *args: Any, offices: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offices = {str(office.public_id): office for office in offices}
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(key, office.name) for key, office in self._offices.items()]
        if len(offices) == 1:
            # The only office needs no choosing.
            field.disabled = True
            self.initial["office"] = str(offices[0].public_id)

    def chosen(self) -> Organisation:
        return self._offices[str(self.cleaned_data["office"])]
