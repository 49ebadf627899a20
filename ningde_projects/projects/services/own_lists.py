"""What a person keeps of the list for himself: nobody else sees it, and it gives no right to any project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..models import Follow, ListColumns, Project, SavedView

MOST_VIEWS = 30
_RECORD = "own_list"


def follow(project: Project, wanted: bool, *, by: Actor, at: datetime) -> None:
    """Take up or leave off; asked twice it is one act."""
    with transaction.atomic():
        if wanted:
            _follow, changed = Follow.objects.get_or_create(
                user=by.user, project=project, defaults={"at": at}
            )
        else:
            changed = bool(Follow.objects.filter(user=by.user, project=project).delete()[0])
        if changed:
            record(_RECORD, "follow" if wanted else "unfollow", by=by, at=at, obj=project)


def choose_columns(keys: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Keep them for this person; none chosen is the usual set again."""
    with transaction.atomic():
        if keys:
            ListColumns.objects.update_or_create(user=by.user, defaults={"keys": list(keys)})
        else:
            ListColumns.objects.filter(user=by.user).delete()
        record(_RECORD, "columns", by=by, at=at, data={"columns": list(keys)})


def save_view(name: str, query: str, *, is_default: bool, by: Actor, at: datetime) -> SavedView:
    with transaction.atomic():
        if SavedView.objects.filter(user=by.user).count() >= MOST_VIEWS:
            raise WrongState(
                _("You have saved {n} views already. Delete one that you no longer need.").format(
                    n=MOST_VIEWS
                )
            )
        if is_default:
            _no_default(by)
        view = SavedView(user=by.user, name=name, query=query, is_default=is_default, at=at)
        _store(view)
        record(_RECORD, "save_view", by=by, at=at, text=name, data={"query": query})
    return view


def change_view(view: SavedView, name: str, *, is_default: bool, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        if is_default and not view.is_default:
            _no_default(by)
        before, view.name, view.is_default = view.name, name, is_default
        _store(view)
        record(_RECORD, "change_view", by=by, at=at, text=name, data={"before": before})


def delete_view(view: SavedView, *, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        record(_RECORD, "delete_view", by=by, at=at, text=view.name, data={"query": view.query})
        view.delete()


def view_of(actor: Actor, public_id: UUID) -> SavedView:
    """One's own only; DoesNotExist for everyone else's."""
    return SavedView.objects.get(user=actor.user, public_id=public_id)


def _store(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as known:
        raise RuleBroken(
            _("You have a view of this name already. Choose another name."), field="name"
        ) from known


def _no_default(by: Actor) -> None:
    SavedView.objects.filter(user=by.user, is_default=True).update(is_default=False)
