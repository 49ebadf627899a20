"""Talks to a virus scanner (clamd) over its socket. A scanner that is down finds nothing clean (control B47)."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from typing import IO

_CHUNK = 64 * 1024
_TIMEOUT = 30.0


class ScannerDown(Exception):
    """No answer: the file stays pending."""


def scan(address: str, file: IO[bytes]) -> str | None:
    """The name of what was found, or None for a clean file. `address` is unix:/path or tcp:host:port."""
    try:
        with closing(_connect(address)) as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                line.sendall(struct.pack("!I", len(chunk)) + chunk)
            line.sendall(struct.pack("!I", 0))
            answer = _answer(line)
    except OSError as wrong:
        raise ScannerDown(str(wrong)) from wrong
    if answer.endswith("OK"):
        return None
    if answer.endswith("FOUND"):
        return answer.removesuffix("FOUND").partition(":")[2].strip() or "?"
    raise ScannerDown(answer[:100])


def _connect(address: str) -> socket.socket:
    kind, _colon, rest = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_TIMEOUT)
        line.connect(rest)
        return line
    host, _colon, port = rest.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_TIMEOUT)


def _answer(line: socket.socket) -> str:
    parts: list[bytes] = []
    while not (parts and parts[-1].endswith(b"\0")):
        part = line.recv(4096)
        if not part:
            break
        parts.append(part)
    return b"".join(parts).rstrip(b"\0").decode(errors="replace").strip()
