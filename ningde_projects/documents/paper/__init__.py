"""The official paper forms (附件1, 附件2 …) as data: one layout draws the sheet and reads it back."""

from .layout import Layout, LayoutError, bundled, bundled_versions
from .marks import FormMark, Subject
from .read import FieldValue, ParsedForm, read_form
from .render import Form, Stamp, render_form, render_forms

__all__ = [
    "FieldValue",
    "Form",
    "FormMark",
    "Layout",
    "LayoutError",
    "ParsedForm",
    "Stamp",
    "Subject",
    "bundled",
    "bundled_versions",
    "read_form",
    "render_form",
    "render_forms",
]
