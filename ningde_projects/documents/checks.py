"""What must hold before the first file is opened (control B51)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import openpyxl
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from . import conf


@register(Tags.security)
def xml_is_defused(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if openpyxl.DEFUSEDXML:
        return []
    return [
        Error(
            "defusedxml is not in use: workbooks of strangers would be read by an open XML parser.",
            hint="Install defusedxml and leave OPENPYXL_DEFUSEDXML unset.",
            id="documents.E001",
        )
    ]


@register(Tags.security)
def files_are_private(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    root = conf.private_root().resolve()
    served = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    if not any(folder and root.is_relative_to(str(folder)) for folder in served):
        return []
    return [Error("DOCUMENTS_ROOT lies in a folder that is served.", id="documents.E002")]
