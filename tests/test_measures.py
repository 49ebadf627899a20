"""docs/measures.md speaks the truth: every requirement has a row, every named rule, page and test exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve

COUNTS = {
    1: 5,
    2: 4,
    3: 4,
    4: 3,
    5: 5,
    6: 4,
    7: 2,
    8: 4,
    9: 1,
    10: 1,
    11: 2,
    12: 2,
    13: 2,
    14: 3,
    15: 3,
    16: 1,
    17: 1,
    18: 3,
}
REQUIREMENTS = [
    *(f"M{measure}.{n}" for measure, count in COUNTS.items() for n in range(1, count + 1)),
    *(f"D{n}" for n in range(1, 17)),
    *(f"E{n}" for n in range(1, 7)),
]


def rows() -> dict[str, list[str]]:
    text = (settings.BASE_DIR / "docs" / "measures.md").read_text(encoding="utf-8")
    cells = [
        [c.strip() for c in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| [MDE]\d", line)
    ]
    return {row[0]: row[1:] for row in cells}


def test_every_requirement_has_one_row() -> None:
    assert list(rows()) == REQUIREMENTS


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_what_a_row_names_exists(requirement: str) -> None:
    rule, page, test = rows()[requirement]
    if rule == "not built yet":
        assert (page, test) == ("", "")
        return
    file, name = rule.split(":")
    assert re.search(rf"\b(def|class) {name}\b", _read(file)), f"{name} is not in {file}"
    resolve(page)
    file, name = test.split("::")
    assert f"def {name}(" in _read(file), f"{name} is not in {file}"


def _read(file: str) -> str:
    path: Path = settings.BASE_DIR / file
    return path.read_text(encoding="utf-8")
