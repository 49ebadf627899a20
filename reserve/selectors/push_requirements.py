"""Which facts a platform asks for on a day: the edition in force, else the list that installations begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..models import PushRequirement
from ..rules.push_fields import BUNDLED, known_fields


@dataclass(frozen=True)
class Requirement:
    """Edition 0 is the bundled list."""

    target: str
    number: int
    fields: tuple[str, ...]


def requirement_for(target: str, on: date) -> Requirement:
    row = PushRequirement.objects.filter(target=target, valid_from__lte=on).order_by("-valid_from").first()
    if row is None:
        return Requirement(target, 0, known_fields(BUNDLED[target]))
    return Requirement(target, row.number, known_fields(row.fields))
