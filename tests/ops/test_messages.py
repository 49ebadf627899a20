"""Collecting texts keeps what people have translated; the gate finds what they have not."""

from pathlib import Path

import polib
import pytest

from ops import messages
from ops.punctuation import faults, half_width

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
first = _("Accept")
# Translators: a month, not a hand
second = pgettext("month", "March")
third = ngettext("%(n)s project", "%(n)s projects", 2)
other = "not marked"
"""
TEMPLATE = """
{% load i18n %}{% translate "Return" %}
{% blocktranslate count n=rows|length %}one row{% plural %}{{ n }} rows{% endblocktranslate %}
{% translate "March" context "month" %}
{# {% translate "hidden" %} #}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one app, `desk`."""
    desk = tmp_path / "desk"
    (desk / "templates" / "desk").mkdir(parents=True)
    (desk / "apps.py").write_text("")
    (desk / "words.py").write_text(PYTHON)
    (desk / "templates" / "desk" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return desk


def catalogue(house: Path) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(house / messages.CATALOGUE))}


def test_a_line_of_a_template_may_begin_at_any_depth_before_its_text(house: Path) -> None:
    (house / "templates" / "desk" / "deep.html").write_text(
        """{% load i18n %}
<div>
      {% include "empty.html" with title=_("Nothing here") %}
   {% include "empty.html" with title=_("Nothing there") text=_("Look elsewhere") %}
\t{{ _("By a tab") }}
 {% translate "Last" %}
</div>"""
    )
    messages.extract_apps(["desk"])
    assert {"Nothing here", "Nothing there", "Look elsewhere", "By a tab", "Last"} <= set(catalogue(house))


def translate(house: Path, **texts: str) -> None:
    file = polib.pofile(str(house / messages.CATALOGUE))
    for entry in file:
        if text := texts.get(entry.msgid.split()[-1]):
            if entry.msgid_plural:
                entry.msgstr_plural = {0: text}
            else:
                entry.msgstr = text
    file.save()


ALL = {"Accept": "签收", "March": "三月", "project": "%(n)s 个项目", "Return": "退回", "row": "%(n)s 行"}


def test_texts_are_found_in_code_and_in_templates(house: Path) -> None:
    messages.extract_apps(["desk"])
    found = catalogue(house)
    assert set(found) == {"Accept", "March", "%(n)s project", "Return", "one row"}
    assert found["March"].msgctxt == "month"
    assert found["March"].comment == "Translators: a month, not a hand"
    assert found["March"].occurrences == [("desk/templates/desk/page.html", ""), ("desk/words.py", "")]
    assert found["one row"].msgid_plural == "%(n)s rows"


def test_collecting_again_changes_nothing(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **ALL)
    messages.extract_apps(["desk"])
    before = (house / messages.CATALOGUE).read_text()
    messages.extract_apps(["desk"])
    assert (house / messages.CATALOGUE).read_text() == before
    assert catalogue(house)["Accept"].msgstr == "签收"
    assert not any(entry.fuzzy for entry in catalogue(house).values())


def test_a_vanished_text_is_set_aside_and_comes_back_with_its_translation(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **ALL)
    (house / "words.py").write_text("")
    messages.extract_apps(["desk"])
    assert catalogue(house)["Accept"].obsolete
    (house / "words.py").write_text(PYTHON)
    messages.extract_apps(["desk"])
    assert not catalogue(house)["Accept"].obsolete
    assert catalogue(house)["Accept"].msgstr == "签收"


def test_what_one_app_has_translated_is_translated_the_same_in_the_next(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **ALL)
    shelf = house.parent / "shelf"
    shelf.mkdir()
    (shelf / "apps.py").write_text("")
    (shelf / "words.py").write_text(PYTHON)
    messages.extract_apps(["shelf"])
    assert catalogue(shelf)["Accept"].msgstr == "签收"
    assert catalogue(shelf)["%(n)s project"].msgstr_plural == {0: "%(n)s 个项目"}


def test_tidying_drops_what_nothing_uses(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **ALL)
    (house / "words.py").write_text("")
    messages.extract_apps(["desk"], keep_unused=False)
    assert "Accept" not in catalogue(house)


def test_the_gate_passes_a_complete_catalogue(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **ALL)
    assert messages.check() == []


def test_the_gate_names_what_is_missing_unused_and_new(house: Path) -> None:
    messages.extract_apps(["desk"])
    translate(house, **(ALL | {"Return": ""}))
    (house / "words.py").write_text(PYTHON.replace('"Accept"', '"Accepted"'))
    said = "\n".join(messages.check())
    assert "not translated: 'Return'" in said
    assert "not collected yet: 'Accepted'" in said
    assert "used nowhere: 'Accept'" in said


def test_the_gate_finds_one_text_translated_in_two_ways(house: Path) -> None:
    other = house.parent / "shelf"
    other.mkdir()
    (other / "apps.py").write_text("")
    (other / "words.py").write_text('from django.utils.translation import gettext as _\n_("Accept")\n')
    messages.extract_apps(["desk", "shelf"])
    translate(house, **ALL)
    translate(other, Accept="接收")
    assert [line for line in messages.check() if line.startswith("translated differently: 'Accept'")]


def test_compiled_catalogues_speak(house: Path) -> None:
    import gettext

    messages.extract_apps(["desk"])
    translate(house, **ALL)
    messages.compile_all()
    with (house / messages.CATALOGUE).with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Accept") == "签收"
    assert spoken.ngettext("%(n)s project", "%(n)s projects", 5) == "%(n)s 个项目"


@pytest.mark.parametrize(
    "text",
    [
        "已报送，等待签收。",
        "“%(name)s”（第%(n)s期）",
        "24:00 前报送",
        "%(a)s: %(b)s",
        "3.5 万元",
        "附件 1.xlsx",
        '<a href="https://host.example/?a=1">查看</a>',
        "Excel (.xlsx)",
        "{count:,} 万元",
    ],
)
def test_good_punctuation_is_let_pass(text: str) -> None:
    assert list(half_width(text)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("已报送,等待签收", ", should be ，"),
        ("%(name)s,请填写", ", should be ，"),
        ("为什么?", "? should be ？"),
        ("已报送.", ". should be 。"),
        ("项目(宁德)", "( should be （"),
        ("项目：(A）", "one bracket is wide, the other is not"),
        ("注意: 截止", ": should be ："),
    ],
)
def test_half_width_marks_among_chinese_are_found(text: str, fault: str) -> None:
    assert fault in list(half_width(text))


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("%(n)s days left", "还剩若干天", "placeholders differ (%(n)s)"),
        ("{name} filed", "{nom}已报送", "placeholders differ ({name}, {nom})"),
        ("附件1", "附件一", "the source text is not English"),
        ("Filed", "", "not translated"),
    ],
)
def test_a_translation_that_would_break_a_page_is_found(source: str, translation: str, fault: str) -> None:
    assert fault in list(faults(polib.POEntry(msgid=source), translation))


def test_a_fuzzy_translation_is_not_taken_for_certain() -> None:
    entry = polib.POEntry(msgid="Filed", msgstr="已报送", flags=["fuzzy"])
    assert "marked as uncertain" in list(faults(entry, entry.msgstr))


def test_the_one_chinese_form_may_leave_the_one_uncounted_but_not_the_name() -> None:
    entry = polib.POEntry(msgid="one row of %(who)s", msgid_plural="%(n)s rows of %(who)s")
    assert list(faults(entry, "%(who)s的 %(n)s 行")) == []
    assert list(faults(entry, "%(n)s 行")) == ["placeholders differ (%(who)s)"]
