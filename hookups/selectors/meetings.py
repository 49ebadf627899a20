"""The list of meetings and one meeting, as far as this person may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import Organisation, Place
from ningde_projects.periods.month import Month, Quarter
from ningde_projects.projects.models import Project
from ningde_projects.workflow.models import Act

from ..models import Decision, Session, SessionEdition, SessionProject
from ..models.meetings import SessionKind
from ..querysets.meetings import kept_by, whole
from ..rules.meetings import quarter_days
from ..workflow.meetings import DecisionStatus, SessionStatus


def read_quarter(text: str) -> Quarter | None:
    """Read '2026Q4'; None for anything else."""
    year, mark, number = text.partition("Q")
    if mark and year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4"):
        found = Quarter(int(year), int(number))
        return found if 2000 <= found.year <= 2999 else None
    return None


def read_month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def one_of(model: type[Organisation] | type[Project], text: str) -> Organisation | Project | None:
    """The row with this public id, or None for nonsense and for nothing."""
    try:
        return model._default_manager.filter(public_id=UUID(text)).first()
    except ValueError:
        return None


@dataclass(frozen=True)
class MeetingFilters:
    """What the address asks for; what it asks wrongly is left out."""

    kind: str = ""
    state: str = ""
    period: Month | Quarter | None = None
    place: str = ""
    office: Organisation | None = None
    project: Project | None = None
    words: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> MeetingFilters:
        kind, state = query.get("kind", ""), query.get("state", "")
        asked = query.get("period", "")
        office, project = (
            one_of(Organisation, query.get("office", "")),
            one_of(Project, query.get("project", "")),
        )
        return cls(
            kind=kind if kind in SessionKind.values else "",
            state=state if state in (*SessionStatus.values, "late") else "",
            period=read_quarter(asked) or read_month(asked),
            place=query.get("place", "")[:4],
            office=office if isinstance(office, Organisation) else None,
            project=project if isinstance(project, Project) else None,
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:60],
        )

    def condition(self, *, without: str = "") -> Q:
        found = Q()
        if self.kind and without != "kind":
            found &= Q(kind=self.kind)
        if self.state and self.state != "late" and without != "state":
            found &= Q(status=self.state)
        if self.place and without != "place":
            found &= Q(place__code=self.place)
        if self.office:
            found &= Q(office=self.office)
        if self.period:
            first, last = (
                (self.period.first_day, self.period.last_day)
                if isinstance(self.period, Month)
                else quarter_days(self.period)
            )
            found &= Q(held_on__gte=first, held_on__lte=last)
        for word in self.words.split():
            found &= (
                Q(location__icontains=word) | Q(chair__name__icontains=word) | Q(office__name__icontains=word)
                | Q(lines__project__name__icontains=word)
            )  # fmt: skip
        return found

    @property
    def is_set(self) -> bool:
        return self != MeetingFilters()

    def in_words(self) -> str:
        """The line over an export."""
        found = [str(SessionKind(self.kind).label)] if self.kind else []
        if self.state:
            found.append(_("Recorded late") if self.state == "late" else str(SessionStatus(self.state).label))
        found += [str(self.period)] if self.period else []
        found += [self.office.name] if self.office else []
        found += [self.project.name] if self.project else []
        if self.place:
            found += Place.objects.filter(code=self.place).values_list("name", flat=True)
        return " · ".join([*found, *([self.words] if self.words else [])])


def _asked(actor: Actor, filters: MeetingFilters, *, without: str = "") -> QuerySet[Session]:
    rows: QuerySet[Session] = Session.objects.visible_to(actor).filter(filters.condition(without=without))
    if filters.project:
        lines = SessionProject.objects.visible_to(actor).filter(project=filters.project)
        rows = rows.filter(pk__in=lines.values("session"))
    if filters.state == "late" and without != "state":
        rows = rows.filter(pk__in=late_ids(rows))
    # A word may fit several projects of one meeting.
    return rows.distinct() if filters.words else rows


def late_ids(rows: QuerySet[Session]) -> list[int]:
    """Recorded after the period: the period's end depends on the kind, so it is asked of the rows."""
    recorded = rows.filter(status=SessionStatus.RECORDED).only("kind", "held_on", "counts_since")
    return [session.pk for session in recorded if session.is_late]


def listed(actor: Actor, filters: MeetingFilters) -> QuerySet[Session]:
    """The rows with the numbers that a row shows: the visible lines and decisions, and how many are settled."""
    lines = SessionProject.objects.visible_to(actor).filter(session=OuterRef("pk"))
    decided = (
        Decision.objects.visible_to(actor)
        .filter(session=OuterRef("pk"))
        .exclude(status__in=[DecisionStatus.CANCELLED, DecisionStatus.DRAFT])
    )
    return (
        _asked(actor, filters)
        .select_related("office", "place", "chair")
        .annotate(
            line_count=_count(lines),
            decision_count=_count(decided),
            verified_count=_count(decided.filter(status=DecisionStatus.VERIFIED)),
        )
        .order_by("-held_on", "-pk")
    )


def _count(rows: QuerySet[SessionProject] | QuerySet[Decision]) -> Coalesce:
    counted = rows.order_by().values("session").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def facet(actor: Actor, filters: MeetingFilters, name: str, column: str) -> dict[str, int]:
    """How many meetings each value of one filter would show, the others kept."""
    rows = _asked(actor, filters, without=name).order_by().values_list(column)
    return dict(rows.annotate(n=Count("pk", distinct=True)))


@dataclass(frozen=True)
class MeetingView:
    """One meeting for one person: all of it, or what concerns him."""

    session: Session
    is_whole: bool
    lines: list[SessionProject]
    decisions: list[Decision]
    people: list[str] = field(default_factory=list)
    editions: list[SessionEdition] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


def meeting_of(actor: Actor, public_id: UUID) -> Session:
    """Http404 for hidden and missing alike."""
    rows = Session.objects.visible_to(actor).select_related(
        "office__place", "place", "chair", "recorded_by", "begun_by"
    )
    found: Session | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def sees_whole(actor: Actor, session: Session) -> bool:
    return Session.objects.filter(whole(actor), pk=session.pk).exists()


def keeps(actor: Actor, session: Session) -> bool:
    """Does this person keep the record of the meeting?"""
    return Session.objects.filter(kept_by(actor), pk=session.pk).exists()


def meeting_view(actor: Actor, session: Session, at: datetime) -> MeetingView:
    """A fixed number of queries."""
    is_whole = sees_whole(actor, session)
    lines = SessionProject.objects.visible_to(actor).filter(session=session).select_related("project__place")
    rows = (
        Decision.objects.visible_to(actor).filter(session=session).select_related("unit", "person", "project")
    )
    if not is_whole:
        return MeetingView(session, False, list(lines), list(rows))
    decisions = list(rows)
    people = [f"{p.organisation.short_name} {p.name}" for p in session.people.select_related("organisation")]
    acts = Act.objects.filter(
        Q(machine="meeting", object_id=session.pk)
        | Q(
            machine="decision",
            object_id__in=[d.pk for d in decisions],
            name__regex="^(verify|finish|send_back)",
        )
    ).select_related("organisation")
    return MeetingView(
        session,
        True,
        list(lines),
        decisions,
        people,
        list(session.editions.all()),
        list(acts.order_by("-id")[:40]),
    )
