"""What measure 3 asks of a line of a hookup list, on plain values (M3.1–M3.3). Each sentence quotes the rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ningde_projects.projects.rules import rank_error

Text = str | Promise

_NOBODY: dict[str, Text] = {
    "county_leader": _(
        "By measure 3, every key project has a responsible leader on the county side; nobody is named."
    ),
    "industry_leader": _(
        "By measure 3, a leader of county division rank of the municipal department is responsible leader of every key "
        "project of the industry; nobody is named."
    ),
    "soe_leader": _(
        "By measure 3, a municipal-level key project owned by a municipal state-owned enterprise must have a leader of "
        "county division rank responsible; nobody is named."
    ),
}
_NOBODY_DIRECT = _(
    "By measure 3, every place and every department, state-owned enterprises included, names one direct responsible "
    "person of township section rank or above; nobody is named."
)


@dataclass(frozen=True)
class LineFacts:
    """What the rules ask of one line; `rank` is the rank of the person named."""

    post: str
    has_person: bool
    rank: str = ""
    #: Has an open account and, in an office of this side, the duty that the post asks for.
    is_candidate: bool = True
    is_major: bool = False
    #: Heads the county's party committee or government (党政主要领导).
    is_main_leader: bool = False


def line_fault(facts: LineFacts) -> Text:
    """What is wrong with a line, one sentence; '' when nothing is."""
    if not facts.has_person:
        return _NOBODY.get(facts.post, _NOBODY_DIRECT)
    if not facts.is_candidate:
        return _(
            "By measure 3, the person named has to be of this side: this one has no such duty in an office of it, or "
            "the account is closed."
        )
    if wrong := rank_error(facts.post, facts.rank):
        return wrong
    if facts.post == "county_leader" and facts.is_major and not facts.is_main_leader:
        return _(
            "By measure 3, the head of the county's party committee or government is responsible leader of a project "
            "that the commission has picked as major; this person is not entered as one of them."
        )
    if facts.post == "county_leader" and facts.is_main_leader and not facts.is_major:
        return _(
            "By measure 3, another leader of county division rank answers for a project that is not picked as major; "
            "the heads of party committee and government answer for the major ones."
        )
    return ""
