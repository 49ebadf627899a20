"""Drawing up a hookup list: begun by its office, filled line by line, brought up to date (M3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month, local_date
from ningde_projects.periods.selectors import DeadlineBook
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, RuleBroken, StaleVersion, WrongState

from ..models import HookupLine, HookupList
from ..policies import lists as policies
from ..selectors.checks import key_of, picked
from ..selectors.people import candidates_of
from ..selectors.slots import Slot, answering, slots_of

MACHINE = "hookup_list"


def due_at(year: int, office_id: int, book: DeadlineBook | None = None) -> datetime:
    """D12: the first instant after 31 March, an extension included."""
    return (book or DeadlineBook()).deadline("D12", Month(year, 3), office_id)


def need(right: policies.Right) -> Held:
    if isinstance(right, NotAllowed):
        raise right
    return right


def open_list(office: Organisation, year: int, *, by: Actor, at: datetime) -> HookupList:
    """Begin the list of a year, filled with who answers now. Asking twice gives the same list."""
    holder = need(policies.filing_right(by, office))
    if year != local_date(at).year:
        raise RuleBroken(_("A list is drawn up in the year that it is for."), field="year")
    with transaction.atomic():
        known: HookupList | None = HookupList.objects.filter(office=office, year=year, number=0).first()
        if known is not None:
            return known
        slots = slots_of([office]).get(office.pk, [])
        if not slots:
            raise RuleBroken(_("There is no key project to name persons for."))
        try:
            with transaction.atomic():
                found = HookupList.objects.create(
                    office=office, year=year, side=policies.side_of(office), due_at=due_at(year, office.pk),
                    created_at=at,
                )  # fmt: skip
        except IntegrityError:
            # A colleague began it in the same moment.
            other: HookupList = HookupList.objects.get(office=office, year=year, number=0)
            return other
        _add(found, slots, at)
        note("open", found, by=by, at=at, holder=holder, lines=len(slots))
    return found


def draw(found: HookupList, *, by: Actor, at: datetime) -> dict[str, int]:
    """Bring the lines up to date: posts that came since are added with who answers now, those gone are taken out."""
    holder = need(policies.filing_right(by, found.office))
    with transaction.atomic():
        lock(found, None)
        _editable(found)
        if found.is_change:
            raise WrongState(_("A change names its own lines; there is nothing to bring up to date."))
        slots = slots_of([found.office]).get(found.office_id, [])
        lines = {key_of(line): line for line in found.lines.all()}
        wanted = {slot.key for slot in slots}
        gone = [line.pk for key, line in lines.items() if key not in wanted]
        found.lines.filter(pk__in=gone).delete()
        fresh = [slot for slot in slots if slot.key not in lines]
        _add(found, fresh, at)
        _number(found, slots)
        counts = {"new": len(fresh), "dropped": len(gone)}
        if fresh or gone:
            touch(found)
            note("draw", found, by=by, at=at, holder=holder, new=len(fresh), dropped=len(gone))
    return counts


def choose(
    line: HookupLine, user: User | None, *, by: Actor, at: datetime, version: int | None
) -> HookupLine:
    """Name a person in one line (None empties it); ranks are judged when the list is sent, and shown at once."""
    found = line.list
    holder = need(policies.filing_right(by, found.office))
    with transaction.atomic():
        lock(found, None)
        _editable(found)
        row = (
            HookupLine.objects.select_for_update(of=("self",))
            .select_related("user", "project__place", "place")
            .get(pk=line.pk)
        )
        if version is not None and version != row.version:
            raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))
        before = row.user
        if (before.pk if before else None) == (user.pk if user else None):
            return row
        if user is not None and user.pk not in {
            u.pk for u in candidates_of(found.office, at).get(row.post, [])
        }:
            raise RuleBroken(
                _("{name} has no such duty in an office of this side.").format(name=user.name), field="user"
            )
        row.user = user
        row.version += 1
        row.save(update_fields=["user", "version"])
        touch(found)
        note(
            "choose", found, by=by, at=at, holder=holder, project=row.project, post=row.post,
            place=row.place.name if row.place else "", before=before.name if before else "",
            after=user.name if user else "",
        )  # fmt: skip
    return row


def choose_many(
    found: HookupList, chosen: Iterable[tuple[int, User | None]], *, by: Actor, at: datetime
) -> int:
    """Name persons in many lines at once, as an import does: (line id, person) pairs, checked by the caller."""
    holder = need(policies.filing_right(by, found.office))
    wanted = dict(chosen)
    with transaction.atomic():
        lock(found, None)
        _editable(found)
        rows = list(found.lines.select_for_update(of=("self",)).filter(pk__in=wanted))
        changed = []
        for row in rows:
            user = wanted[row.pk]
            if row.user_id != (user.pk if user else None):
                row.user, row.version = user, row.version + 1
                changed.append(row)
        HookupLine.objects.bulk_update(changed, ["user", "version"])
        if changed:
            touch(found)
        note("import", found, by=by, at=at, holder=holder, lines=len(changed))
    return len(changed)


# ---- what the services of this noun share ----------------------------------------------------------------------


def lock(found: HookupList, version: int | None) -> None:
    found.refresh_from_db(from_queryset=HookupList.objects.select_for_update())
    if version is not None and version != found.version:
        raise StaleVersion(_("Someone else changed this while you had it open. Compare, then try again."))


def touch(found: HookupList) -> None:
    found.version += 1
    found.save(update_fields=["version"])


def note(
    name: str, found: HookupList, *, by: Actor, at: datetime, holder: Held, project: object = None,
    reason: str = "", **data: object,
) -> None:  # fmt: skip
    """One act about the list; empty entries of `data` are left out."""
    kept = {key: value for key, value in data.items() if value not in ("", None)}
    if project is not None:
        kept["project"] = str(project)
    record(MACHINE, name, by=by, at=at, obj=found, holder=holder, reason=reason, data=kept,
           place_id=found.office.place_id)  # fmt: skip


def _editable(found: HookupList) -> None:
    if not found.is_editable:
        raise WrongState(
            _("The list is “{state}” and cannot be changed.").format(state=found.get_status_display())
        )


def _add(found: HookupList, slots: list[Slot], at: datetime) -> None:
    """Lines for these posts, each with who answers now as far as the rules let him be named again."""
    now = answering(slot.project.pk for slot in slots)
    fitting = {post: {u.pk: u for u in users} for post, users in candidates_of(found.office, at).items()}
    majors = picked(found.year)
    rows = []
    for number, slot in enumerate(slots, 1):
        holder = now.get(slot.key)
        user = fitting[str(slot.post)].get(holder.user_id) if holder else None
        rows.append(
            HookupLine(
                list=found, project=slot.project, place=slot.place, post=slot.post, order=number, user=user,
                is_major=slot.project.pk in majors,
            )
        )  # fmt: skip
    HookupLine.objects.bulk_create(rows)


def _number(found: HookupList, slots: list[Slot]) -> None:
    order = {slot.key: number for number, slot in enumerate(slots, 1)}
    rows = list(found.lines.all())
    for row in rows:
        row.order = order.get(key_of(row), 0)
    HookupLine.objects.bulk_update(rows, ["order"])


def effective_error(day: date, at: datetime) -> str:
    """A change is filed when it has happened: the person begins to see the project with the post, never before."""
    if day > local_date(at):
        return _("The first day lies in the future; enter the change on that day.")
    return ""
