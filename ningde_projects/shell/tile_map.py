"""区县示意图: the ten places as hexagons by rough position (DESIGN §4).

A schema, not a map: administrative borders may be shown only on a map with an approved number, and are never
drawn by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .drawing import hexagon, number

RADIUS = 50.0
GAP = 2.0
WIDTH, HEIGHT = 424, 352
# Column and row of each place; rows are shifted by half a column.
PLACES: dict[str, tuple[float, int]] = {
    "寿宁": (2.0, 0),
    "柘荣": (3.0, 0),
    "福鼎": (4.0, 0),
    "周宁": (1.5, 1),
    "福安": (2.5, 1),
    "霞浦": (3.5, 1),
    "屏南": (1.0, 2),
    "蕉城": (2.0, 2),
    "东侨": (3.0, 2),
    "古田": (0.5, 3),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One place: its name, the figure, the step 0..5 of the scale and the list behind it."""

    name: str
    figure: str
    level: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class PlacedTile:
    tile: Tile
    points: str
    x: str
    name_y: str
    figure_y: str


def placed(tiles: Iterable[Tile]) -> list[PlacedTile]:
    """Where each tile lies; a place that is not one of the ten (市本级) has no tile and is left to the table."""
    found = []
    for tile in tiles:
        key = next((short for short in PLACES if tile.name.startswith(short)), None)
        if key is None:
            continue
        column, row = PLACES[key]
        x = 28 + column * math.sqrt(3) * RADIUS
        y = 58 + row * 1.5 * RADIUS
        found.append(PlacedTile(tile, hexagon(x, y, RADIUS - GAP), number(x), number(y - 5), number(y + 14)))
    return found
