"""What the shell needs to know of the person at the page.

``organizations.actor.Actor`` fulfils this; the protocol keeps the shell free of models, so that
navigation and error pages can be tried without a database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol, cast, runtime_checkable

from django.http import HttpRequest
from django.utils import timezone


@runtime_checkable
class ActorLike(Protocol):
    """Someone signed in, with the duties held now."""

    @property
    def user(self) -> Any: ...

    @property
    def duties(self) -> Collection[Any]: ...

    @property
    def organisation(self) -> Any: ...

    def has(self, duty: Any, organisations: Iterable[int] | None = None) -> bool: ...


def actor_of(request: HttpRequest) -> ActorLike | None:
    """The actor the middleware has set; ``None`` for a visitor or before the middleware ran."""
    actor = getattr(request, "actor", None)
    if not actor:
        return None
    user = getattr(actor, "user", None)
    if user is None or not getattr(user, "is_authenticated", True):
        return None
    return cast("ActorLike", actor)


def now_of(request: HttpRequest) -> datetime:
    """The one "now" of this request; from the clock only when the middleware did not run (error pages)."""
    now = getattr(request, "now", None)
    return now if isinstance(now, datetime) else timezone.now()


def person_name(user: Any) -> str:
    """The name as Chinese offices write it: family name first, no space."""
    name = getattr(user, "name", "") or getattr(user, "display_name", "")
    if name:
        return str(name)
    full = f"{getattr(user, 'last_name', '')}{getattr(user, 'first_name', '')}"
    return full or str(user.get_username())


def duty_label(duty: Any) -> str:
    return str(getattr(duty, "label", duty))


def duties_text(actor: ActorLike) -> str:
    """Duties for the account menu, in a steady order."""
    return "、".join(sorted({duty_label(d) for d in actor.duties}))
