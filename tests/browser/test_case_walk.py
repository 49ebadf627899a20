"""A project's 3+N consultation and the funds for its preliminary work, each person at a window of their own."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from ningde_projects.organizations.models import User
from ningde_projects.periods.month import local_date
from reserve.models import Case, CaseOpinion, FundingBatch, FundingRequest, Payment
from tests.browser.windows import Windows, becomes, check, confirm, fill
from tests.cast import PASSWORD, Cast
from tests.reserve.case_story import LEADS, Walk
from tests.reserve.offices import open_offices

pytestmark = pytest.mark.browser
OPINION = "建议纳入专项债项目库，资本金比例不低于 20%"


@pytest.fixture
def city(cast: Cast) -> Walk:
    """The city's case; the people of finance sign in through the page like everybody."""
    offices = open_offices(cast)
    people = [offices[role].pk for role in ("finance", "finance_signer")]
    User.objects.filter(pk__in=people).update(password=make_password(PASSWORD))
    return Walk(cast, offices)


def file_the_case(filer: Page, city: Walk) -> Case:
    filer.goto("/reserve/cases/")
    check(filer)
    filer.click('a.btn[href^="/reserve/cases/missing/"]')
    check(filer)
    start = f'a[href^="/reserve/cases/new/{city.project.public_id}/"]'
    confirm(filer, filer.locator(start))
    form = filer.locator("#case-form")
    expect(form).to_be_visible()
    case = Case.objects.get()
    fill(form, {"body": "宁德快速通道建设公司", "land_mu": "十二亩半"})
    filer.click("button[name=file]")
    expect(filer.locator(".nd-errsum")).to_be_visible()
    check(filer)
    facts = {
        "land_mu": "120.5", "siting": "七都至漳湾，用地预审未启动", "fund_special_bond": "100,000",
        "fund_own": "80,000", "financing_note": "专项债拟申报", "questions": "立项路径；用林报批层级",
    }  # fmt: skip
    fill(form, facts)
    becomes(lambda: Case.objects.get(pk=case.pk).draft.get("questions") == facts["questions"])
    filer.click("button[name=file]")
    expect(form).to_have_count(0)
    check(filer)
    return case


def draft_and_sign(windows: Windows, city: Walk, case: Case, width: int) -> None:
    """Finance at the windows of its handler and its leader; the two others by the services."""
    opinion = CaseOpinion.objects.get(case=case, department=city.offices.office("SJ", "czj"))
    writer = windows.of(city.user("finance"), width, "/reserve/cases/opinions/")
    check(writer)
    writer.click(f'a.nd-qi[href="/reserve/cases/opinions/{opinion.public_id}/"]')
    form = writer.locator("#opinion-form")
    writer.click("button[name=send_to_sign]")
    expect(writer.locator(".nd-errsum")).to_be_visible()
    check(writer)
    fill(form, {"verdict": "agree", "text": OPINION, "section": "经济建设科"})
    writer.click("button[name=send_to_sign]")
    becomes(lambda: CaseOpinion.objects.get(pk=opinion.pk).status == "reviewing")
    signer = windows.of(city.user("finance_signer"), width, f"/reserve/cases/opinions/{opinion.public_id}/")
    expect(signer.locator("#main")).to_contain_text(OPINION)
    check(signer)
    signer.click('form[action$="/sign/"] button')
    becomes(lambda: CaseOpinion.objects.get(pk=opinion.pk).status == "given")
    check(signer)
    for key in LEADS["SJ"].values():
        if key != "czj":
            city.give(case, key, at=timezone.now())


def ask_for_funds(filer: Page, convener: Page, url: str) -> FundingBatch:
    filer.goto(url)
    check(filer)
    filer.click('a[href^="/reserve/funding/new/"]')
    fill(filer.locator("#main form"), {"amount": "80", "purpose": "可研编制和选址论证"})
    check(filer)
    filer.click("#main form button.btn-primary")
    becomes(lambda: FundingRequest.objects.count() == 1)
    check(filer)
    convener.goto("/reserve/funding/batches/")
    check(convener)
    convener.click('a[href="/reserve/funding/batches/new/"]')
    check(convener)
    convener.click("#main form button.btn-primary")
    becomes(lambda: FundingBatch.objects.count() == 1)
    confirm(convener, convener.locator('a[href$="/send/"]'))
    becomes(lambda: FundingBatch.objects.get().status == "approving")
    check(convener)
    return FundingBatch.objects.get()


def approve_on_a_phone(windows: Windows, cast: Cast, batch: FundingBatch) -> None:
    phone = windows.of(cast.city_government, 390, "/reserve/funding/approvals/")
    check(phone)
    phone.click(f'a.pj[href="/reserve/funding/batches/{batch.public_id}/"]')
    check(phone)
    phone.click('a[href$="/approve/"]')
    amount = phone.locator('input[name^="amount_"]')
    amount.fill("800")  # more than was asked for
    phone.click("#main form button.btn-primary")
    expect(phone.locator(".nd-errsum")).to_be_visible()
    check(phone)
    amount.fill("60")
    phone.fill("[name=reason]", "同意安排，专款专用")
    phone.click("#main form button.btn-primary")
    becomes(lambda: FundingBatch.objects.get(pk=batch.pk).status == "approved")
    check(phone)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_case_is_consulted_and_its_funds_are_paid(
    width: int, windows: Windows, cast: Cast, city: Walk
) -> None:
    windows.expected = (422,)
    filer = windows.of(city.user(city.filer), width)
    case = file_the_case(filer, city)
    url = f"/reserve/cases/{case.public_id}/"

    convener = windows.of(cast.commission, width, url)
    check(convener)
    leads = {role: str(office.public_id) for role, office in city.leads().items()}
    confirm(convener, convener.locator(f'a[href="{url}accept/"]'), **leads)
    becomes(lambda: Case.objects.get(pk=case.pk).status == "consulting")
    check(convener)
    draft_and_sign(windows, city, case, width)
    convener.goto(url)
    expect(convener.locator("#main")).to_contain_text(OPINION)
    check(convener)
    confirm(convener, convener.locator(f'a[href="{url}pass/"]'), reason="同意按意见推进前期工作")
    becomes(lambda: Case.objects.get(pk=case.pk).status == "passed")

    batch = ask_for_funds(filer, convener, url)
    approve_on_a_phone(windows, cast, batch)

    finance = windows.of(city.user("finance"), width, "/reserve/funding/payments/")
    check(finance)
    finance.click('a.pj[href^="/reserve/funding/lines/"]')
    check(finance)
    today = local_date(timezone.now()).isoformat()
    confirm(
        finance,
        finance.locator('a[href$="/pay/"]'),
        amount="60",
        paid_on=today,
        document="宁财建〔2026〕18号",
    )
    becomes(lambda: Payment.objects.count() == 1)
    check(finance)
    filer.goto(url)
    expect(filer.locator("#main")).to_contain_text("60")
    check(filer)
