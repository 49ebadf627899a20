"""The two answers at the door of a page: hidden is 404, seen but not allowed is 403 with the reason."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.workflow.refusals import NotAllowed

from ..models import Project
from ..policies import Right, editing_right
from ..selectors import project_of


def granted(right: Right) -> Held:
    """The right, or the 403 page with its reason."""
    if isinstance(right, NotAllowed):
        raise PermissionDenied(str(right))
    return right


def editable(actor: Actor, public_id: UUID) -> tuple[Project, Held]:
    """A project that this person may change."""
    project = project_of(actor, public_id)
    return project, granted(editing_right(actor, project))
