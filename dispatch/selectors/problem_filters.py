"""The filters of the problem list: in the address, counted, the same for page and export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.models.problems import AskedLevel

from .problem_list import Drawn, Line, Source

_TESTS: dict[str, Callable[[Line, str], bool]] = {
    "place": lambda line, value: line.place == value,
    "category": lambda line, value: line.category == value,
    "level": lambda line, value: line.level == value,
    "source": lambda line, value: value in line.sources,
    "age": lambda line, value: line.is_new == (value == "new"),
    "mark": lambda line, value: MARKS[value](line),
}
MARKS: dict[str, Callable[[Line], bool]] = {
    "contradiction": lambda line: bool(line.contradictions),
    "late": lambda line: line.late,
    "settled": lambda line: line.is_settled,
    "opinion": lambda line: bool(line.opinions),
}
_KNOWN = {
    "level": set(AskedLevel.values), "source": set(Source.values), "age": {"new", "carried"}, "mark": set(MARKS),
}  # fmt: skip


@dataclass(frozen=True)
class ListFilters:
    """What the address asks for; unknown values are ignored."""

    place: str = ""
    category: str = ""
    level: str = ""
    source: str = ""
    age: str = ""
    mark: str = ""
    words: str = ""
    group: str = "place"

    @classmethod
    def read(cls, query: QueryDict) -> ListFilters:
        asked = {name: query.get(name, "")[:16] for name in _TESTS}
        for name, known in _KNOWN.items():
            if asked[name] not in known:
                asked[name] = ""
        return cls(
            **asked, words=query.get("q", "").replace("\x00", "")[:60].strip(),
            group="category" if query.get("group") == "category" else "place",
        )  # fmt: skip

    def keeps(self, line: Line, without: str = "") -> bool:
        return (
            not self.words or any(self.words in t for t in (line.project, line.text, line.number))
        ) and all(
            test(line, value)
            for name, test in _TESTS.items()
            if name != without and (value := getattr(self, name))
        )

    @property
    def is_set(self) -> bool:
        return bool(self.words) or any(getattr(self, name) for name in _TESTS)

    def chosen(self) -> list[tuple[str, str]]:
        """What the search box keeps while it searches."""
        found = [(name, getattr(self, name)) for name in _TESTS]
        return [(name, value) for name, value in found if value]

    def in_words(self, places: dict[str, str], categories: dict[str, str]) -> str:
        """For the line over an export."""
        found = [
            places.get(self.place, self.place), categories.get(self.category, self.category),
            str(AskedLevel(self.level).label) if self.level else "",
            str(Source(self.source).label) if self.source else "",
            age_words().get(self.age, ""), mark_words().get(self.mark, ""), self.words,
        ]  # fmt: skip
        return " · ".join(word for word in found if word)


def age_words() -> dict[str, str]:
    return {"new": _("New in the month"), "carried": _("Carried on")}


def mark_words() -> dict[str, str]:
    return {
        "contradiction": _("Contradictory"), "late": pgettext("county", "Forwarded late"),
        "settled": _("Settled"), "opinion": _("With opinion"),
    }  # fmt: skip


def kept(drawn: Iterable[Drawn], filters: ListFilters) -> list[Drawn]:
    rows = [row for row in drawn if filters.keeps(row.line)]
    if filters.group == "category":
        rows.sort(key=lambda row: row.line.category)
    return rows


@dataclass(frozen=True)
class Facets:
    """Per filter the values that occur, with how many lines each would show."""

    places: list[tuple[str, str, int]]
    categories: list[tuple[str, str, int]]
    levels: list[tuple[str, str, int]]
    sources: list[tuple[str, str, int]]
    ages: list[tuple[str, str, int]]
    marks: list[tuple[str, str, int]]
    names: dict[str, dict[str, str]]


def facets(drawn: list[Drawn], filters: ListFilters) -> Facets:
    lines = [row.line for row in drawn]
    places = {line.place: line.place_name for line in lines}
    categories = {line.category: line.category_name for line in sorted(lines, key=lambda x: x.category)}

    def counted(name: str, values: dict[str, str]) -> list[tuple[str, str, int]]:
        open_to = [line for line in lines if filters.keeps(line, without=name)]
        test = _TESTS[name]
        sums = Counter({value: sum(test(line, value) for line in open_to) for value in values})
        return [(v, word, sums[v]) for v, word in values.items() if sums[v] or getattr(filters, name) == v]

    return Facets(
        counted("place", places), counted("category", categories),
        counted("level", {v: str(w) for v, w in AskedLevel.choices}),
        counted("source", {v: str(w) for v, w in Source.choices}),
        counted("age", age_words()), counted("mark", mark_words()),
        {"place": places, "category": categories},
    )  # fmt: skip
