"""How a form field is presented: classes, aria attributes, errors with the way to the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString

_CHECKS = (forms.CheckboxInput,)
_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
_SELECTS = (forms.Select,)
SEARCH_ABOVE = 12
"""Selects with more options than this get a search box (DESIGN §7)."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """``anchor`` is empty for an error of the whole form."""

    label: str
    message: str
    anchor: str


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, _GROUPS):
        return "group"
    if isinstance(widget, _CHECKS):
        return "check"
    if isinstance(widget, _SELECTS):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "hidden" if widget.is_hidden else "input"


def _choice_count(bound: BoundField) -> int:
    choices = getattr(bound.field, "choices", ())
    try:
        return len(choices)
    except TypeError:
        return sum(1 for _ in choices)


@dataclass(frozen=True, slots=True)
class Option:
    """One button of a group; ``hint`` is the small line under its words."""

    tag: BoundWidget
    hint: str


def options_of(bound: BoundField, look: str, attrs: dict[str, Any], hints: Mapping[str, Any]) -> list[Option]:
    """The buttons of a group, each with the house's class; in a segmented control the button itself is
    hidden.
    """
    known = {"id": bound.auto_id, "class": "" if look == "seg" else "form-check-input", **attrs}
    widget = bound.field.widget
    data = widget.subwidgets(bound.html_name, bound.value(), attrs=bound.build_widget_attrs(known, widget))
    return [
        Option(BoundWidget(widget, option, bound.form.renderer), str(hints.get(str(option["value"]), "")))
        for option in data
    ]


def _described_by(bound: BoundField, *, helped: bool) -> str:
    ids = [f"{bound.auto_id}_asked"] if getattr(bound.field, "asked", False) else []
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    if helped:
        ids.append(f"{bound.auto_id}_help")
    return " ".join(ids)


def control(
    bound: BoundField,
    *,
    help: str = "",
    num: bool = False,
    css: str = "",
    **attrs: Any,
) -> SafeString:
    """The control with the house's classes. Further keywords become attributes: ``hx_post`` → ``hx-post``."""
    kind = kind_of(bound)
    base = {"check": "form-check-input", "group": "form-check-input", "select": "form-select"}.get(
        kind, "form-control"
    )
    invalid = " is-invalid" if bound.errors and kind not in {"check", "group"} else ""
    own = bound.field.widget.attrs.get("class", "")
    known: dict[str, Any] = {
        "class": " ".join(filter(None, (base + invalid, "num" if num else "", css, own))),
    }
    if bound.errors:
        known["aria-invalid"] = "true"
    if described := _described_by(bound, helped=bool(help or bound.help_text)):
        known["aria-describedby"] = described
    if num:
        known.setdefault("inputmode", "decimal")
        known.setdefault("autocomplete", "off")
    if kind == "select" and _choice_count(bound) > SEARCH_ABOVE:
        known["data-search"] = ""
    known.update({key.replace("_", "-"): value for key, value in attrs.items()})
    return bound.as_widget(attrs=known)


def presented(
    bound: BoundField,
    *,
    col: str = "",
    label: str = "",
    help: str = "",
    unit: str = "",
    look: str = "",
    last: str = "",
    last_label: str = "",
    counter: int | None = None,
    optional: bool = False,
    needed: bool = False,
    hints: Mapping[str, Any] | None = None,
    **attrs: Any,
) -> dict[str, Any]:
    """Context of ``shell/inc/field.html``.

    ``look``: "seg" or "big" for radios. ``last``: what was filed last month, shown under the control.
    ``counter``: the limit to count characters against. ``optional``: say 选填 where most fields are
    required. ``needed``: say 必填 although a draft may leave it out. ``hints``: a line under each button.
    """
    if counter is not None:
        attrs["data_counter"] = str(counter)
    kind = kind_of(bound)
    return {
        "bound": bound,
        "kind": kind,
        "options": options_of(bound, look, attrs, hints or {}) if kind == "group" else [],
        "control": control(bound, help=help, num=bool(unit) or bool(attrs.pop("num", False)), **attrs),
        "col": col,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "unit": unit,
        "look": look,
        "last": last,
        "last_label": last_label,
        "counter": counter,
        "optional": optional,
        "needed": needed,
    }


def _form_errors(form: BaseForm) -> Iterator[FieldError]:
    for message in form.non_field_errors():
        yield FieldError("", str(message), "")
    for bound in form:
        for message in bound.errors:
            yield FieldError(
                str(bound.label or ""), str(message), "" if bound.is_hidden else anchor_of(bound)
            )


def anchor_of(bound: BoundField) -> str:
    """The id that the link leads to: the control, or the first button of a group."""
    if kind_of(bound) == "group":
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def errors_of(*forms_and_sets: BaseForm | BaseFormSet[Any] | str | None) -> list[FieldError]:
    """All errors in the order of the fields; unbound forms have none."""
    found: list[FieldError] = []
    for item in forms_and_sets:
        if item is None or isinstance(item, str):  # a name that the template does not know
            continue
        if isinstance(item, BaseFormSet):
            found.extend(FieldError("", str(message), "") for message in item.non_form_errors())
            for form in item.forms:
                found.extend(_form_errors(form))
        else:
            found.extend(_form_errors(item))
    return found
