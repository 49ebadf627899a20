"""The owner's form in a browser: a lapsed session, a second window, an impatient finger, a Chinese input method."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ningde_projects.periods.month import Month
from ningde_projects.signin.models import Session
from reports.models import Report, Submission
from reports.services import filing
from tests.browser.windows import AT_REST, Windows, becomes, check
from tests.cast import PASSWORD, Cast
from tests.reports.story import figures, problem, report_of

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [1440, 390])
LONG = "K0+000—K2+140 路基全部完成；水稳层完成 1.42 公里，登录失效前写到这里"


def prepared(cast: Cast, month: Month) -> Report:
    """A draft that can be filed as it stands."""
    report = report_of(cast.project_xp, month)
    at = timezone.now()
    values = figures(**problem(occurred_on=month.first_day.isoformat()))
    filing.save_draft(report, values, by=cast.actor(cast.owner_xp, at), at=at, version=report.version)
    return report


def drafted(report: Report, name: str) -> str:
    return str(Report.objects.get(pk=report.pk).draft.get(name, ""))


@WIDTHS
def test_a_session_that_ended_in_mid_form_is_renewed_in_place_and_the_typed_text_is_saved(
    width: int, windows: Windows, cast: Cast, month: Month
) -> None:
    windows.expected = (401, 422)
    report = report_of(cast.project_xp, month)
    page = windows.of(cast.owner_xp, width, f"/reports/{report.public_id}/")
    Session.objects.all().delete()
    page.fill("[name=progress]", LONG)
    page.press("[name=progress]", "Tab")
    dialog = page.locator("#nd-again")
    expect(dialog).to_be_visible()
    check(page)
    assert drafted(report, "progress") == ""
    dialog.locator("#id_password").fill("wrong")
    dialog.locator("#id_password").press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert page.input_value("[name=progress]") == LONG
    dialog.locator("#id_password").fill(PASSWORD)
    dialog.locator("#id_password").press("Enter")
    expect(dialog).to_be_hidden()
    becomes(lambda: drafted(report, "progress") == LONG)
    assert page.input_value("[name=progress]") == LONG
    expect(page.locator("#save-state.bad")).to_have_count(0)


def test_a_session_that_ended_before_the_button_is_pressed_loses_nothing_and_files_once_signed_in_again(
    windows: Windows, cast: Cast, month: Month
) -> None:
    windows.expected = (401,)
    report = prepared(cast, month)
    page = windows.of(cast.owner_xp, path=f"/reports/{report.public_id}/")
    Session.objects.all().delete()
    page.locator("[name=next_plan]").press_sequentially("铺设沥青")
    page.click("button[name=do][value=submit]")
    page.locator("#nd-again #id_password").fill(PASSWORD)
    page.locator("#nd-again #id_password").press("Enter")
    expect(page.locator("#report-form")).to_have_count(0)
    assert Submission.objects.get().report == report
    assert Report.objects.get(pk=report.pk).next_plan == "铺设沥青"


def test_who_closes_the_sign_in_has_not_filed_and_nothing_is_filed_behind_his_back(
    windows: Windows, cast: Cast, month: Month
) -> None:
    windows.expected = (401,)
    report = prepared(cast, month)
    page = windows.of(cast.owner_xp, path=f"/reports/{report.public_id}/")
    Session.objects.all().delete()
    page.locator("[name=next_plan]").press_sequentially("铺设沥青")
    page.click("button[name=do][value=submit]")
    expect(page.locator("#nd-again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#save-state.bad")).to_have_count(1)
    page.locator("[name=next_plan]").press_sequentially("。")
    page.press("[name=next_plan]", "Tab")
    page.locator("#nd-again #id_password").fill(PASSWORD)
    page.locator("#nd-again #id_password").press("Enter")
    becomes(lambda: drafted(report, "next_plan") == "铺设沥青。")
    page.wait_for_function(AT_REST)
    assert not Submission.objects.exists()


def test_an_enter_that_ends_a_composition_neither_files_nor_saves(
    windows: Windows, cast: Cast, month: Month
) -> None:
    report = prepared(cast, month)
    page = windows.of(cast.owner_xp, path=f"/reports/{report.public_id}/")
    field = page.locator("#report-form [name=filler]")
    field.press("End")
    press = """(box, composing) => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter',
        keyCode: composing ? 229 : 13, isComposing: composing, bubbles: true, cancelable: true}))"""
    assert field.evaluate(press, True) is False
    assert field.evaluate(press, False) is True
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "zheng", "selectionStart": 5, "selectionEnd": 5})
    session.send("Input.insertText", {"text": "郑"})
    assert page.url.endswith(f"/reports/{report.public_id}/")
    assert field.input_value().endswith("郑")
    assert not Submission.objects.exists()


def test_an_enter_in_a_field_saves_the_draft_and_files_nothing(
    windows: Windows, cast: Cast, month: Month
) -> None:
    report = prepared(cast, month)
    page = windows.of(cast.owner_xp, path=f"/reports/{report.public_id}/")
    page.fill("#report-form [name=head]", "林负责")
    with page.expect_navigation():
        page.press("#report-form [name=head]", "Enter")
    becomes(lambda: drafted(report, "head") == "林负责")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("touched", [False, True], ids=["as_saved", "just_typed"])
def test_two_quick_clicks_on_the_button_file_the_report_once(
    touched: bool, windows: Windows, cast: Cast, month: Month
) -> None:
    report = prepared(cast, month)
    page = windows.of(cast.owner_xp, path=f"/reports/{report.public_id}/")
    posted: list[str] = []
    page.on(
        "request",
        lambda r: posted.append(r.url) if r.method == "POST" and r.is_navigation_request() else None,
    )
    if touched:
        page.locator("[name=next_plan]").press_sequentially("铺设沥青")
    page.dblclick("button[name=do][value=submit]", no_wait_after=True)
    expect(page.locator("#report-form")).to_have_count(0)
    assert len(posted) == 1
    assert Submission.objects.filter(report=report).count() == 1
    assert Report.objects.get(pk=report.pk).submission_count == 1


def type_elsewhere(page: Page, name: str, text: str, report: Report) -> None:
    page.fill(f"[name={name}]", text)
    page.press(f"[name={name}]", "Tab")
    becomes(lambda: drafted(report, name) == text)


@WIDTHS
def test_an_older_window_is_told_and_compares_field_by_field_before_anything_is_overwritten(
    width: int, windows: Windows, cast: Cast, month: Month
) -> None:
    windows.expected = (409,)
    report = prepared(cast, month)
    older = windows.of(cast.owner_xp, width, f"/reports/{report.public_id}/")
    newer = older.context.new_page()
    newer.goto(f"/reports/{report.public_id}/")
    type_elsewhere(newer, "progress", "新窗口写的进度：K2+140 完成", report)
    older.fill("[name=progress]", "旧窗口写的进度：K1+000 完成")
    older.press("[name=progress]", "Tab")
    expect(older.locator("#save-state.bad")).to_be_visible()
    check(older)
    assert drafted(report, "progress") == "新窗口写的进度：K2+140 完成"
    older.click("#save-state button[value=compare]")
    choice = older.locator('form[action$="/merge/"]')
    expect(choice).to_contain_text("新窗口写的进度")
    expect(choice).to_contain_text("旧窗口写的进度")
    check(older)
    choice.locator("[name=take-progress][value=theirs]").check()
    choice.locator("button.btn-primary").click()
    expect(older.locator("#report-form [name=progress]")).to_have_value("新窗口写的进度：K2+140 完成")
