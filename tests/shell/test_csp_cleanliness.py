"""The policy is `default-src 'self'` without exceptions: every template of the repository keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ningde_projects.shell import icons

ROOT = Path(settings.BASE_DIR)
NOT_OURS = {".venv", "node_modules", "var", "staticfiles", ".git"}
FAULTS = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "script address": re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
    "foreign host": re.compile(
        r"""<[^>]*\s(?:src|href|action|data)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE
    ),
    "htmx expression": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*['\"]js:", re.IGNORECASE),
}
ICON = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")


def templates() -> Iterator[Path]:
    guide = ROOT.glob("ningde_projects/shell/guide/*.html")
    for path in sorted([*ROOT.glob("**/templates/**/*.html"), *guide]):
        if not NOT_OURS & set(path.relative_to(ROOT).parts):
            yield path


def blanked(text: str) -> str:
    """Without comments, and with tags of the template language taken out: their ">" would end an element."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)


def faults(text: str) -> list[str]:
    plain = blanked(text)
    return [name for name, pattern in FAULTS.items() if pattern.search(plain)]


@pytest.mark.parametrize("path", list(templates()), ids=lambda path: str(path.relative_to(ROOT)))
def test_template_needs_no_exception_from_the_policy(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("snippet", "fault"),
    [
        ('<i style="width:3%"></i>', "style attribute"),
        ('<i class="{% if a > b %}x{% endif %}" style="width:3%">', "style attribute"),
        ("<STYLE>a{}</STYLE>", "style element"),
        ('<button onclick="go()">', "event attribute"),
        ("<script>go()</script>", "inline script"),
        ('<a href="javascript:go()">', "script address"),
        ('<img src="//cdn.example/x.png">', "foreign host"),
        ("<div hx-on:click='x'>", "htmx expression"),
    ],
)
def test_the_search_finds_what_it_is_for(snippet: str, fault: str) -> None:
    assert fault in faults(snippet)


@pytest.mark.parametrize(
    "snippet",
    [
        '<p class="style">on = 3</p>',
        '<a href="/x/?on=1">x</a>',
        '<script src="/static/js/app.js" defer></script>',
        '<option value="a">style = b</option>',
    ],
)
def test_the_search_lets_the_innocent_pass(snippet: str) -> None:
    assert faults(snippet) == []


def test_every_icon_named_in_a_template_exists() -> None:
    named = {(name, path) for path in templates() for name in ICON.findall(path.read_text(encoding="utf-8"))}
    missing = {(name, str(path.relative_to(ROOT))) for name, path in named if not _exists(name)}
    assert missing == set()


def _exists(name: str) -> bool:
    return (Path(settings.ICONS_DIR) / "outline" / f"{name}.svg").is_file()


def test_a_missing_icon_raises_here_and_is_empty_for_visitors(settings: object) -> None:
    icons.body.cache_clear()
    settings.ICONS_STRICT = True  # type: ignore[attr-defined]
    with pytest.raises(icons.MissingIcon):
        icons.svg("no-such-icon")
    with pytest.raises(icons.MissingIcon):
        icons.svg("../../package")
    settings.ICONS_STRICT = False  # type: ignore[attr-defined]
    assert icons.svg("no-such-icon") == ""
    icons.body.cache_clear()


def test_style_sheet_and_scripts_ask_no_other_host_and_carry_no_data_addresses() -> None:
    for path in [ROOT / "static" / "app.css", *(ROOT / "static" / "js").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|url\(\s*[\"']?(?:data:|//)", text), path.name
