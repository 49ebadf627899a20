"""A server does not start half-configured, and once it starts it is tight."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.production",
    "SECRET_KEY": "".join(chr(code) for code in range(65, 123) if chr(code).isalpha()),
    "DATABASE_URL": "postgresql://nd_app:secret@db.example/ningde",
    "REDIS_URL": "redis://redis.example:6379",
    "PUBLIC_BASE_URL": "https://projects.example",
}


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Django's own deployment check under these variables, warnings being failures; None takes one away."""
    variables = {name: value for name, value in (COMPLETE | changes).items() if value is not None}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=kept | variables, capture_output=True, text=True)


def test_a_complete_configuration_passes_djangos_deployment_check_without_a_warning() -> None:
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL"])
def test_nothing_starts_while_a_variable_is_missing(name: str) -> None:
    settings = {**COMPLETE, name: ""}
    if name == "PUBLIC_BASE_URL":
        settings[name] = "http://projects.example"  # it has a default, which is not a server's
    done = start(**settings)
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("TRUSTED_PROXIES", "10.0.0.1 10.0.0.2"),
    ],
)
def test_nothing_starts_with_a_dangerous_value(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr
