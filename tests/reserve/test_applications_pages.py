"""The pages of applications: form, autosave, filing, review; who may open which (M1.2, E4, E5)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from reserve.models import Application
from tests.cast import Cast
from tests.reports.desk import HTMX, Desk
from tests.reports.story import november
from tests.reserve.pool_story import NAME, begun, filed, passed, returned, typed

LIST = "/reserve/applications/"


def url(application: Application, tail: str = "") -> str:
    return f"{LIST}{application.public_id}/{tail}"


def test_an_owner_begins_fills_in_and_files(cast: Cast, desk: Desk) -> None:
    desk.at(november(2))
    assert desk.get(cast.owner_xp, LIST).status_code == 200
    assert desk.get(cast.owner_xp, f"{LIST}new/").status_code == 200
    answer = desk.post(cast.owner_xp, f"{LIST}new/")
    application = Application.objects.get()
    assert answer.headers["Location"] == url(application)
    assert "application-form" in desk.text(cast.owner_xp, url(application))
    answer = desk.post(
        cast.owner_xp, url(application), typed(cast) | {"version": application.version, "do": "submit"}
    )
    application.refresh_from_db()
    assert (answer.status_code, application.status) == (302, "submitted")
    assert NAME in desk.text(cast.owner_xp, url(application))
    text = desk.text(cast.bureau_xp, url(application))
    assert f"{url(application)}pass/county/" in text
    assert "pass/industry/" not in text


def test_errors_answer_422_with_the_field_and_what_was_typed(cast: Cast, desk: Desk) -> None:
    application = begun(cast)
    values = typed(cast, total_investment="两亿", name="甲乙丙丁") | {
        "version": application.version,
        "do": "submit",
    }
    answer = desk.post(cast.owner_xp, url(application), values)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "两亿" in text
    assert "id_total_investment_error" in text
    assert Application.objects.get().draft["total_investment"] == "两亿"


def test_autosave_keeps_what_is_typed_and_says_a_failure_at_once(cast: Cast, desk: Desk) -> None:
    application = begun(cast)
    first = application.version
    answer = desk.post(
        cast.owner_xp, url(application, "autosave/"), {"name": "半句", "version": first}, headers=HTMX
    )
    assert answer.status_code == 200
    assert f'value="{first + 1}"' in answer.content.decode()
    answer = desk.post(
        cast.owner_xp, url(application, "autosave/"), {"name": "旧页", "version": first}, headers=HTMX
    )
    assert answer.status_code == 409
    assert Application.objects.get().draft["name"] == "半句"
    answer = desk.post(cast.owner_xp, url(application), {"name": "旧页", "version": first, "do": "save"})
    assert answer.status_code == 409
    assert "半句" in answer.content.decode()


def test_a_second_click_is_one_application_and_one_filing(cast: Cast, desk: Desk) -> None:
    key = str(uuid.uuid4())
    for _again in range(2):
        assert desk.post(cast.owner_xp, f"{LIST}new/", {"idempotency_key": key}).status_code == 302
    application = Application.objects.get()
    values = typed(cast) | {
        "version": application.version,
        "do": "submit",
        "idempotency_key": str(uuid.uuid4()),
    }
    for _again in range(2):
        assert desk.post(cast.owner_xp, url(application), values).status_code == 302
    assert application.filings.count() == 1


def test_both_sides_review_on_the_page(cast: Cast, desk: Desk) -> None:
    application = filed(cast)
    for user, side in ((cast.department_xp, "industry"), (cast.bureau_xp, "county")):
        assert desk.get(user, url(application, f"pass/{side}/")).status_code == 200
        application.refresh_from_db()
        answer = desk.post(
            user, url(application, f"pass/{side}/"), {"text": "同意", "version": application.version}
        )
        assert answer.status_code == 302
    application.refresh_from_db()
    assert application.status == "passed"


def test_a_stale_review_is_refused(cast: Cast, desk: Desk) -> None:
    application = filed(cast)
    answer = desk.post(cast.bureau_xp, url(application, "pass/county/"), {"version": application.version - 1})
    assert answer.status_code == 409


def test_a_return_without_words_is_refused_and_with_words_told(cast: Cast, desk: Desk) -> None:
    application = filed(cast)
    path = url(application, "return/industry/")
    assert desk.post(cast.department_xp, path, {"version": application.version}).status_code == 422
    data = {"version": application.version, "reason": "请补地块编号", "fields_named": ["land_mu"]}
    assert desk.post(cast.department_xp, path, data | {"fields_named": ["nonsense"]}).status_code == 422
    assert desk.post(cast.department_xp, path, data).status_code == 302
    assert "请补地块编号" in desk.text(cast.owner_xp, url(application))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner_xp", 200), ("bureau_xp", 200), ("department_xp", 200), ("muni_department", 200), ("commission", 200),
        ("viewer_xp", 200), ("government_xp", 200), ("bureau_fa", 404), ("department_fa", 404), ("owner_fa", 404),
        ("muni_department2", 404), ("admin_system", 404), ("admin_security", 404), ("admin_audit", 404), ("idle", 403),
    ],
)  # fmt: skip
def test_e4_who_opens_a_filed_application(cast: Cast, desk: Desk, who: str, status: int) -> None:
    application = filed(cast)
    answer = desk.get(cast.people[who], url(application))
    assert answer.status_code == status
    canary = cast.canary("owner_xp")
    assert (canary in answer.content.decode()) is (status == 200)
    assert canary not in desk.get(cast.bureau_fa, f"{LIST}?state=all").content.decode()


@pytest.mark.parametrize("who", ["bureau_xp", "commission", "department_xp"])
def test_e4_what_is_being_typed_is_the_applicants_alone(cast: Cast, desk: Desk, who: str) -> None:
    application = begun(cast)
    assert desk.get(cast.people[who], url(application)).status_code == 404
    assert desk.post(cast.people[who], url(application, "autosave/"), {"name": "x"}).status_code == 404


def test_who_sees_it_but_does_not_review_is_told_whose_it_is(cast: Cast, desk: Desk) -> None:
    application = filed(cast)
    for user in (cast.owner_xp, cast.commission, cast.department_xp):
        assert desk.get(user, url(application, "pass/county/")).status_code == 403
    assert desk.post(cast.commission, url(application), {"do": "submit"}).status_code == 403
    assert desk.get(cast.bureau_xp, url(application, "pass/nowhere/")).status_code == 404
    assert desk.get(cast.government_xp, f"{LIST}new/").status_code == 403


def test_earlier_filings_stay_readable_and_changes_are_marked(cast: Cast, desk: Desk) -> None:
    from reserve.services import applications

    application = returned(cast, filed(cast))
    again = typed(cast, land_mu="99", progress_note="已核对地块")
    applications.submit(application, again, by=cast.actor(cast.owner_xp, november(5)), at=november(5))
    text = desk.text(cast.bureau_xp, url(application))
    assert "<ins" in text
    assert "86.5" in desk.text(cast.bureau_xp, url(application) + "?filing=1")
    assert desk.get(cast.bureau_xp, url(application) + "?filing=zz").status_code == 200


def test_to_do_and_navigation_name_what_waits(cast: Cast, desk: Desk) -> None:
    from ningde_projects.notices.todo import todo_for

    application = filed(cast)
    at = november(3)

    def keys(user: Any) -> set[str]:
        return {group.key for group in todo_for(cast.actor(user, at), at)}

    assert "reserve_review" in keys(cast.bureau_xp)
    assert "reserve_review" in keys(cast.department_xp)
    assert "reserve_review" not in keys(cast.bureau_fa)
    returned(cast, application)
    assert "reserve_returned" in keys(cast.owner_xp)
    assert "reserve_review" not in keys(cast.bureau_xp)


def test_the_list_costs_the_same_with_1_and_with_60(cast: Cast, desk: Desk) -> None:
    filed(cast)
    few = desk.queries(cast.bureau_xp, f"{LIST}?state=open")
    for number in range(59):
        filed(cast, values=typed(cast, name=f"霞浦第{number}号完全不同的工程{number}", confirm="on"))
    assert desk.queries(cast.bureau_xp, f"{LIST}?state=open") == few


def test_giving_up_closes_it_and_it_stays_readable(cast: Cast, desk: Desk) -> None:
    application = begun(cast)
    path = url(application, "withdraw/")
    assert desk.post(cast.owner_xp, path, {"version": application.version}).status_code == 422
    data = {"version": application.version, "reason": "业主暂不投资"}
    assert desk.post(cast.owner_xp, path, data).status_code == 302
    assert desk.get(cast.owner_xp, url(application)).status_code == 200
    assert desk.post(cast.owner_xp, url(application), {"do": "save", "name": "x"}).status_code == 409


def test_the_export_holds_what_is_on_screen(cast: Cast, desk: Desk) -> None:
    passed(cast, filed(cast))
    answer = desk.get(cast.bureau_xp, "/exports/reserve-applications/?state=passed&form=csv", follow=True)
    assert answer.status_code == 200


def test_a_return_is_marked_at_the_fields_that_it_names(cast: Cast, desk: Desk) -> None:
    application = filed(cast)
    desk.at(november(3))
    data = {
        "reason": "用地与资金来源请核对",
        "fields_named": ["land_mu", "funding"],
        "version": application.version,
    }
    assert desk.post(cast.bureau_xp, url(application, "return/county/"), data).status_code == 302
    text = desk.text(cast.owner_xp, url(application))
    assert 'id="id_land_mu_asked"' in text
    assert "id_forest_mu_asked" not in text
    assert text.count("退回要求修改") == 2  # the land, and the grid of the sources as one thing
