"""A stranger's file is opened in a process of its own: little memory and time, an empty environment.

The scripts beside this file run alone (no Django, no package imports); `run` starts one and turns its end
into an answer or a FileRefused. Controls A16, F14.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from .. import conf
from ..refusals import FileRefused

Script = Literal["read_workbook", "read_csv", "annotate_workbook", "recode_image", "inspect_pdf"]

_HERE = Path(__file__).parent
#: The clock on the wall runs a little longer than the processor's.
_GRACE_SECONDS = 10
#: What a script may write to disk.
_OUTPUT_LIMIT = 400 * conf.MEGABYTE


def run(script: Script, *arguments: str | Path | int, payload: Any = None) -> dict[str, Any]:
    """Run a script to its end; gives its JSON, or raises FileRefused when it could not cope."""
    with tempfile.TemporaryFile() as answer:
        cpu = conf.cpu_limit_seconds()
        command = [
            sys.executable,
            "-I",
            "-B",
            str(_HERE / "launch.py"),
            str(conf.memory_limit_bytes()),
            str(cpu),
            str(_OUTPUT_LIMIT),
            str(_HERE / f"{script}.py"),
            *map(str, arguments),
        ]
        try:
            done = subprocess.run(  # noqa: S603  (our own interpreter and script; no shell)
                command,
                input=json.dumps(payload).encode(),
                stdout=answer,
                stderr=subprocess.PIPE,
                env={"PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "0", "PATH": ""},
                cwd=tempfile.gettempdir(),
                timeout=cpu + _GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise _too_slow() from slow
        answer.seek(0)
        return _answer(done.returncode, answer.read(), done.stderr)


def _answer(code: int, output: bytes, errors: bytes) -> dict[str, Any]:
    if code == 0:
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError as wrong:
            raise _unreadable("no answer") from wrong
        return answer
    if code in (-24, -9, 152, 137):  # SIGXCPU, SIGKILL
        raise _too_slow()
    if b"MemoryError" in errors or b"Cannot allocate memory" in errors:
        raise FileRefused(
            "memory",
            _("The file needs too much memory to open"),
            _("Delete empty formatted rows and columns, or split the file."),
        )
    raise _unreadable(errors[-300:].decode(errors="replace"))


def _too_slow() -> FileRefused:
    return FileRefused(
        "slow",
        _("The file takes too long to open"),
        _("Delete empty formatted rows and columns, or split the file."),
    )


def _unreadable(detail: str) -> FileRefused:
    refusal = FileRefused(
        "damaged",
        _("The file cannot be read"),
        _("Open it in the program that made it, save it again, and upload that."),
    )
    refusal.add_note(detail)
    return refusal
