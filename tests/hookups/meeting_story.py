"""Meetings walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hookups.models import Decision, Session
from hookups.services import decisions, meetings
from hookups.services.decisions import DecisionContent
from hookups.services.meetings import Content, act_for
from ningde_projects.organizations.models import Organisation, User
from ningde_projects.periods.month import Month, midnight
from ningde_projects.workflow.door import perform
from tests.cast import Cast

OCTOBER = Month(2026, 10)


def october(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in October 2026, in Ningde."""
    return midnight(date(2026, 10, day)).replace(hour=hour, minute=minute)


def november(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return midnight(date(2026, 11, day)).replace(hour=hour, minute=minute, second=second)


def decided(
    unit: Organisation, due_on: date = date(2026, 10, 30), text: str = "完成管线迁改方案", **more: Any
) -> DecisionContent:
    return DecisionContent(text=text, unit=unit, due_on=due_on, **more)


def content(cast: Cast, **more: Any) -> Content:
    """A sound record of a dispatch meeting of Xiapu about its project."""
    values: dict[str, Any] = {
        "held_on": date(2026, 10, 12), "location": "县政府三楼会议室", "chair": cast.government_xp,
        "people": [cast.bureau_xp], "others": "三沙镇 陈镇长",
        "minutes": f"听取进度，研究管线迁改。{cast.canary('xp')}纪要",
        "lines": [(cast.project_xp, f"管线迁改方案未定，{cast.canary('xp')}议题")],
        "decisions": [decided(cast.department_xp.organisation, project=cast.project_xp)],
    } | more  # fmt: skip
    return Content(**values)


def on_site_content(cast: Cast, **more: Any) -> Content:
    """A sound record of an on-site session of the municipal industry department about a project in each county."""
    values: dict[str, Any] = {
        "held_on": date(2026, 10, 14), "location": "福安电机园现场", "chair": cast.muni_signer,
        "people": [cast.muni_department],
        "minutes": "实地查看两个项目。",
        "lines": [(cast.project_xp, f"{cast.canary('xp')}现场"), (cast.project_fa, f"{cast.canary('fa')}现场")],
        "decisions": [decided(cast.department_fa.organisation, text="补办用电手续", project=cast.project_fa)],
    } | more  # fmt: skip
    return Content(**values)


def draft(cast: Cast, by: User | None = None, at: datetime | None = None, **more: Any) -> Session:
    at = at or october(13)
    who = cast.actor(by or cast.bureau_xp, at)
    return meetings.begin("dispatch", cast.office("XP", "zf"), content(cast, **more), by=who, at=at)


def recorded(cast: Cast, by: User | None = None, at: datetime | None = None, **more: Any) -> Session:
    """A dispatch meeting of Xiapu, recorded."""
    at = at or october(13)
    session = draft(cast, by, at, **more)
    meetings.put_on_record(session, None, by=cast.actor(by or cast.bureau_xp, at), at=at)
    return session


def on_site(cast: Cast, at: datetime | None = None, **more: Any) -> Session:
    """An on-site session of the municipal industry department, recorded."""
    at = at or october(15)
    who = cast.actor(cast.muni_department, at)
    session = meetings.begin(
        "on_site", cast.muni_department.organisation, on_site_content(cast, **more), by=who, at=at
    )
    meetings.put_on_record(session, None, by=who, at=at)
    return session


def decision_of(session: Session) -> Decision:
    found: Decision = Decision.objects.select_related("session").get(session=session)
    return found


# ---- walks to each state, for the matrix -----------------------------------------------------------------------


def meeting_in(cast: Cast, status: str) -> Session:
    if status == "draft":
        return draft(cast)
    session = recorded(cast)
    if status == "withdrawn":
        meetings.withdraw(
            session, by=cast.actor(cast.bureau_xp, october(14)), at=october(14), reason="重复录入"
        )
    return session


def decision_in(cast: Cast, status: str) -> Decision:
    if status == "draft":
        return decision_of(draft(cast))
    item = decision_of(recorded(cast))
    unit, keeper = cast.actor(cast.department_xp, october(20)), cast.actor(cast.bureau_xp, october(22))
    if status == "working":
        decisions.progress(item, by=unit, at=october(20), note="正在办理")
    if status in ("done", "verified"):
        decisions.finish(item, by=unit, at=october(20), evidence="方案已批复，霞发改〔2026〕12号")
    if status == "verified":
        perform(item, act_for(item, "verify", keeper), by=keeper, at=october(22))
    if status == "cancelled":
        meetings.withdraw(item.session, by=keeper, at=october(22), reason="会议未召开")
        item.refresh_from_db()
    return item
