"""Tabler's icons, inlined: one cache for the process, no request and no icon font."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)

_NAME = re.compile(r"^[a-z0-9-]+$")
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Tabler's own invisible frame and the attributes our <svg> sets for all.
_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


class MissingIcon(LookupError):
    """The template names an icon that is not there; raised under test and in development."""


@cache
def body(name: str, *, filled: bool) -> str:
    """The drawing inside the <svg>; "" where there is none and the site must go on."""
    path = Path(settings.ICONS_DIR) / ("filled" if filled else "outline") / f"{name}.svg"
    found = _BODY.search(path.read_text(encoding="utf-8")) if _NAME.match(name) and path.is_file() else None
    if found is None:
        if settings.DEBUG or getattr(settings, "ICONS_STRICT", False):
            message = f"no icon {name!r} in {settings.ICONS_DIR}"
            raise MissingIcon(message)
        logger.error("icon missing", extra={"icon": name})
        return ""
    drawing = _FRAME.sub("", _COMMENT.sub("", found[1]))
    return re.sub(r"\s*\n\s*", "", drawing).strip()


def svg(name: str, css: str = "", *, filled: bool = False) -> SafeString:
    drawing = body(name, filled=filled)
    if not drawing:
        return SafeString("")
    return format_html(
        '<svg class="nd-i{}{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        " fl" if filled else "",
        f" {css}" if css else "",
        mark_safe(drawing),  # noqa: S308 - our own file from the pinned package
    )
