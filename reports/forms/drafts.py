"""Typed values beside each other: what differs, what follows from a choice, how much is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import rules
from .fields import WanField, clean_text, parse_wan
from .report import ReportForm
from .wording import NEW_NAME, Wording

Raw = Mapping[str, Any]
#: Row of a comparison that stands for a whole problem which only one side has.
BLOCK = "block-"
_FIGURES = {name for name, field in ReportForm.base_fields.items() if isinstance(field, WanField)}


def with_computed(raw: Raw, circumstances: rules.Circumstances) -> dict[str, Any]:
    """The typed values with the year's figure computed where it follows from what was filed (DESIGN.md §1.3)."""
    filled = dict(raw)
    if rules.year_is_computed(circumstances):
        month = figure_of(raw.get("month_investment"))
        filled["year_cumulative"] = (
            "" if month is None else rules.figure(rules.expected_year(month, circumstances))
        )
    return filled


def figure_of(value: Any) -> Any:
    """A typed sum, or None when it is empty or cannot be read."""
    try:
        return parse_wan(str(value or ""))
    except ValidationError:
        return None


def failing_fields(raw: Raw, circumstances: rules.Circumstances) -> set[str]:
    """Fields whose typed values fail a check, texts and choices aside."""
    entry = rules.Entry(
        figure_of(raw.get("month_investment")), figure_of(raw.get("year_cumulative")),
        figure_of(raw.get("total_cumulative")), str(raw.get("progress") or ""),
        statistics_cumulative=figure_of(raw.get("statistics_cumulative")),
    )  # fmt: skip
    return {remark.field for remark in rules.failures(rules.check_entry(entry, circumstances))}


# ---- how much is filled in -------------------------------------------------------------------------------------

#: What the progress bar of the home page counts, nine in all.
COUNTED = ("month_investment", "year_cumulative", "total_cumulative", "progress", "next_plan",
           "in_statistics", "problems", "filler", "head")  # fmt: skip


def filled_in(raw: Raw, carried: Sequence[str]) -> int:
    """How many of the nine have something; `carried` are the public ids of the problems to be answered."""
    done = sum(bool(str(raw.get(name) or "").strip()) for name in COUNTED if name != "problems")
    return done + _problems_said(raw, carried)


def _problems_said(raw: Raw, carried: Sequence[str]) -> bool:
    if raw.get("is_nil"):
        return True
    answered = all(raw.get(f"p-{public_id}-answer") for public_id in carried)
    return answered and bool(carried or raw.get("new"))


def removed_keys(raw: Raw) -> list[str]:
    """New problems that were taken out of the form; what was typed in them is kept until filing."""
    kept = set(raw.get("new", []))
    found = dict.fromkeys(m[1] for name in raw if raw[name] and (m := NEW_NAME.match(name)))
    return [key for key in found if key not in kept]


# ---- two drafts side by side -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One field, as it stands there and as it was typed here; both as they read.

    `leaves` says that nothing was typed here: then what stands there is offered first, so that nobody wipes a field
    that he never touched.
    """

    name: str
    label: str
    theirs: str
    mine: str
    leaves: bool = False


def differences(theirs: Raw, mine: Raw, wording: Wording) -> list[Difference]:
    """Field by field; a problem that only one side has is one row."""
    their_keys, my_keys = set(theirs.get("new", [])), set(mine.get("new", []))
    found = []
    for name in dict.fromkeys([*theirs, *mine]):
        key = m[1] if (m := NEW_NAME.match(name)) else ""
        if name == "new" or (key and key not in their_keys & my_keys):
            continue
        typed = _comparable(name, mine.get(name))
        if _comparable(name, theirs.get(name)) != typed:
            words = wording.shown(name, theirs.get(name)), wording.shown(name, mine.get(name))
            found.append(Difference(name, wording.label(name), *words, leaves=not typed))
    for key in sorted(their_keys ^ my_keys):
        words = _block_text(theirs, key), _block_text(mine, key)
        found.append(Difference(BLOCK + key, wording.problem(key), *words, leaves=key not in my_keys))
    return found


def _comparable(name: str, value: Any) -> str:
    text = clean_text(str(value or ""))
    if name in _FIGURES or name.endswith("-impact_amount"):
        amount = figure_of(text)
        return text if amount is None else str(amount)
    return text


def _block_text(raw: Raw, key: str) -> str:
    if key not in raw.get("new", []):
        return _("(not there)")
    return str(raw.get(f"n-{key}-description") or _("(no text yet)"))


def merged(theirs: Raw, mine: Raw, takes_mine: set[str]) -> dict[str, Any]:
    """Theirs, with my value wherever I chose it. Names of `takes_mine` are those of the differences."""
    result = dict(theirs)
    keys = list(theirs.get("new", []))
    for name in takes_mine:
        if not name.startswith(BLOCK):
            result[name] = mine.get(name, "")
            continue
        key = name.removeprefix(BLOCK)
        if key in mine.get("new", []):
            keys.append(key)
            result |= {n: value for n, value in mine.items() if n.startswith(f"n-{key}-")}
        else:
            keys = [k for k in keys if k != key]
    result["new"] = list(dict.fromkeys(keys))
    return result
