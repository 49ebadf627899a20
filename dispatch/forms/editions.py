"""What sealing asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ningde_projects.shell.forms import NamedErrors


class SealForm(NamedErrors, forms.Form):
    """How many editions the page showed, and the reason that an erratum must carry."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=9999, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_reason:
            self.fields["reason"].required = True
