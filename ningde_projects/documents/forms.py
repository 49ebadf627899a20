"""The two forms that take files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ningde_projects.shell.forms import NamedErrors

from .refusals import FileRefused
from .uploads import ENDINGS


def refusal_text(refused: FileRefused) -> str:
    """Rule and way out as one text for the field."""
    return _("{rule}. {way_out}").format(rule=refused.rule, way_out=refused.way_out)


class ImportForm(NamedErrors, forms.Form):
    """Accepts .xlsx, and .csv where the importer takes it; what is in the file is checked after this."""

    file = forms.FileField(label=gettext_lazy("Filled table"), allow_empty_file=True, max_length=None)

    def __init__(self, *args: Any, takes_csv: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv" if takes_csv else ".xlsx"


class AttachmentForm(NamedErrors, forms.Form):
    """One file and the declaration about it (涉密不上网, settled point 16)."""

    file = forms.FileField(
        label=pgettext_lazy("upload", "File"),
        allow_empty_file=True,
        max_length=None,
        help_text=gettext_lazy("PDF, JPG, PNG, Excel (.xlsx) or Word (.docx), at most 20 MB."),
    )
    declared = forms.BooleanField(
        label=gettext_lazy("I declare that this file holds no state secrets."),
        error_messages={
            "required": gettext_lazy(
                "Confirm that the file holds no state secrets: secret files must not be put on this network."
            )
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared"].error_messages["required"] = AttachmentForm.base_fields[
            "declared"
        ].error_messages["required"]
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{ending}" for ending in ENDINGS)
        self.fields["file"].widget.attrs["data-shrink"] = ""
