"""How the reading scripts mark a cell; the same figures stand in read_workbook.py, which runs alone."""

from __future__ import annotations

from typing import Final

FORMULA: Final = 1
ERROR: Final = 2
PERCENT: Final = 4
DATE: Final = 8
BOOLEAN: Final = 16
DURATION: Final = 32
