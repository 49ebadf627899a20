"""A project's way from an application into the pool and onto the annual list, each person at a window of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ningde_projects.periods.month import Month, reporting_month
from ningde_projects.projects.models import Project
from reports.basics import load_categories
from reports.models import Report
from reports.services.opening import open_month
from reserve.basics import load_item_kinds
from reserve.models import AnnualItem, Application
from tests.browser.windows import Windows, becomes, check, confirm, fill
from tests.cast import Cast
from tests.reserve.pool_story import NAME, typed

pytestmark = pytest.mark.browser
ASKED = "用地面积与选址意见不一致，请核对后再报"


def by_hand(cast: Cast, month: Month) -> dict[str, Any]:
    """What the owner types: his own name stands in the form already, the departments follow from the industry."""
    left_out = ("owner", "county_department", "municipal_department")
    planned = {"planned_start": str(month.next), "planned_completion": f"{month.year + 2}-12"}
    return {name: value for name, value in typed(cast, **planned).items() if name not in left_out}


def file_the_application(owner: Page, values: dict[str, Any]) -> Application:
    owner.goto("/reserve/applications/")
    check(owner)
    owner.locator('a[href="/reserve/applications/new/"]').first.click()
    check(owner)
    owner.click("#main form button.btn-primary")
    form = owner.locator("#application-form")
    expect(form).to_be_visible()
    owner.click("button[name=do][value=submit]")
    expect(owner.locator(".nd-errsum")).to_be_visible()  # an empty one: every gap is named
    check(owner)
    fill(form, values)
    found = Application.objects.get()
    becomes(lambda: Application.objects.get(pk=found.pk).draft.get("contact") == values["contact"])
    owner.click("button[name=do][value=submit]")
    expect(form).to_have_count(0)
    check(owner)
    return found


def give_it_back(bureau: Page, url: str) -> None:
    bureau.goto("/reserve/applications/")
    check(bureau)
    bureau.click(f'a.pj[href="{url}"]')
    check(bureau)
    bureau.click(f'a[href="{url}return/county/"]')
    dialog = bureau.locator("#nd-dialog")
    dialog.locator("[name=reason]").fill(ASKED)
    dialog.locator("summary").click()
    dialog.locator("[name=fields_named][value=land_mu]").check()
    check(bureau)
    dialog.locator("footer button:not([data-close])").click()
    expect(dialog).to_be_hidden()


def correct_it(owner: Page, url: str) -> None:
    owner.goto(url)
    expect(owner.locator(".nd-note.red").first).to_contain_text(ASKED)
    marked = owner.locator("#application-form .nd-f:has([name=land_mu])")
    expect(marked).to_contain_text("退回要求修改")  # said where it is to be corrected
    check(owner)
    owner.fill("[name=land_mu]", "92.4")
    owner.click("button[name=do][value=submit]")
    expect(owner.locator("#application-form")).to_have_count(0)
    check(owner)


def propose_it(bureau: Page, commission: Page, project: Project, month: Month) -> str:
    """The commission opens a batch, the bureau proposes; answers the batch's address."""
    commission.goto("/reserve/annual/batches/")
    check(commission)
    confirm(
        commission, commission.locator('a[href="/reserve/annual/batches/new/"]'), year=str(month.year),
        level="municipal", title=f"{month.year}年市重点项目（增补）",
        due_on=(timezone.localdate() + timedelta(days=30)).isoformat(),
    )  # fmt: skip
    bureau.goto("/reserve/annual/batches/")
    bureau.click("a.pj")
    check(bureau)
    batch = bureau.url
    bureau.click('a[href$="/propose/"]')
    check(bureau)
    bureau.click(f'a[href="?project={project.public_id}"]')
    bureau.click("#main form button.btn-primary")
    expect(bureau.locator(".nd-errsum")).to_be_visible()
    check(bureau)
    fill(bureau.locator("#main form"), {"stage": "under_way", "investment": "9,600", "goal": "完成冷库主体"})
    bureau.click("#main form button.btn-primary")
    expect(bureau.locator("#main")).to_contain_text(NAME)
    check(bureau)
    return batch


@pytest.mark.parametrize("width", [1440, 390])
def test_a_project_comes_into_the_pool_and_from_there_into_the_annual_list(
    width: int, windows: Windows, cast: Cast
) -> None:
    month = reporting_month(timezone.now())
    load_item_kinds()
    load_categories()
    windows.expected = (422,)
    owner = windows.of(cast.owner_xp, width)
    application = file_the_application(owner, by_hand(cast, month))
    url = f"/reserve/applications/{application.public_id}/"

    bureau = windows.of(cast.bureau_xp, width)
    give_it_back(bureau, url)
    becomes(lambda: Application.objects.get(pk=application.pk).status == "returned")
    check(bureau)
    correct_it(owner, url)

    bureau.goto(url)
    check(bureau)
    confirm(bureau, bureau.locator(f'a[href="{url}pass/county/"]'))
    department = windows.of(cast.department_xp, width, url)
    check(department)
    confirm(department, department.locator(f'a[href="{url}pass/industry/"]'))
    becomes(lambda: Application.objects.get(pk=application.pk).status == "passed")
    check(department)

    project = Project.objects.get(name=NAME)
    bureau.goto("/reserve/")
    expect(bureau.locator(f'a.pj[href="/projects/{project.public_id}/"]')).to_be_visible()
    check(bureau)

    commission = windows.of(cast.commission, width)
    batch = propose_it(bureau, commission, project, month)
    decide_it(commission, batch, project)
    open_month(month, timezone.now())  # what the clock does when the month is reported
    report = Report.objects.get(project=project)
    owner.goto("/")
    expect(owner.locator(f'a[href="/reports/{report.public_id}/"]').first).to_be_visible()
    check(owner)


def decide_it(commission: Page, batch: str, project: Project) -> None:
    commission.goto(batch)
    check(commission)
    commission.locator(f'[name=items][aria-label="{NAME}"]').check()
    commission.click('form[action$="/accept/"] button.btn-primary')
    becomes(lambda: AnnualItem.objects.get(project=project).status == "accepted")
    confirm(commission, commission.locator('a[href$="/decide/"]'))
    becomes(lambda: AnnualItem.objects.get(project=project).status == "listed")
    check(commission)
    commission.goto("/reserve/annual/")
    expect(commission.locator("#main")).to_contain_text(NAME)
    check(commission)
