"""The pool walked through the real services: short steps that tests put together (house rule 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ningde_projects.organizations.models import Organisation, User
from ningde_projects.projects.models import Project
from reserve.basics import load_item_kinds
from reserve.models import Application, ReserveRecord
from reserve.services import applications, pool, reviewing
from tests.cast import Cast
from tests.reports.story import november

NAME = "霞浦溪南冷链物流园"


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    """A sound application of the Xiapu owner: 26,400 with its funding whole."""
    values: dict[str, Any] = {
        "name": NAME, "place": "XP", "township": "溪南镇", "industry": "manufacturing",
        "owner": str(cast.owner_xp.organisation.public_id), "investment_kind": "government", "nature": "new",
        "county_department": str(cast.department_xp.organisation.public_id),
        "municipal_department": str(cast.muni_department.organisation.public_id),
        "content": f"冷库8万立方米，分拣车间2万平方米，{cast.canary('owner_xp')}", "total_investment": "26,400",
        "fund_special_bond": "16,000", "settled_special_bond": "on", "fund_local": "10,400",
        "planned_start": "2027-03", "planned_completion": "2028-12", "land_mu": "86.5",
        "directions": ["government_bond"], "push_targets": ["provincial"], "catalogue_fit": "yes",
        "progress_note": "选址已定", "contact": "郑示安", "contact_phone": "10000000001",
    }  # fmt: skip
    return values | more


def typed_fa(cast: Cast, **more: Any) -> dict[str, Any]:
    """The same of Fu'an."""
    return typed(
        cast, name="福安坂中电机产业园二期", place="FA", township="坂中",
        owner=str(cast.owner_fa.organisation.public_id),
        county_department=str(cast.department_fa.organisation.public_id),
        content=f"厂房4万平方米，{cast.canary('owner_fa')}", **more,
    )  # fmt: skip


def typed_city(cast: Cast, **more: Any) -> dict[str, Any]:
    """A project of the municipal level: the commission and the municipal department review."""
    return typed(
        cast, name="宁德环湾通道预备工程", place="SJ", industry="transport", county_department="",
        owner=str(cast.owner_sj.organisation.public_id),
        municipal_department=str(cast.muni_department2.organisation.public_id), **more,
    )  # fmt: skip


def begun(
    cast: Cast, by: User | None = None, office: Organisation | None = None, at: datetime | None = None
) -> Application:
    by = by or cast.owner_xp
    at = at or november(2)
    return applications.start(office or by.organisation, by=cast.actor(by, at), at=at)


def filed(
    cast: Cast, by: User | None = None, values: dict[str, Any] | None = None, at: datetime | None = None
) -> Application:
    by, at = by or cast.owner_xp, at or november(2)
    application = begun(cast, by, at=at)
    applications.submit(application, values or typed(cast), by=cast.actor(by, at), at=at)
    return application


def passed(cast: Cast, application: Application, at: datetime | None = None) -> Application:
    """Both sides pass, the county first."""
    at = at or november(4)
    for user, verb in ((cast.bureau_xp, "pass_county"), (cast.department_xp, "pass_industry")):
        reviewing.pass_side(application, verb, by=cast.actor(user, at), at=at)
    return application


def passed_fa(cast: Cast, application: Application) -> Application:
    at = november(4)
    for user, verb in ((cast.bureau_fa, "pass_county"), (cast.department_fa, "pass_industry")):
        reviewing.pass_side(application, verb, by=cast.actor(user, at), at=at)
    return application


def returned(
    cast: Cast, application: Application, by: User | None = None, at: datetime | None = None
) -> Application:
    """By the bureau unless another is named; the land is asked about."""
    by, at = by or cast.bureau_xp, at or november(3)
    verb = "return_county" if by.organisation.kind == "county_bureau" else "return_industry"
    reviewing.return_side(
        application, verb, ["land_mu"], "用地面积与选址意见不一致", by=cast.actor(by, at), at=at
    )
    return application


def pooled(cast: Cast, **more: Any) -> Project:
    """A project of Xiapu in the pool since the 4th."""
    load_item_kinds()
    application = passed(cast, filed(cast, values=typed(cast, **more)))
    assert application.project is not None
    return Project.objects.get(pk=application.project.pk)


def pooled_fa(cast: Cast) -> Project:
    load_item_kinds()
    application = passed_fa(cast, filed(cast, cast.owner_fa, typed_fa(cast)))
    assert application.project is not None
    return Project.objects.get(pk=application.project.pk)


def record_of(project: Project) -> ReserveRecord:
    found: ReserveRecord = ReserveRecord.objects.select_related("project").get(project=project)
    return found


def exited(cast: Cast, project: Project, at: datetime | None = None) -> Project:
    at = at or november(10)
    pool.act(project, "exit", "选址与红线冲突", by=cast.actor(cast.bureau_xp, at), at=at, category="no_land")
    return Project.objects.get(pk=project.pk)


def many_pooled(cast: Cast, number: int) -> None:
    """Rows of the list in bulk, for the cost of a page only."""
    gxj = cast.muni_department.organisation
    rows = Project.objects.bulk_create(
        Project(
            name=f"霞浦储备第{i:04d}号", place=cast.place("XP"), owner=cast.owner_xp.organisation, stage="reserve",
            level="other", total_investment=1000 + i, municipal_department=gxj,
            county_department=cast.department_xp.organisation,
        )
        for i in range(number)
    )  # fmt: skip
    ReserveRecord.objects.bulk_create(
        ReserveRecord(project=p, status="pooled", in_pool_since=november(1), last_updated_at=november(1))
        for p in rows
    )
