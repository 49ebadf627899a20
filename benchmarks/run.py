"""The measurements themselves, on the server that DATABASE_URL (run-time role) and DATABASE_OWNER_URL name.

    python -m benchmarks.run --scale city --json FILE     needs BENCH_TEMPLATE, a migrated database to copy

`make bench` calls it with servers of its own; so does the test.
"""

from __future__ import annotations

import os
import sys
import time

import django

django.setup()

from benchmarks import databases, measuring, world  # noqa: E402  (models need the set-up)
from benchmarks.figures import filing, opening, pages, paper  # noqa: E402
from benchmarks.limits import SCALES, Scale  # noqa: E402
from benchmarks.measuring import Figure  # noqa: E402
from benchmarks.options import PARTS, parser  # noqa: E402


def say(text: str) -> None:
    print(text, flush=True)


def measure(scale: Scale, wanted: set[str], template: str) -> list[Figure]:
    """Build the databases step by step, and measure each figure where its data stand."""
    figures: list[Figure] = []
    base, to_file = "bench_base", "bench_filing"
    names = {"small": "bench_small", "large": "bench_large"}
    say("Loading projects and playing a month through the real services …")
    world.build_base(base, template, scale.published)
    if "paper" in wanted:
        figures += paper.paper(base, scale)
    if wanted - {"paper"}:
        for size, name in names.items():
            world.build_copy(name, base, getattr(scale, size))
    if "opening" in wanted:
        say("Opening a month …")
        figures += opening.opening(names, scale)
    if wanted - {"paper", "opening"}:
        for name in names.values():
            world.open_shown(name)
    if "sweep" in wanted:
        say("Sweeping a deadline …")
        figures += opening.sweeping(names, scale)
    if "filing" in wanted:
        say("Filing …")
        databases.make(to_file, names["large"])
        figures += filing.filing(to_file, scale)
    if wanted & {"month", "list"}:
        for name in names.values():
            world.report_shown(name)
    if "month" in wanted:
        say("Opening the commission's month …")
        figures += pages.month(names, scale)
    if "list" in wanted:
        say("Opening lists …")
        figures += pages.lists(names, scale)
    return sorted(figures, key=lambda figure: figure.number)


def main(arguments: list[str]) -> int:
    options = parser("python -m benchmarks.run").parse_args(arguments)
    begun = time.monotonic()
    try:
        figures = measure(SCALES[options.scale], set(options.only or PARTS), os.environ["BENCH_TEMPLATE"])
    finally:
        databases.drop_all()
    say("\n" + measuring.table(figures))
    missed = [figure.number for figure in figures if not figure.met]
    if options.json:
        measuring.write(figures, options.json, {"scale": options.scale, "seconds": time.monotonic() - begun})
        say(f"\nWritten to {options.json}")
    say(f"MISSED: {', '.join(missed)}" if missed else "All figures are held.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
