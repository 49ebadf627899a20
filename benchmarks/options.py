"""What can be asked of `make bench`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.limits import SCALES

PARTS = ("opening", "sweep", "month", "list", "filing", "paper")


def parser(program: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=program, description="Measure the settled figures; ends with 1 when one of them is missed."
    )
    made.add_argument("--scale", choices=list(SCALES), default="city")
    made.add_argument(
        "--only", choices=PARTS, action="append", help="this part alone; may be given several times"
    )
    made.add_argument("--json", type=Path, help="where the figures are written")
    return made
