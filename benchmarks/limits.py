"""The figures to hold, as they were settled before anything was measured, and how large the runs are."""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE = 16
OPEN_MONTH, SWEEP, PER_ROW = 1.3, 1.5, 1.3
MONTH_PAGE_TO_SQL, PAGE_GROWTH = 3.0, 1.3
LIST_TO_EMPTY, LIST_QUERIES = 2.5, 12.0
#: Filing reaches at least 40 % of raw SQL's rate, so raw SQL is at most 2.5 times as fast.
RAW_TO_FILING = 2.5
#: Owners who file in the last hour; what they need of the rate that was measured.
LAST_HOUR, LAST_HOUR_SHARE = 2000, 1.0
PAPER = 2.0


@dataclass(frozen=True)
class Scale:
    """How much data, and how often each thing is done."""

    published: int  # of the published projects, how many are loaded
    small: int
    large: int
    rounds: int
    requests: int  # of one page in each round
    filings: int  # of each of those who file at once, in each round


SCALES = {
    # Whether it measures at all; its figures mean nothing.
    "smallest": Scale(published=12, small=20, large=60, rounds=1, requests=1, filings=1),
    # Ningde has about 330 key projects; the page must not care whether it is ten times as many.
    "city": Scale(published=10_000, small=330, large=3_300, rounds=5, requests=5, filings=2),
    "large": Scale(published=10_000, small=2_000, large=20_000, rounds=5, requests=5, filings=4),
}
