"""What an answer says, whatever its form: pages as text, workbooks unzipped, streams joined."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import unquote


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def text_of(response: Any) -> str:
    """All words of an answer, its headers included (a file name may give something away)."""
    headers = unquote(" ".join(f"{k}: {v}" for k, v in response.headers.items()))
    return headers + _words(body_of(response))


def _words(data: bytes) -> str:
    """Archives are opened, also those within archives; the names of what they hold are words too."""
    if data[:2] != b"PK":
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return " ".join(f"{name} {_words(archive.read(name))}" for name in archive.namelist())
