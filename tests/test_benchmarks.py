"""`make bench` measures and reports; what it measured at the smallest scale says nothing and is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.measuring import Figure, compare, counted, table
from ops import embedded
from ops.places import ROOT

FIGURES = {
    "1a", "1b", "1c", "1d", "2a", "2b", "2c", "3a", "3b", "3c", "3d", "3e", "3f", "4a", "4b", "4c", "5",
}  # fmt: skip


def test_every_figure_is_measured_on_databases_of_its_own(tmp_path: Path) -> None:
    template = os.environ.get("TEST_DATABASE_TEMPLATE")
    if not template:
        pytest.skip("needs the migrated database that `make test` lays aside")
    host = connection.settings_dict["HOST"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": f"postgresql://{embedded.APP}@/{embedded.DATABASE}?host={host}",
        "DATABASE_OWNER_URL": f"postgresql://{embedded.OWNER}@/{embedded.DATABASE}?host={host}",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "STATE_DIR": str(tmp_path / "state"),
        "BENCH_TEMPLATE": template,
    }
    file = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--scale", "smallest", "--json", str(file)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    assert file.exists(), done.stdout + done.stderr
    figures = {figure["number"]: figure for figure in json.loads(file.read_text())["figures"]}
    assert set(figures) == FIGURES
    assert all(figure["ratio"] > 0 for number, figure in figures.items() if number != "4c")
    assert figures["4c"]["ratio"] == 0, done.stdout  # no fault and no lost row, however small the run
    missed = [number for number, figure in figures.items() if not figure["met"]]
    assert done.returncode == (1 if missed else 0)
    assert all(f"\n{number:<4}" in done.stdout for number in FIGURES)


def test_a_missed_figure_is_called_so() -> None:
    held = compare("1", "opening", 1.3, [1.2, 1.3, 9.0], [1.0, 1.0, 1.0])
    assert (held.ratio, held.met, held.verdict) == (1.3, True, "held")
    missed = counted("2", "queries", 1.0, 13, 12)
    assert missed.verdict == "MISSED"
    lines = table([held, missed]).splitlines()
    assert lines[2].endswith("held")
    assert lines[3].endswith("MISSED")


def test_growth_is_judged_for_each_row() -> None:
    figure: Figure = compare("1b", "a row", 1.3, [10.0], [1.0], scale=10)
    assert figure.ratio == 1.0
