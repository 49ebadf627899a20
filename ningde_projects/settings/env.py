"""Typed reading of the environment.

Every setting that an operator can turn is read through one of these functions, so that a misspelt value
stops the start with a sentence that names the variable, what was found and what is allowed, instead of being
taken for
a default.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
PLACEHOLDERS = ("change-me", "changeme", "example", "insecure")


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands; without a default it must be set and not be empty."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set.")
    return default


def secret(name: str, *, minimum: int = 32) -> str:
    """A secret of at least `minimum` characters that is not a placeholder."""
    value = text(name)
    if len(value) < minimum:
        raise ImproperlyConfigured(f"{name} has {len(value)} characters; at least {minimum} are needed.")
    if any(word in value.lower() for word in PLACEHOLDERS):
        raise ImproperlyConfigured(f"{name} still holds the placeholder of the example file.")
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(sorted(TRUE | FALSE))}.")


def number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdecimal() or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {at_least} to {at_most}.")
    return int(value)


def choice(name: str, options: Sequence[str], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(options)}.")
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list written with commas."""
    value = os.environ.get(name, "")
    found = [word.strip() for word in value.split(",") if word.strip()]
    return found or list(default)


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Addresses (10.0.0.5) and networks (10.0.0.0/24), written with commas."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; write addresses or networks with commas.") from error


def folder(name: str, default: Path) -> Path:
    """An absolute path."""
    value = Path(text(name, str(default)))
    if not value.is_absolute():
        raise ImproperlyConfigured(f"{name} is {str(value)!r}; write an absolute path.")
    return value


def web_address(name: str, default: str | None = None) -> str:
    """An http(s) address without path, e.g. the one written into e-mails."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {value!r}; write scheme and host only, such as https://host.")
    return value


def database(name: str) -> dict[str, Any]:
    """Django's dictionary for `postgresql://user:password@host:port/database?sslmode=…`.

    A unix socket is named as `postgresql://user@/database?host=/folder`. Only PostgreSQL is accepted:
    constraints, triggers and locks that the product relies on exist nowhere else.
    """
    value = text(name)
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql://, not {parts.scheme!r}://.")
    base = parts.path.lstrip("/")
    if not base or not parts.username:
        raise ImproperlyConfigured(f"{name} must name a user and a database.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(base),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(options),
    }


@dataclass(frozen=True)
class RedisAddresses:
    """One server, three spellings: as given, for the task broker (database 0), for the cache (1)."""

    server: str
    broker: str
    cache: str


def redis(name: str) -> RedisAddresses:
    """`redis://[:password@]host:port`, `rediss://…` or `unix:///path`, without a database number."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme == "unix" and parts.path:
        socket = parts.path
        return RedisAddresses(
            server=value, broker=f"redis+socket://{socket}?virtual_host=0", cache=f"unix://{socket}?db=1"
        )
    if parts.scheme in {"redis", "rediss"} and parts.hostname and not parts.path:
        return RedisAddresses(server=value, broker=f"{value}/0", cache=f"{value}/1")
    raise ImproperlyConfigured(
        f"{name} must be redis://host:port, rediss://host:port or unix:///path, without a database number."
    )
