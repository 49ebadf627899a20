"""A request with a person and a clock, and registries that forget what a test put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from ningde_projects.shell import home, navigation

TZ = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment of 2026 in Ningde."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=TZ)


@dataclass(frozen=True)
class Person:
    """A user as far as the shell looks."""

    name: str = "陈晓燕"
    pk: int = 7
    is_authenticated: bool = True


@dataclass(frozen=True)
class SomeActor:
    """Fulfils ``shell.actor.ActorLike`` without a database."""

    duties: frozenset[Any] = frozenset({"项目业主"})
    user: Person = field(default_factory=Person)
    organisation: str = "霞浦县城建水务发展有限公司"

    def has(self, duty: Any, organisations: Any = None) -> bool:
        return duty in self.duties


NOW = at(11, 5, 14, 32, 8)


@pytest.fixture
def make_request() -> Callable[..., HttpRequest]:
    """A request as the middleware leaves it; ``actor=None`` is a visitor."""

    def make(
        path: str = "/", *, actor: SomeActor | None = None, method: str = "get", **kwargs: Any
    ) -> HttpRequest:
        request: HttpRequest = getattr(RequestFactory(), method)(path, **kwargs)
        request.actor = actor  # type: ignore[attr-defined]
        request.now = NOW  # type: ignore[attr-defined]
        request.user = actor.user if actor else None  # type: ignore[assignment]
        return request

    return make


@pytest.fixture
def rendered() -> Callable[..., str]:
    """A snippet with our tags loaded, rendered with these variables."""

    def render(snippet: str, **values: Any) -> str:
        return Template("{% load i18n nd %}" + snippet).render(Context(values))

    return render


@pytest.fixture(autouse=True)
def strict_icons(settings: Any) -> None:
    settings.ICONS_STRICT = True


@pytest.fixture
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test registers is there."""
    monkeypatch.setattr(navigation, "_entries", {})
    for name in ("_counts", "_unread", "_period"):
        monkeypatch.setattr(navigation, name, [])
    monkeypatch.setattr(navigation, "_links", {})
    monkeypatch.setattr(home, "_homes", [])
