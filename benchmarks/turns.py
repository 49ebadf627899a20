"""Small and large in turn, so that a neighbour on the machine disturbs both alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import databases
from benchmarks.measuring import Measured

#: Seconds of each way, by size ("small", "large"), round by round.
Taken = dict[str, list[list[float]]]


def in_turn(names: dict[str, str], rounds: int, prepare: Callable[[str], Sequence[Measured]]) -> Taken:
    """`prepare` answers the ways for a size, in whose database the product then works.

    Each way is gone once unmeasured: a new connection knows no plans. Order changes from round to round.
    """
    taken: Taken = {}
    for number in range(rounds):
        backwards = bool(number % 2)
        for size in sorted(names, reverse=backwards):
            databases.tidy(names[size])
            databases.use(names[size])
            ways = list(enumerate(prepare(size)))
            known = taken.setdefault(size, [[] for _ in ways])
            for _index, way in ways:
                way()
            for index, way in reversed(ways) if backwards else ways:
                known[index].append(way())
    return taken
