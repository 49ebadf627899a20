"""The object permission of whoever answers for a project: it begins with the post and ends with it (M3.4, point 15).

`projects.answer_for_project` is granted through django-guardian, to a person on one project. What a list shows does
*not* follow from it: visibility stays the one condition of querysets.py, which reads `Responsible` itself. Guardian's
table would say the same through a text key and a second join, and a row that a crash left behind would show a project
to the wrong person; so the grant follows the assignments, is never asked by a list, and can always be made anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from guardian.models import UserObjectPermission

from .models import Project, Responsible

CODENAME = "answer_for_project"
PERMISSION = f"projects.{CODENAME}"


def follow(pairs: Iterable[tuple[int, int]]) -> None:
    """Make the grants of these (project, person) pairs agree with who answers now; four statements at most."""
    asked = set(pairs)
    if not asked:
        return
    kind = ContentType.objects.get_for_model(Project)
    permission = Permission.objects.get(content_type=kind, codename=CODENAME)
    wanted = asked & set(
        Responsible.objects.filter(
            project__in={p for p, _u in asked}, user__in={u for _p, u in asked}, valid_to__isnull=True
        ).values_list("project_id", "user_id")
    )
    UserObjectPermission.objects.bulk_create(
        [
            UserObjectPermission(
                user_id=user, permission=permission, content_type=kind, object_pk=str(project)
            )
            for project, user in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    ended = Q(pk__in=[])
    for project, user in asked - wanted:
        ended |= Q(user=user, object_pk=str(project))
    UserObjectPermission.objects.filter(ended, permission=permission, content_type=kind).delete()
