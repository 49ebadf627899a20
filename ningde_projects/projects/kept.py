"""What a person keeps of the list for himself, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ningde_projects.organizations.models import User
from ningde_projects.shell.together import rows_together

from .models import ListColumns, SavedView


class KeptView(NamedTuple):
    public_id: str
    name: str
    query: str
    is_default: bool


@dataclass(frozen=True)
class Kept:
    views: list[KeptView]
    #: Keys of the columns chosen; empty: the usual ones.
    columns: tuple[str, ...]


def kept_by(user: User) -> Kept:
    """One query."""
    found = rows_together(
        {
            "views": SavedView.objects.filter(user=user).values_list(*KeptView._fields),
            "columns": ListColumns.objects.filter(user=user).values_list("keys"),
        }
    )
    return Kept(
        [KeptView(*row) for row in found["views"]], tuple(key for (keys,) in found["columns"] for key in keys)
    )
