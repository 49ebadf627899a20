"""Major projects of a year, picked by the commission; and who heads a county (M3.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held, in_force
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Assignment, Place, User
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Project, Stage
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import RuleBroken, WrongState

from ..models import MainLeader, MajorPick
from ..models.lists import Head
from ..policies import lists as policies
from .lists import effective_error, need


def pick(project: Project, year: int, reason: str, *, by: Actor, at: datetime) -> MajorPick:
    holder = need(policies.picking_right(by))
    reason = _reason(reason)
    with transaction.atomic():
        project.refresh_from_db(from_queryset=Project.objects.select_for_update())
        if not project.is_key or project.stage in (Stage.COMPLETED, Stage.EXITED):
            raise RuleBroken(_("Major projects are picked from the key projects that are not over."))
        if MajorPick.objects.filter(project=project, year=year, withdrawn_at__isnull=True).exists():
            raise WrongState(_("This project is picked for {year} already.").format(year=year))
        made = MajorPick.objects.create(
            project=project, year=year, reason=reason, picked_at=at, picked_by_text=_who(by)
        )
        _record("major_pick", "pick", made, project, holder, reason, by, at, year=year)
    return made


def withdraw(project: Project, year: int, reason: str, *, by: Actor, at: datetime) -> None:
    holder = need(policies.picking_right(by))
    reason = _reason(reason)
    with transaction.atomic():
        made = (
            MajorPick.objects.select_for_update()
            .filter(project=project, year=year, withdrawn_at__isnull=True)
            .first()
        )
        if made is None:
            raise WrongState(_("This project is not picked for {year}.").format(year=year))
        made.withdrawn_at, made.withdrawn_by_text, made.withdrawal_reason = at, _who(by), reason
        made.save()
        _record("major_pick", "withdraw", made, project, holder, reason, by, at, year=year)


def set_head(place: Place, head: str, user: User, since: date, *, by: Actor, at: datetime) -> MainLeader:
    """Enter who heads a county; whoever did before stays on record until the day before."""
    holder = need(policies.heads_right(by, place))
    if head not in Head.values:
        raise RuleBroken(_("There is no such position."), field="head")
    if user.pk not in {u.pk for u in possible_heads(place, at)}:
        raise RuleBroken(
            _("{name} is no leader of {place}: the person needs the duty “Responsible leader” there.").format(
                name=user.name, place=place.name
            ),
            field="user",
        )
    if wrong := effective_error(since, at):
        raise RuleBroken(wrong, field="since")
    with transaction.atomic():
        Place.objects.select_for_update().get(pk=place.pk)
        now = MainLeader.objects.filter(place=place, head=head, valid_to__isnull=True).first()
        if now is not None and now.user_id == user.pk:
            raise RuleBroken(_("{name} is entered already.").format(name=user.name), field="user")
        if now is not None:
            if since <= now.valid_from:
                raise RuleBroken(
                    _("{name} has held the post only since {day}.").format(
                        name=now.user.name, day=now.valid_from
                    ),
                    field="since",
                )
            now.valid_to, now.version = since - timedelta(days=1), now.version + 1
            now.save()
        made = MainLeader.objects.create(place=place, head=head, user=user, valid_from=since)
        record("main_leader", "set", by=by, at=at, obj=made, holder=holder, place_id=place.pk,
               text=f"{place.name} {Head(head).label}",
               data={"post": head, "before": now.user.name if now else "", "after": user.name,
                     "since": since.isoformat()})  # fmt: skip
    return made


def possible_heads(place: Place, at: datetime) -> list[User]:
    """Leaders of the county's government office (party leaders have their accounts there too)."""
    held = Assignment.objects.filter(
        in_force(at), duty=Duty.LEAD, organisation__kind=OrgKind.COUNTY_GOVERNMENT, organisation__place=place
    )
    return list(
        User.objects.filter(
            pk__in=held.values("user"), is_active=True, rank__in=["county", "county_head"]
        ).select_related("organisation")
    )


def current_year(at: datetime) -> int:
    return local_date(at).year


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleBroken(_("A reason is required."), field="reason")
    return text.strip()


def _who(by: Actor) -> str:
    return f"{by.organisation.short_name} {by.user.name}"[:80]


def _record(
    machine: str, name: str, made: MajorPick, project: Project, holder: Held, reason: str, by: Actor,
    at: datetime, **data: object,
) -> None:  # fmt: skip
    record(machine, name, by=by, at=at, obj=made, holder=holder, reason=reason, text=project.name, data=data,
           project_id=project.pk, place_id=project.place_id)  # fmt: skip
