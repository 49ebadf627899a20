"""Lists with filters that live in the address: their counts from one grouped query, the rows from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from ningde_projects.shell.queries import changed_query

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: In the address: a filter that has a default is switched off.
EVERYTHING = "all"
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Facet:
    """A filter: parameter of the address, its words, the column that holds its codes."""

    name: str
    title: StrOrPromise
    column: str
    labels: Mapping[str, StrOrPromise]
    default: str = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: StrOrPromise
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Menu:
    name: str
    title: StrOrPromise
    options: list[Option]
    #: The word of what is chosen; "" when nothing is.
    chosen: StrOrPromise


def search_words(query: Mapping[str, str]) -> str:
    return " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]


class Listing:
    """`found` is everything this person sees that fits the search; the facets narrow it."""

    def __init__(self, found: QuerySet[Any], facets: tuple[Facet, ...], query: Mapping[str, str]) -> None:
        self.found, self.facets, self.text = found, facets, search_words(query)
        self.chosen: dict[str, str] = {}
        for facet in facets:
            value = query.get(facet.name, facet.default)
            if value in facet.labels:
                self.chosen[facet.name] = value

    def rows(self) -> QuerySet[Any]:
        columns = {facet.name: facet.column for facet in self.facets}
        return self.found.filter(**{columns[name]: value for name, value in self.chosen.items()})

    @property
    def is_set(self) -> bool:
        return bool(self.text or any(self.chosen.get(f.name, "") != f.default for f in self.facets))

    def menus(self, address: QueryDict) -> list[Menu]:
        """A filter's own counts leave its own choice out: they say what choosing another value would give."""
        columns = [facet.column for facet in self.facets]
        groups = list(self.found.order_by().values(*columns).annotate(number=Count("pk", distinct=True)))
        found = []
        for facet in self.facets:
            others = {
                f.column: self.chosen[f.name] for f in self.facets if f is not facet and f.name in self.chosen
            }
            counts: dict[str, int] = {}
            for group in groups:
                if all(group[column] == value for column, value in others.items()):
                    counts[group[facet.column]] = counts.get(group[facet.column], 0) + group["number"]
            chosen = self.chosen.get(facet.name, "")
            options = [
                Option(
                    value, label, counts.get(value, 0),
                    changed_query(address, {facet.name: _off(facet) if value == chosen else value}), value == chosen,
                )
                for value, label in facet.labels.items()
                if counts.get(value) or value == chosen
            ]  # fmt: skip
            if chosen or len(options) > 1:
                every = Option(
                    "",
                    _("All"),
                    sum(counts.values()),
                    changed_query(address, {facet.name: _off(facet)}),
                    not chosen,
                )
                found.append(Menu(facet.name, facet.title, [every, *options], facet.labels.get(chosen, "")))
        return found

    def in_words(self) -> str:
        """The filters as a line for the head of an export."""
        by_name = {facet.name: facet for facet in self.facets}
        parts = [
            f"{by_name[name].title}：{by_name[name].labels[value]}" for name, value in self.chosen.items()
        ]
        if self.text:
            parts.append(_("Contains: {text}").format(text=self.text))
        return "；".join(parts)


def _off(facet: Facet) -> str | None:
    return EVERYTHING if facet.default else None


def hidden_fields(address: QueryDict) -> list[tuple[str, str]]:
    """What a search keeps of the address."""
    return [(name, str(value)) for name, value in address.items() if name not in ("q", "page")]
