"""A file that is encrypted and authenticated piece by piece: written in one go, read from any place.

    head      magic, salt (16), verifier (32)
    pieces    AES-256-GCM over at most 1 MiB each, with a tag of 16 bytes

Key and verifier come from the passphrase by scrypt with the salt of this file, so a key is never used twice and the
number of the piece is its nonce. The nonce also says whether the piece is the last: a piece left out, exchanged or
cut off does not open.
"""

from __future__ import annotations

import hmac
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .faults import BackupFault

MAGIC = b"nd-backup-1\n"
SALT, VERIFIER, TAG = 16, 32, 16
HEAD = len(MAGIC) + SALT + VERIFIER
PIECE = 1 << 20


def _derive(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    """Key and verifier; 64 MiB and some tenths of a second for each guess."""
    both = Scrypt(salt=salt, length=32 + VERIFIER, n=2**16, r=8, p=1).derive(passphrase.encode())
    return both[:32], both[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + int(last).to_bytes(4, "big")


class SealingWriter(io.RawIOBase):
    """Encrypts what is written to it; closing writes the last piece and leaves `target` open."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        key, verifier = _derive(passphrase, salt)
        self._target, self._cipher = target, AESGCM(key)
        self._head = MAGIC + salt + verifier
        self._waiting = bytearray()
        self._number = 0
        target.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > PIECE:  # what may be the last piece waits for close()
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Decrypts `source`, which must be seekable; every piece is authenticated before any of it is handed out."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        self._head = source.read(HEAD)
        if not self._head.startswith(MAGIC) or len(self._head) < HEAD:
            raise BackupFault("This is no backup of this system: name a file that `manage.py backup` wrote.")
        salt, verifier = self._head[len(MAGIC) : -VERIFIER], self._head[-VERIFIER:]
        key, expected = _derive(passphrase, salt)
        if not hmac.compare_digest(verifier, expected):
            raise BackupFault(
                "The passphrase does not open this backup (or its first bytes are damaged): set BACKUP_PASSPHRASE "
                "to the one that was in force when it was taken, or use another copy of the file."
            )
        self._cipher = AESGCM(key)
        body = source.seek(0, io.SEEK_END) - HEAD
        self._pieces = -(-body // (PIECE + TAG))
        self._size = body - self._pieces * TAG
        if self._pieces == 0 or self._size < 0:
            raise self._damaged(0)
        self._place = 0
        self._kept: tuple[int, bytes] = (-1, b"")

    def verify(self) -> None:
        """Open every piece once, so that damage is known before anything is touched."""
        for number in range(self._pieces):
            self._piece(number)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._place >= self._size:
            return 0
        number, begin = divmod(self._place, PIECE)
        found = self._piece(number)[begin : begin + len(buffer)]
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def _piece(self, number: int) -> bytes:
        if self._kept[0] != number:
            self._source.seek(HEAD + number * (PIECE + TAG))
            nonce = _nonce(number, last=number == self._pieces - 1)
            try:
                opened = self._cipher.decrypt(nonce, self._source.read(PIECE + TAG), self._head)
            except InvalidTag as wrong:
                raise self._damaged(number) from wrong
            self._kept = (number, opened)
        return self._kept[1]

    def _damaged(self, number: int) -> BackupFault:
        return BackupFault(
            f"The backup is damaged or cut off (piece {number + 1} of {max(self._pieces, 1)}): use another copy of the "
            "file or an older backup. Nothing of this one was used."
        )
