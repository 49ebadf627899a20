"""Projects from Excel or CSV: every row checked by the register's own rules, then all carried out or none.

A row is an existing project when its code, or its county and name, are in the register; an empty cell then leaves
the field as it is. What the county bureau does not decide (level, management) it cannot import either.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from ningde_projects.documents.imports import Importer, Params
from ningde_projects.documents.sheets import Sheet
from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.refusals import NotAllowed

from .. import policies
from ..exports import KIND, columns
from .carry_out import apply
from .check import check_rows


def _sheet() -> Sheet:
    return Sheet(
        key=KIND,
        name=gettext_lazy("Projects"),
        title=gettext_lazy("Table of projects to enter"),
        unit_line=gettext_lazy("Unit: 10,000 yuan"),
        columns=columns(),
    )


def refuse(actor: Actor, params: Params) -> str:
    right = policies.creating_right(actor)
    return str(right) if isinstance(right, NotAllowed) else ""


def importer() -> Importer:
    """Made when the apps are ready: its columns ask the database only when they are shown."""
    return Importer(
        kind=KIND,
        title=gettext_lazy("Import projects"),
        apply=apply,
        refuse=refuse,
        sheet=_sheet(),
        check_rows=check_rows,
        explanation=gettext_lazy(
            "A row with a code, or with county and name, that the register knows changes that project; an empty cell "
            "leaves the field as it is. Other rows enter new projects. Nothing is written before you confirm the preview."
        ),
        back_url=lambda params: reverse("projects:list"),
    )
