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
    body = body_of(response)
    headers = unquote(" ".join(f"{k}: {v}" for k, v in response.headers.items()))
    if body[:2] != b"PK":
        return headers + body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return headers + " ".join(archive.read(n).decode(errors="replace") for n in archive.namelist())
