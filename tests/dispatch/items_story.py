"""The three-tier list walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dispatch.models import Item, Standing, TierList
from dispatch.services import drawing, items, tier_lists
from ningde_projects.organizations.models import User
from ningde_projects.periods.month import Month, midnight
from ningde_projects.projects.models import Project, ProjectPart
from ningde_projects.workflow.door import perform
from reports.models import Problem
from reports.models.problems import Category
from tests.cast import Cast
from tests.reports.story import OCTOBER, opened

REQUIRED = "完成迁改方案并恢复施工"


def november(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in November 2026, in Ningde."""
    return midnight(date(2026, 11, day)).replace(hour=hour, minute=minute)


def december(day: int, hour: int = 9) -> datetime:
    return midnight(date(2026, 12, day)).replace(hour=hour)


def red(project: Project, month: Month = OCTOBER, part: ProjectPart | None = None) -> Standing:
    """How a lagging project stood, as the assessment writes it."""
    found, _made = Standing.objects.update_or_create(
        month=month, project=project, part=part,
        defaults={
            "place": part.place if part else project.place, "light": "r", "lags": "investment",
            "reasons": ["完成年度计划52.6%，落后序时进度30.7个百分点"], "percent": Decimal("52.6"),
            "schedule": Decimal("83.3"), "ahead": Decimal("-30.7"), "red_months": 1, "judged_at": november(10),
        },
    )  # fmt: skip
    return found


def problem(cast: Cast, project: Project, text: str, *, since: Month = OCTOBER, level: str = "county",
            category: str = "01") -> Problem:  # fmt: skip
    """An open problem, as a report has raised it."""
    if not Category.objects.exists():
        opened()
    number = Problem.objects.count() + 1
    found: Problem = Problem.objects.create(
        number=f"T-{number:04d}", project=project, place=project.place, owner=project.owner, first_month=since,
        category=Category.objects.filter(code=category)[0], description=text, request=f"{text}的请求",
        occurred_on=since.first_day, level=level, reported_at=midnight(since.last_day), reported_by=cast.owner_xp,
    )  # fmt: skip
    return found


def act(cast: Cast, user: User, at: datetime) -> dict[str, Any]:
    return {"by": cast.actor(user, at), "at": at}


def begun(cast: Cast, *, at: datetime | None = None, month: Month = OCTOBER) -> TierList:
    """A list drawn from standings that are written by hand; both counties lag."""
    at = at or november(16)
    if not Category.objects.exists():
        opened()
    found, made = TierList.objects.get_or_create(month=month, defaults={"begun_at": at})
    red(cast.project_xp, month)
    red(cast.project_fa, month)
    drawing.draw(found, at)
    return found


def item_of(project: Project) -> Item:
    found: Item = Item.objects.select_related("project", "unit", "leader").get(project=project)
    return found


def written(cast: Cast, *, at: datetime | None = None) -> TierList:
    """Every proposed item has what its unit needs."""
    at = at or november(16)
    found = begun(cast, at=at)
    for item in Item.objects.filter(listings__list=found, status="proposed"):
        canary = cast.canary(item.place.code.lower()) if item.place.code in ("XP", "FA") else ""
        values = {"requirement": f"{REQUIRED}{canary}", "tier": item.tier}
        tier_lists.edit_item(item, values, **act(cast, cast.commission, at), version=None)
    found.refresh_from_db()
    return found


def list_in(cast: Cast, status: str) -> TierList:
    """A list walked to a status."""
    found = written(cast)
    if status == "building":
        return found
    tier_lists.send(found, **act(cast, cast.commission, november(17)))
    if status == "returned":
        perform(
            found,
            "return_by_leader",
            **act(cast, cast.commission_head, november(17, 15)),
            reason="请核对时限",
        )
    if status in ("approving", "approved", "issued"):
        tier_lists.pass_on(found, **act(cast, cast.commission_head, november(17, 15)))
    if status in ("approved", "issued"):
        tier_lists.approve(found, **act(cast, cast.city_government, november(18)))
    if status == "issued":
        tier_lists.issue(found, **act(cast, cast.commission, november(18, 15)))
    return found


def item_in(cast: Cast, status: str) -> Item:
    """The item of the Xiapu project walked to a status; its unit is the county government."""
    if status in ("proposed", "removed"):
        list_in(cast, "building")
        item = item_of(cast.project_xp)
        if status == "removed":
            tier_lists.take_off(item, **act(cast, cast.commission, november(16, 15)), reason="已恢复序时")
        return item
    list_in(cast, "issued")
    item = item_of(cast.project_xp)
    if status != "issued":
        items.sign_for(item, **act(cast, cast.government_xp, november(19)))
    if status in ("done", "closed"):
        items.finish(item, **act(cast, cast.government_xp, november(24)), text="方案已批复，恢复施工")
    if status == "closed":
        perform(item, "verify", **act(cast, cast.commission, november(25)), reason="现场核查属实")
    return item


def addresses(cast: Cast) -> dict[str, dict[str, Any]]:
    """Route -> arguments, after one list was issued: the item of Xiapu; Fu'an's stands beside it."""
    list_in(cast, "issued")
    item = item_of(cast.project_xp)
    month, of_item = {"text": str(OCTOBER)}, {"public_id": item.public_id}
    return {
        f"dispatch:list_{name}": month for name in ("begin", "print", "compare", "add", "chase")
    } | {
        "dispatch:list_edition": month | {"number": 1}, "dispatch:list_move": month | of_item | {"way": "up"},
        "dispatch:list_act": month | {"verb": "issue"}, "dispatch:item": of_item, "dispatch:item_edit": of_item,
        "dispatch:item_act": of_item | {"verb": "check"},
    }  # fmt: skip
