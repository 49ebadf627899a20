"""What hangs on dispatch: the month's lists and what follows from them; by route."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.dispatch import problem_list_story

Address = dict[str, Any]


def addresses(cast: Cast) -> dict[str, Address]:
    return problem_list_story.addresses(cast)
