"""导出项目档案: the workbook of one project, as this person may see it."""

from __future__ import annotations

import tempfile
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ningde_projects.documents.lists import CONTENT_TYPES, Heading, write_book
from ningde_projects.documents.responses import file_response
from ningde_projects.documents.text import export_file_name
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell.formats import full_stamp
from ningde_projects.workflow.door import record

from .. import dossier as book
from ..selectors import project_of


@require_safe
def dossier(request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
    project = project_of(request.actor, public_id)
    made = book.made_line(request.actor.user, full_stamp(request.now))
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  (the response closes it)
    pages = book.pages_of(project, request.actor, request.now)
    rows = write_book(
        file,
        (
            (sheet, found, Heading(f"{project.name} · {sheet.heading()}", made_line=made))
            for sheet, found in pages
        ),
    )
    file.seek(0)
    record(
        "own_list", "dossier", by=request.actor, at=request.now, obj=project,
        data={"rows": rows, "sheets": len(pages)},
    )  # fmt: skip
    name = export_file_name([project.name[:40], _("Project dossier")], request.now, "xlsx")
    return file_response(file, name, CONTENT_TYPES["xlsx"])
