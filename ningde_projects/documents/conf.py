"""What a deployment may set about files; every figure has a default (security.md, Bad inputs)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

MEGABYTE = 1024 * 1024


def _setting(name: str, default: Any) -> Any:
    return getattr(settings, name, default)


def private_root() -> Path:
    """Where uploads and made files lie: outside static and media, never served by address."""
    return Path(_setting("DOCUMENTS_ROOT", Path(settings.MEDIA_ROOT) / "documents"))


def max_upload_bytes() -> int:
    return int(_setting("UPLOAD_MAX_BYTES", 20 * MEGABYTE))


def max_subject_bytes() -> int:
    """All files of one subject together."""
    return int(_setting("DOCUMENTS_MAX_SUBJECT_BYTES", 300 * MEGABYTE))


def max_subject_files() -> int:
    return int(_setting("DOCUMENTS_MAX_SUBJECT_FILES", 60))


def background_rows() -> int:
    """A list longer than this is written by a worker (performance.md)."""
    return int(_setting("DOCUMENTS_BACKGROUND_ROWS", 2000))


def export_lifetime() -> timedelta:
    return timedelta(hours=float(_setting("DOCUMENTS_EXPORT_HOURS", 24)))


def import_lifetime() -> timedelta:
    """How long a preview can still be confirmed."""
    return timedelta(hours=float(_setting("DOCUMENTS_IMPORT_HOURS", 24)))


def scanner_address() -> str:
    """Address of clamd: 'unix:/run/clamd.sock' or 'tcp:127.0.0.1:3310'; empty = no virus scanner."""
    return str(_setting("DOCUMENTS_SCANNER", ""))


def accel_prefix() -> str:
    """Internal location of nginx for X-Accel-Redirect ('/_private/'); empty = Django sends the bytes."""
    return str(_setting("DOCUMENTS_ACCEL_PREFIX", ""))


def memory_limit_bytes() -> int:
    """Address space of the process that opens a stranger's file."""
    return int(_setting("DOCUMENTS_SANDBOX_MEMORY_BYTES", 1024 * MEGABYTE))


def cpu_limit_seconds() -> int:
    return int(_setting("DOCUMENTS_SANDBOX_CPU_SECONDS", 20))
