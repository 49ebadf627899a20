"""A file that is not taken in: which rule it breaks, and what to do about it."""

from __future__ import annotations


class FileRefused(Exception):
    """Raised by everything that looks into a stranger's file; the code is for tests and the record."""

    def __init__(self, code: str, rule: str, way_out: str) -> None:
        super().__init__(f"{code}: {rule}")
        self.code = code
        self.rule = rule
        self.way_out = way_out
