"""Fields, errors and amounts in forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from ningde_projects.shell import form_fields
from ningde_projects.shell.forms import MoneyField, NamedErrors

Render = Callable[..., str]


class Sheet(NamedErrors, forms.Form):
    """A small report."""

    amount = MoneyField(label="10月完成投资")
    note = forms.CharField(label="形象进度", help_text="写明桩号。", widget=forms.Textarea, required=False)
    office = forms.ChoiceField(
        label="责任单位", choices=[("", "请选择"), *((str(n), f"单位{n}") for n in range(20))]
    )
    level = forms.ChoiceField(
        label="层级", choices=[("c", "县级"), ("m", "市直部门")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="核对无误")
    photo = forms.FileField(label="照片")
    version = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def wrong() -> Sheet:
    return Sheet({"amount": "abc", "note": "<b>正常推进"})


def test_required_messages_name_the_field_and_say_what_to_do(wrong: Sheet) -> None:
    assert wrong.errors["office"] == ["请选择责任单位"]
    assert wrong.errors["photo"] == ["请上传照片"]
    assert Sheet({}).errors["amount"] == ["请填写10月完成投资"]


def test_a_field_ties_label_help_and_error_to_its_control(wrong: Sheet, rendered: Render) -> None:
    html = rendered('{% field form.amount unit="万元" help="以批复为准" %}', form=wrong)
    assert '<label class="nd-label" for="id_amount">' in html
    assert "必填" in html
    control = re.search(r"<input[^>]*>", html)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_amount_error id_amount_help"' in control[0]
    assert 'id="id_amount_error"' in html
    assert 'id="id_amount_help"' in html
    assert 'value="abc"' in control[0]


def test_what_was_typed_stays_and_is_escaped(wrong: Sheet, rendered: Render) -> None:
    html = rendered("{% field form.note counter=300 %}", form=wrong)
    assert "&lt;b&gt;正常推进" in html
    assert 'data-counter="300"' in html
    assert "最多 300 字" in html
    assert "必填" not in html


def test_a_long_select_is_searchable_and_a_short_one_is_not(rendered: Render) -> None:
    class Short(forms.Form):
        kind = forms.ChoiceField(choices=[(str(n), str(n)) for n in range(12)])

    assert "data-search" in rendered("{% field form.office %}", form=Sheet())
    assert "data-search" not in rendered("{% field form.kind %}", form=Short())


def test_radios_are_a_fieldset_whose_first_button_the_summary_reaches(wrong: Sheet, rendered: Render) -> None:
    html = rendered('{% error_summary form %}{% field form.level look="seg" %}', form=wrong)
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'href="#id_level_0"' in html
    assert 'id="id_level_0"' in html
    checked = rendered('{% field form.level look="seg" %}', form=Sheet({"level": "m"}))
    assert re.search(r'value="m"[^>]*checked', checked)


def test_every_link_of_the_error_summary_leads_to_something_on_the_page(
    wrong: Sheet, rendered: Render
) -> None:
    html = rendered("{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}", form=wrong)
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert len(anchors) == 5
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in html] == []
    assert "提交前还有 5 处需要修改" in html


def test_the_summary_takes_formsets_whole_form_errors_and_absent_forms(rendered: Render) -> None:
    class Strict(forms.Form):
        a = forms.CharField(required=False)

        def clean(self) -> dict[str, Any]:
            raise forms.ValidationError("甲与乙不符")

    rows = forms.formset_factory(Sheet)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-amount": "-1", "form-0-note": "x"}
    )
    found = form_fields.errors_of(Strict({}), rows, None, "")
    assert found[0].message == "甲与乙不符"
    assert found[0].anchor == ""
    assert "id_form-0-amount" in {error.anchor for error in found}
    assert rendered("{% error_summary nothing %}").strip() == ""


def test_extra_keywords_become_attributes(rendered: Render) -> None:
    html = rendered('{% field form.note hx_post="/x/" data_key="n" %}', form=Sheet())
    assert 'hx-post="/x/"' in html
    assert 'data-key="n"' in html


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("15,890.50", "15890.50"),
        ("１５８９０．５", "15890.5"),
        ("15 890", "15890"),
        (" 420 万元 ", "420"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, value: str) -> None:
    assert MoneyField().clean(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4.2亿元", "请按万元填写"),
        ("4200000元", "请按万元填写"),
        ("正常", "请填写以万元为单位的数字"),
        ("1e400", "请填写以万元为单位的数字|整数|位数|不超过|小于或等于"),
        ("NaN", "请填写以万元为单位的数字"),
        ("1.234", "最多两位小数"),
        ("-1", "大于或等于"),
        ("−1", "大于或等于"),
        ("999999999999", "小于或等于|位数|数字"),
    ],
)
def test_amounts_that_cannot_be_meant_are_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        MoneyField().clean(typed)
    assert re.search(words, " ".join(caught.value.messages))


def test_a_stored_amount_is_shown_with_commas(rendered: Render) -> None:
    form = Sheet(initial={"amount": Decimal("15890.50")})
    assert 'value="15,890.5"' in rendered("{% field form.amount %}", form=form)
