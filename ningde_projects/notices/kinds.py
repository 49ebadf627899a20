"""The wording of notices: registered by the apps that send them, rendered in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class NoticeKind:
    """`title` and `body` are %-templates over the notice's params."""

    key: str
    title: str | Promise
    body: str | Promise
    icon: str = "bell"
    tone: str = "sea"
    #: Matters that go out over the person's channels too, not to the inbox only.
    outgoing: bool = True
    #: Only for the eyes of the recipient: an office's group chat is told neither title nor number of these.
    restricted: bool = False


_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    for kind in kinds:
        if kind.key in _kinds:
            raise ValueError(f"notice kind {kind.key} is registered twice")
        _kinds[kind.key] = kind


def kind_of(key: str) -> NoticeKind:
    return _kinds[key]


def all_kinds() -> list[NoticeKind]:
    return list(_kinds.values())


def worded(template: str | Promise, params: Mapping[str, Any]) -> str:
    return str(template) % params
