"""Every act that the code records has words of its own: the record is read by people (E3)."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.conf import settings

from ningde_projects.periods import consequences
from ningde_projects.workflow import acts

ROOT = Path(settings.BASE_DIR)


def value_of(node: ast.expr, module: ModuleType) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name) and isinstance(found := getattr(module, node.id, None), str):
        return found
    return None


def recorded() -> Iterator[tuple[str, str, str]]:
    """File, kind and act of every call of `record` whose kind and act stand in the source."""
    rooms = ("ningde_projects", "reserve", "hookups", "reports", "dispatch")
    for path in sorted(path for room in rooms for path in ROOT.glob(f"{room}/**/*.py")):
        tree = ast.parse(path.read_text())
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or len(call.args) < 2:
                continue
            function = call.func
            called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if called != "record":
                continue
            module = importlib.import_module(name)
            machine, act = value_of(call.args[0], module), value_of(call.args[1], module)
            if machine and act:
                yield str(path.relative_to(ROOT)), machine, act


def test_e3_every_act_in_the_code_has_words() -> None:
    found = list(recorded())
    assert len(found) > 15
    known = acts.kinds()
    assert [
        (path, machine, act)
        for path, machine, act in found
        if machine not in known or act not in known[machine].acts
    ] == []


def test_e3_every_consequence_of_a_deadline_has_words() -> None:
    known = acts.kinds()["deadline"].acts
    # D1 opens the month, which has an act of its own.
    assert {f"{code.lower()}_deadline" for code in consequences.deadlines() if code != "D1"} <= set(known)
    assert "open_month" in acts.kinds()["period"].acts
