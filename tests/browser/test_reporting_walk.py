"""One problem's way through every office, each person at a window of their own, on a desk screen and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ningde_projects.periods.month import Month
from reports.models import Opinion, Problem, Report, Submission, Summary
from tests.browser.windows import Windows, becomes, check, confirm
from tests.cast import Cast
from tests.reports.story import report_of

pytestmark = pytest.mark.browser
TEXT = "K2+140 处管线迁改方案未定，影响路基接顺 60 米"
OPINION = "已约管线单位现场会，迁改方案月底前批复"


def file_the_report(page: Page, report: Report) -> None:
    check(page)
    page.click(f'[data-group] a.t[href="/reports/{report.public_id}/"]')
    check(page)
    for name, value in (("month_investment", "420"), ("year_cumulative", "5290"),
                        ("total_cumulative", "15890"), ("filler", "郑示安")):  # fmt: skip
        field = page.locator(f"#report-form [name={name}]")
        if field.is_editable():
            field.fill(value)
    page.fill("[name=progress]", "K0+000—K2+140 路基全部完成，占 56%；水稳层完成 1.42 公里")
    page.click('button[name=do][value="add:"]')
    key = page.locator("[name=new]").input_value()
    page.select_option(f"[name=n-{key}-category]", "03")
    page.fill(f"[name=n-{key}-occurred_on]", report.month.first_day.isoformat())
    page.click(f"label:has([name=n-{key}-level][value=department])")
    page.fill(f"[name=n-{key}-description]", TEXT)
    page.fill(f"[name=n-{key}-unit_text]", "三沙镇人民政府")
    page.fill(f"[name=n-{key}-request]", "下月20日前确定迁改方案")
    page.press(f"[name=n-{key}-request]", "Tab")
    saved_request = f"n-{key}-request"
    becomes(lambda: bool(Report.objects.get(pk=report.pk).draft.get(saved_request)))
    expect(page.locator("#save-state:not(.bad) svg, #save-state:not(.bad) i").first).to_be_visible()
    check(page)
    page.click("button[name=do][value=submit]")
    expect(page.locator("#report-form")).to_have_count(0)
    check(page)


def accept_the_report(page: Page, report: Report, *, in_pane: bool) -> None:
    page.goto(f"/review/?month={report.month}")
    check(page)
    page.locator(f'a[href^="/review/{report.public_id}/"]').locator("visible=true").first.click()
    place = page.locator("#pane" if in_pane else "#main")
    expect(place.locator("#accept-form")).to_have_attribute("action", f"/review/{report.public_id}/accept/")
    page.fill("#opinion", "县交通局已组织两轮方案比选")
    check(page)
    place.locator("button[form=accept-form]").click()
    becomes(lambda: Report.objects.get(pk=report.pk).status == "accepted")
    page.wait_for_load_state("networkidle")
    check(page)


def compile_and_send(page: Page, month: Month, lead: str) -> None:
    page.goto(f"/summaries/{month}/")
    check(page)
    page.click('form[action$="/draw/"] button')
    line = page.locator('tr[id^="line-"]')
    expect(line).to_contain_text(TEXT)
    check(page)
    line.locator('a[href*="/items/"]').click()
    form = page.locator('form[action*="/items/"]:has([name=county_opinion])')
    form.locator("[name=county_opinion]").fill("县交通局牵头，请市级协调管线单位")
    form.locator("[name=lead_department]").select_option(lead)
    check(page)
    form.locator("button.btn-primary").click()
    expect(form).to_have_count(0)
    page.reload()  # the check on the line has passed, the button is open
    confirm(page, page.locator('a[href$="/send/"][data-dialog]'))
    becomes(lambda: Summary.objects.get(place__code="XP", month=month).status == "approving")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_problem_goes_from_the_owner_through_every_office_and_comes_back_with_an_opinion(
    width: int, windows: Windows, cast: Cast, month: Month
) -> None:
    report = report_of(cast.project_xp, month)
    owner = windows.of(cast.owner_xp, width)
    file_the_report(owner, report)
    assert Submission.objects.filter(report=report).count() == 1
    problem = Problem.objects.get()
    assert problem.description == TEXT

    bureau = windows.of(cast.bureau_xp, width)
    check(bureau)
    accept_the_report(bureau, report, in_pane=width > 1000)
    compile_and_send(bureau, month, str(cast.muni_department.organisation.public_id))
    summary = Summary.objects.get(place__code="XP", month=month)

    government = windows.of(cast.government_xp, width, "/approvals/")
    check(government)
    government.click(f'a.t[href="/approvals/{summary.public_id}/"]')
    check(government)
    confirm(government, government.locator('a[href$="/approve/"]'))
    becomes(lambda: Summary.objects.get(pk=summary.pk).status == "approved")

    bureau.goto(f"/summaries/{month}/")
    confirm(bureau, bureau.locator('a[href$="/forward/"]'))
    becomes(lambda: Summary.objects.get(pk=summary.pk).status == "forwarded")
    check(bureau)

    commission = windows.of(cast.commission, width, f"/summaries/?month={month}")
    check(commission)
    commission.click(f'a.pj[href="/summaries/received/{summary.public_id}/"]')
    expect(commission.locator("#main")).to_contain_text(TEXT)
    check(commission)
    confirm(commission, commission.locator('a[href$="/receive/"]'))
    becomes(lambda: Summary.objects.get(pk=summary.pk).status == "received")

    give_an_opinion(windows, cast, problem, month, width)
    owner.goto(f"/problems/{problem.public_id}/")
    expect(owner.locator("#main")).to_contain_text(OPINION)
    check(owner)


def give_an_opinion(windows: Windows, cast: Cast, problem: Problem, month: Month, width: int) -> None:
    """The second channel: county department, municipal department, its leader, and together to the commission."""
    department = cast.muni_department.organisation
    county = windows.of(cast.department_xp, width, f"/passing/?month={month}")
    check(county)
    confirm(
        county, county.locator(f'a[href^="/passing/{problem.public_id}/"]'),
        department=str(department.public_id), note="县里已协调两次，请市级出面",
    )  # fmt: skip
    becomes(lambda: Opinion.objects.filter(problem=problem, department=department).exists())
    opinion = Opinion.objects.get(problem=problem, department=department, month=month)

    writer = windows.of(cast.muni_department, width, f"/opinions/?month={month}")
    check(writer)
    writer.click(f'a.nd-qi[href="/opinions/{opinion.public_id}/"]')
    writer.click("#opinion-form label:has([name=result][value=working])")
    writer.fill("#opinion-form [name=text]", OPINION)
    writer.fill("#opinion-form [name=section]", "投资科")
    writer.fill("#opinion-form [name=due_on]", month.next.next.first_day.isoformat())
    check(writer)
    writer.click("button[name=send_to_sign]")
    becomes(lambda: Opinion.objects.get(pk=opinion.pk).status == "reviewing")

    signer = windows.of(cast.muni_signer, width, f"/opinions/?month={month}&tab=signing")
    signer.click(f'a.nd-qi[href="/opinions/{opinion.public_id}/"]')
    check(signer)
    signer.click('form[action$="/sign/"] button')
    becomes(lambda: Opinion.objects.get(pk=opinion.pk).status == "signed")

    writer.goto(f"/opinions/?month={month}&tab=signed")
    confirm(writer, writer.locator('a[href^="/opinions/send/"]'))
    becomes(lambda: Opinion.objects.get(pk=opinion.pk).status == "sent")
    check(writer)
