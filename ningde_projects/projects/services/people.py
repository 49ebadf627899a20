"""Who answers for a project: named for a post from a day on; who held it before stays on record (point 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Place, User
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken

from .. import grants, policies, posts_on_file
from ..models import Post, Project, Responsible
from ..rules import rank_error
from ..selectors import candidates
from . import changes


def assign(
    project: Project,
    post: str,
    place: Place | None,
    user: User,
    since: date,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Responsible:
    """Name a person for a post (M3.1–M3.4); whoever held it steps down the day before."""
    with transaction.atomic():
        changes.lock(project, version)
        holder = _held(direct_right(by, project, post, place))
        _check(project, post, place, user, since, at)
        now = _current(project, post, place)
        if now and now.user_id == user.pk:
            raise RuleBroken(_("{name} holds this post already.").format(name=user.name), field="user")
        if now:
            _step_down(now, since)
        fresh = Responsible.objects.create(
            project=project, post=post, place=place, user=user, valid_from=since
        )
        grants.follow((project.pk, person) for person in (user.pk, now.user_id if now else user.pk))
        act = _log(project, post, place, now, user, since, by, at, holder)
        _tell(project, post, user, now.user if now else None, by, at, act)
    return fresh


def dismiss(
    project: Project,
    post: str,
    place: Place | None,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Someone leaves a post and nobody follows yet."""
    with transaction.atomic():
        changes.lock(project, None)
        holder = _held(direct_right(by, project, post, place))
        now = _current(project, post, place)
        if now is None:
            raise RuleBroken(_("Nobody holds this post."))
        if not reason.strip():
            raise RuleBroken(_("A reason is required."), field="reason")
        if last_day > local_date(at):
            raise RuleBroken(_("The last day lies in the future."), field="since")
        _step_down(now, last_day + timedelta(days=1))
        grants.follow([(project.pk, now.user_id)])
        _bump(project)
        changes.log(
            "dismiss", project, by=by, at=at, holder=holder, reason=reason.strip(), post=post,
            place=place.name if place else "", before=now.user.name,
        )  # fmt: skip


def direct_right(by: Actor, project: Project, post: str, place: Place | None) -> policies.Right:
    """The right to name or dismiss on the project's own page; a post that a filed list covers has another door."""
    place_id = place.pk if place else None
    right = policies.post_right(by, project, post, place_id)
    filed = posts_on_file.posts_of(project, by).get((str(post), place_id))
    return NotAllowed(filed.reason) if isinstance(right, Held) and filed else right


@dataclass(frozen=True)
class Naming:
    """A person named for a post from a day on, as a filed list says it."""

    project_id: int
    place: Place | None
    post: str
    user: User
    since: date


@dataclass(frozen=True)
class Named:
    """What came of a naming: who answers now, and who did before."""

    project: Project
    place: Place | None
    post: str
    before: User | None
    after: User


def assign_in_sets(
    namings: Iterable[Naming], *, by: Actor, at: datetime, holder: Held, reason: str
) -> list[Named]:
    """Put a whole list into effect; those who hold their post already stay as they are.

    Rank and duty have been checked with the list, and its receipt is the right to do this. The rows are read and
    written together, whatever the number; only the record has a line for each post that changed.
    """
    wanted = {(n.project_id, n.place.pk if n.place else None, n.post): n for n in namings}
    with transaction.atomic():
        ids = {n.project_id for n in wanted.values()}
        projects = {p.pk: p for p in Project.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        held = {
            (r.project_id, r.place_id, r.post): r
            for r in Responsible.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(project__in=ids, valid_to__isnull=True)
        }
        anew = [
            (n, held.get(key))
            for key, n in wanted.items()
            if (now := held.get(key)) is None or now.user_id != n.user.pk
        ]
        _replace(anew)
        touched = {n.project_id for n, _now in anew}
        Project.objects.filter(pk__in=touched).update(version=F("version") + 1, updated_at=at)
        return [_named(n, now, projects[n.project_id], by, at, holder, reason) for n, now in anew]


def _replace(anew: list[tuple[Naming, Responsible | None]]) -> None:
    """Whoever is followed steps down the day before, though not before he came."""
    fresh, ended, people = [], [], set()
    for naming, now in anew:
        since = max(naming.since, now.valid_from) if now else naming.since
        people.add((naming.project_id, naming.user.pk))
        if now:
            now.valid_to = max(since - timedelta(days=1), now.valid_from)
            now.version += 1
            ended.append(now)
            people.add((now.project_id, now.user_id))
        fresh.append(
            Responsible(
                project_id=naming.project_id, place=naming.place, post=naming.post, user=naming.user,
                valid_from=since,
            )
        )  # fmt: skip
    Responsible.objects.bulk_update(ended, ["valid_to", "version"])
    Responsible.objects.bulk_create(fresh)
    grants.follow(people)


def _named(
    naming: Naming,
    now: Responsible | None,
    project: Project,
    by: Actor,
    at: datetime,
    holder: Held,
    reason: str,
) -> Named:
    changes.log(
        "assign", project, by=by, at=at, holder=holder, reason=reason, post=naming.post,
        place=naming.place.name if naming.place else "", before=now.user.name if now else "",
        after=naming.user.name, since=naming.since.isoformat(),
    )  # fmt: skip
    return Named(project, naming.place, naming.post, now.user if now else None, naming.user)


def _check(project: Project, post: str, place: Place | None, user: User, since: date, at: datetime) -> None:
    if post not in Post.values:
        raise RuleBroken(_("There is no such post."), field="post")
    if place and not project.parts.filter(place=place).exists() and place.pk != project.place_id:
        raise RuleBroken(_("The project has no part in {place}.").format(place=place.name))
    if not candidates(project, post, place, at).filter(pk=user.pk).exists():
        raise RuleBroken(
            _("{name} has no such duty in an office of this side.").format(name=user.name), field="user"
        )
    if wrong := rank_error(post, user.rank):
        raise RuleBroken(wrong, field="user")
    # What a person may see follows from the post, so it does not begin before its day.
    if since > local_date(at):
        raise RuleBroken(_("The first day lies in the future; enter the change on that day."), field="since")


def _current(project: Project, post: str, place: Place | None) -> Responsible | None:
    return (
        project.responsibles.select_for_update(of=("self",))
        .select_related("user")
        .filter(post=post, place=place, valid_to__isnull=True)
        .first()
    )


def _step_down(now: Responsible, successor_from: date) -> None:
    if successor_from < now.valid_from:
        raise RuleBroken(
            _("{name} has held the post only since {day}.").format(name=now.user.name, day=now.valid_from),
            field="since",
        )
    now.valid_to = max(successor_from - timedelta(days=1), now.valid_from)
    now.version += 1
    now.save()


def _bump(project: Project) -> None:
    project.version += 1
    project.save(update_fields=["version", "updated_at"])


def _log(
    project: Project,
    post: str,
    place: Place | None,
    now: Responsible | None,
    user: User,
    since: date,
    by: Actor,
    at: datetime,
    holder: Held,
) -> Act:
    _bump(project)
    return changes.log(
        "assign", project, by=by, at=at, holder=holder, post=post, place=place.name if place else "",
        before=now.user.name if now else "", after=user.name, since=since.isoformat(),
    )  # fmt: skip


def _tell(
    project: Project, post: str, user: User, before: User | None, by: Actor, at: datetime, act: Act
) -> None:
    """Both learn of it: who answers from now on, and who no longer does."""
    params = {"project": project.name, "post": str(Post(post).label), "by": by.user.name}
    url = reverse("projects:detail", args=[project.public_id])
    notify("project_named", [user], at=at, dedupe=f"act:{act.pk}", params=params, url=url)
    if before is not None:
        notify("project_unnamed", [before], at=at, dedupe=f"act:{act.pk}:before", params=params)


def _held(right: policies.Right) -> Held:
    if isinstance(right, NotAllowed):
        raise right
    return right
