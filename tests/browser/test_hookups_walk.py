"""The hookup list, and a meeting with its decision, each person at a window of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hookups.models import Decision, HookupList, Session
from ningde_projects.periods.month import local_date
from ningde_projects.projects.models import Post, Project, Stage
from tests.browser.windows import Windows, becomes, check, confirm, fill
from tests.cast import Cast
from tests.hookups.filing import filled, line_of, staff

pytestmark = pytest.mark.browser
DECISION = "完成 K2+140 处管线迁改方案报批"


def name_and_file(bureau: Page, cast: Cast, found: HookupList) -> None:
    """A post is left open first: the rule is quoted at the cell, and the list cannot be sent."""
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    kept = str(line.user.public_id) if line.user else ""
    bureau.goto(f"/hookups/lists/{found.public_id}/")
    cell = bureau.locator(f"#cell-{line.public_id}")
    check(bureau)
    cell.locator("select").select_option("")
    expect(cell).to_contain_text("依据《若干措施》第（三）条")
    expect(bureau.locator("#list-filters")).to_contain_text("待核 1")
    check(bureau)
    expect(bureau.locator("#list-aside button[disabled]")).to_be_visible()
    cell.locator("select").select_option(kept)
    confirm(bureau, bureau.locator(f'a[href="/hookups/lists/{found.public_id}/file/"]'))
    becomes(lambda: HookupList.objects.get(pk=found.pk).status == "filed")
    check(bureau)


def put_on_file(commission: Page, found: HookupList) -> None:
    commission.goto("/hookups/lists/")
    check(commission)
    commission.click(f'a.pj[href^="/hookups/lists/offices/{found.office.public_id}/"]')
    check(commission)
    confirm(commission, commission.locator(f'a[href="/hookups/lists/{found.public_id}/receive/"]'))
    becomes(lambda: HookupList.objects.get(pk=found.pk).status == "received")
    check(commission)


def record_a_meeting(leader: Page, cast: Cast) -> Session:
    """On a phone: from the duty on his page to the record."""
    today = local_date(timezone.now())
    project = cast.project_xp.public_id.hex
    leader.goto("/hookups/leading/")
    check(leader)
    leader.click('a.btn[href*="/hookups/meetings/new/"]')
    form = leader.locator("#main form")
    check(leader)
    leader.click("button[name=act][value=record]")
    expect(leader.locator(".nd-errsum")).to_be_visible()
    check(leader)
    leader.locator("[data-pick-filter]").fill("工程07")
    expect(leader.locator("[data-pick-row]:visible:not(:has(:checked))")).to_have_count(1)
    check(leader)
    leader.locator("[data-pick-filter]").fill("")
    form.locator(f"[name=on-{cast.project_cross.public_id.hex}]").uncheck()  # another day's matter
    expect(leader.locator("[data-picked]")).to_have_text("1")
    fill(form, {
        f"on-{project}": "1", f"note-{project}": "管线迁改方案未定", "held_on": today.isoformat(),
        "location": "三沙镇政府会议室", "others": "三沙镇 陈镇长",
        "minutes": "听取进度汇报，研究管线迁改。", "d-0-text": DECISION,
        "d-0-unit": str(cast.department_xp.organisation.pk), "d-0-project": project,
        "d-0-due_on": (today + timedelta(days=10)).isoformat(),
    })  # fmt: skip
    check(leader)
    leader.click("button[name=act][value=record]")
    becomes(lambda: Session.objects.filter(status="recorded").count() == 1)
    check(leader)
    return Session.objects.get()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_is_put_on_file_and_the_leader_sees_to_his_project(
    width: int, windows: Windows, cast: Cast
) -> None:
    windows.expected = (422,)
    staff(cast)
    found = filled(cast, at=timezone.now())
    Project.objects.bulk_create(  # a county's list is long: the form has a box to find one
        Project(name=f"霞浦示例工程{n:02d}", place=cast.place("XP"), owner=cast.owner_xp.organisation,
                stage=Stage.UNDER_WAY, level="other", total_investment=1000) for n in range(14)
    )  # fmt: skip
    name_and_file(windows.of(cast.bureau_xp, width), cast, found)
    put_on_file(windows.of(cast.commission2, width), found)

    session = record_a_meeting(windows.of(cast.government_xp, 390), cast)
    decision = Decision.objects.get(session=session)
    url = f"/hookups/decisions/{decision.public_id}/"
    unit = windows.of(cast.department_xp, width, "/hookups/decisions/?mine=1")
    check(unit)
    unit.click(f'a[href="{url}"]')
    check(unit)
    confirm(unit, unit.locator(f'a[href="{url}finish/"]'), reason="方案已批复，霞发改〔2026〕12号")
    becomes(lambda: Decision.objects.get(pk=decision.pk).status == "done")
    check(unit)

    bureau = windows.of(cast.bureau_xp, width, url)
    check(bureau)
    confirm(bureau, bureau.locator(f'a[href="{url}verify/"]'))
    becomes(lambda: Decision.objects.get(pk=decision.pk).status == "verified")
    check(bureau)
    bureau.goto(f"/hookups/meetings/{session.public_id}/")
    check(bureau)
