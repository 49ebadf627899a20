"""Pages of the hookup lists: walked by their people, closed to others, constant in cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hookups.models import HookupLine, HookupList, MainLeader, MajorPick
from ningde_projects.projects.models import Post, Project, ProjectPart, Responsible
from tests.access.contents import text_of
from tests.cast import Cast
from tests.hookups.filing import YEAR, begun, filed, filled, line_of, march, office_of, on_file, staff
from tests.reports.desk import DIALOG, HTMX, Desk
from tests.reports.desk import desk as desk

FOREIGN = ("fa", "owner_fa")


@pytest.fixture
def at_march(desk: Desk) -> Desk:
    return desk.at(march(10))


def _url(name: str, found: HookupList, *more: Any) -> str:
    return reverse(f"hookups:{name}", args=[found.public_id, *more])


def test_the_bureau_draws_up_fills_and_sends_its_list(cast: Cast, at_march: Desk) -> None:
    desk, bureau = at_march, cast.bureau_xp
    staff(cast)
    office = office_of(cast, "xp")
    page = desk.get(bureau, "/hookups/lists/")
    assert page.status_code == 302
    begin = desk.text(bureau, page.url)
    assert "编制名单" in begin
    client = desk.client(bureau)
    made = client.post(reverse("hookups:list_begin", args=[office.public_id]), {"idempotency_key": "a" * 32})
    assert made.status_code == 302
    found = HookupList.objects.get()
    text = desk.text(bureau, _url("list", found))
    assert "处问题，暂不能送备案" in text
    filled(cast)
    assert "各岗位均已明确" in desk.text(bureau, _url("list", found))
    assert desk.post(bureau, _url("list_file", found), {"version": "999"}).status_code == 409
    found.refresh_from_db()
    assert desk.post(bureau, _url("list_file", found), {"version": str(found.version)}).status_code == 302
    found.refresh_from_db()
    assert found.status == "filed"


def test_a_person_chosen_in_the_table_is_saved_on_the_server(cast: Cast, at_march: Desk) -> None:
    found = begun(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    data = {"user": str(cast.government2_xp.public_id), "version": str(line.version)}
    answer = at_march.post(cast.bureau_xp, _url("list_line", found, line.public_id), data, headers=HTMX)
    assert answer.status_code == 200
    assert f'id="cell-{line.public_id}"' in answer.content.decode()
    assert 'id="list-aside"' in answer.content.decode()
    line.refresh_from_db()
    assert line.user == cast.government2_xp
    stale = at_march.post(cast.bureau_xp, _url("list_line", found, line.public_id), data | {"user": ""})
    assert stale.status_code == 409
    strange = {"user": str(cast.government_fa.public_id), "version": str(line.version)}
    assert at_march.post(cast.bureau_xp, _url("list_line", found, line.public_id), strange).status_code == 422
    junk = {"user": "nonsense", "version": "x"}
    assert at_march.post(cast.bureau_xp, _url("list_line", found, line.public_id), junk).status_code == 422
    line.refresh_from_db()
    assert line.user == cast.government2_xp


def test_the_commission_reads_puts_on_file_and_returns(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    found = filed(cast)
    desk = at_march.at(march(12))
    commission = cast.commission
    assert found.office.name in desk.text(commission, "/hookups/lists/?state=filed")
    assert "予以备案" in desk.text(commission, _url("list", found))
    found.refresh_from_db()
    assert found.opened_at is not None
    empty = desk.post(commission, _url("list_return", found), {"version": str(found.version)}, headers=DIALOG)
    assert empty.status_code == 422
    client = desk.client(commission)
    body = {"version": str(found.version), "idempotency_key": "b" * 32}
    first = client.post(_url("list_receive", found), body)
    second = client.post(_url("list_receive", found), body)
    assert (first.status_code, second.status_code) == (302, 302)
    found.refresh_from_db()
    assert found.status == "received"
    assert HookupList.objects.filter(status="received").count() == 1
    now = Responsible.objects.filter(
        project=cast.project_cross, place=cast.place("XP"), valid_to__isnull=True
    )
    assert now.count() == 2


def test_a_double_click_begins_one_list_and_enters_one_change(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    annual = on_file(cast)
    desk = at_march.at(march(20))
    client = desk.client(cast.bureau_xp)
    line = line_of(annual, cast.project_xp, Post.COUNTY_LEADER)
    url = _url("list_change", annual, line.public_id)
    assert client.get(url).status_code == 200
    body = {"user": str(cast.government2_xp.public_id), "effective_on": "2026-03-18", "reason": "分工调整",
            "idempotency_key": "c" * 32}  # fmt: skip
    wrong = client.post(url, body | {"effective_on": "2026-03-31", "idempotency_key": "d" * 32})
    assert wrong.status_code == 422
    assert "2026-03-31" in wrong.content.decode()  # what was typed stays
    for _click in range(2):
        assert client.post(url, body).status_code == 302
    change = HookupList.objects.get(number=1)
    assert change.lines.count() == 1
    page = desk.text(cast.bureau_xp, _url("list", change))
    assert "第1次调整" in page
    assert client.post(_url("list_drop", change, change.lines.get().public_id)).status_code == 302
    assert not HookupList.objects.filter(number=1).exists()


def test_picks_and_heads_are_entered_on_their_pages(cast: Cast, at_march: Desk) -> None:
    project = cast.project_xp
    url = reverse("hookups:pick", args=[project.public_id])
    assert at_march.post(cast.commission, url, {"reason": ""}).status_code == 422
    assert at_march.post(cast.bureau_xp, url, {"reason": "大"}).status_code == 403
    assert at_march.post(cast.commission, url, {"reason": "投资大"}).status_code == 302
    assert "投资大" in at_march.text(cast.commission, "/hookups/majors/?show=picked")
    assert "投资大" in at_march.text(cast.bureau_xp, "/hookups/majors/")
    out = reverse("hookups:pick_withdraw", args=[project.public_id])
    assert at_march.post(cast.commission, out, {"reason": "调减"}).status_code == 302
    assert not MajorPick.objects.filter(withdrawn_at__isnull=True).exists()
    head = reverse("hookups:head", args=["XP", "government"])
    body = {"user": str(cast.government_xp.public_id), "since": "2026-01-05"}
    assert at_march.post(cast.bureau_xp, head, body).status_code == 302
    assert MainLeader.objects.get().user == cast.government_xp
    assert at_march.post(cast.bureau_fa, head, body).status_code == 404
    assert at_march.post(cast.government_xp, head, body).status_code == 403


def test_every_figure_of_the_coverage_opens_its_projects(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    page = at_march.text(cast.commission, "/hookups/coverage/")
    office = office_of(cast, "soe")
    link = f"{reverse('hookups:uncovered')}?office={office.public_id}&amp;post=soe_leader"
    assert link in page
    listed = at_march.text(cast.commission, link.replace("&amp;", "&"))
    assert cast.project_municipal.name in listed
    assert cast.project_cross.name in listed
    assert cast.project_fa.name not in listed
    own = at_march.text(cast.bureau_xp, "/hookups/coverage/projects/")
    assert cast.project_cross.name in own
    assert cast.project_municipal.name not in own


def test_the_panel_shows_what_is_on_file_and_leads_to_the_change(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    annual = on_file(cast)
    url = reverse("projects:detail", args=[cast.project_xp.public_id])
    line = line_of(annual, cast.project_xp, Post.COUNTY_LEADER)
    own = at_march.text(cast.bureau_xp, url)
    assert _url("list_change", annual, line.public_id) in own
    other = at_march.text(cast.owner_xp, url)
    assert "双挂钩备案" in other
    assert _url("list", annual) not in other


# ---- who may not -----------------------------------------------------------------------------------------------


def test_nothing_of_another_county_stands_on_a_countys_pages_and_files(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    filed(cast, "fa")
    found = filled(cast)
    exports = ["hookup-lists", "hookup-coverage", "hookup-uncovered", "hookup-majors", "hookup-heads"]
    paths = [_url("list", found), "/hookups/coverage/", "/hookups/coverage/projects/", "/hookups/majors/",
             "/hookups/heads/", *(f"/exports/{kind}/" for kind in exports),
             f"/exports/hookup-lines/?list={found.public_id}"]  # fmt: skip
    for path in paths:
        response = at_march.get(cast.bureau_xp, path)
        assert response.status_code == 200, path
        said = text_of(response)
        assert not [key for key in FOREIGN if cast.canary(key) in said], path
        assert cast.government_fa.name not in said, path


def test_another_countys_list_is_not_found_and_unsent_lists_are_their_offices_alone(
    cast: Cast, at_march: Desk
) -> None:
    staff(cast)
    found = filled(cast)
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    gets = [_url("list", found), _url("list_file", found), _url("list_receive", found), _url("list_return", found),
            _url("list_change", found, line.public_id), f"/exports/hookup-lines/?list={found.public_id}"]  # fmt: skip
    posts = [
        _url("list_draw", found),
        _url("list_line", found, line.public_id),
        _url("list_drop", found, line.public_id),
    ]
    strangers = ["bureau_fa", "owner_xp", "department_xp", "muni_department", "direct_xp", "oversight",
                 "admin_system", "admin_security", "admin_audit", "idle", "commission"]  # fmt: skip
    for role in strangers:
        for path in gets:
            assert at_march.get(cast.people[role], path).status_code == 404, (role, path)
        for path in posts:
            assert at_march.post(cast.people[role], path).status_code == 404, (role, path)
    office = reverse("hookups:office", args=[found.office.public_id])
    for role in ("bureau_fa", "owner_xp", "department_xp", "muni_department", "admin_system", "idle"):
        assert at_march.get(cast.people[role], office).status_code == 404, role


def test_whoever_has_to_do_with_no_list_finds_no_page(cast: Cast, at_march: Desk) -> None:
    for role in ("owner_xp", "department_xp", "direct_xp", "oversight", "admin_system", "admin_security",
                 "admin_audit", "idle"):  # fmt: skip
        for path in ("/hookups/lists/", "/hookups/coverage/", "/hookups/coverage/projects/", "/hookups/majors/",
                     "/hookups/heads/", "/exports/hookup-lists/", "/exports/hookup-coverage/",
                     "/exports/hookup-uncovered/", "/exports/hookup-majors/"):  # fmt: skip
            assert at_march.get(cast.people[role], path).status_code == 404, (role, path)


def test_the_commission_reads_a_returned_list_as_it_was_filed(cast: Cast, at_march: Desk) -> None:
    from ningde_projects.workflow.door import perform
    from tests.hookups.filing import put

    staff(cast)
    found = filed(cast)
    perform(found, "return", by=cast.actor(cast.commission, march(12)), at=march(12), reason="请核对")
    line = line_of(found, cast.project_xp, Post.COUNTY_LEADER)
    was = line.name_text
    put(cast, line, cast.government2_xp, march(13))
    desk = at_march.at(march(13))
    page = desk.text(cast.commission, _url("list", found))
    assert was in page
    file = text_of(desk.get(cast.commission, f"/exports/hookup-lines/?list={found.public_id}"))
    rows = [file, page]
    assert all(cast.government2_xp.name not in words or cast.government2_xp.name == was for words in rows)


def test_bad_addresses_are_read_as_no_filter(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    found = filled(cast)
    for path in ("/hookups/lists/?year=0&side=x&state=y", "/hookups/coverage/?year=99999999999&side=%00",
                 "/hookups/coverage/projects/?office=zz&post=q&place=??&page=x", "/hookups/majors/?q=%00&page=-1",
                 "/exports/hookup-lists/?year=abc&state=zzz"):  # fmt: skip
        assert at_march.get(cast.commission, path).status_code == 200, path
    assert at_march.get(cast.bureau_xp, _url("list", found) + "?show=zz&page=zz").status_code == 200
    assert at_march.get(cast.bureau_xp, "/exports/hookup-lines/?list=zz").status_code == 404


# ---- what it costs ---------------------------------------------------------------------------------------------


def _more(cast: Cast, number: int) -> None:
    """Key projects of Xiapu, half of them across both counties."""
    like = cast.project_xp
    made = Project.objects.bulk_create(
        Project(name=f"霞浦项目{number}-{n}", place=like.place, owner=like.owner, level="municipal", stage="under_way",
                municipal_department=like.municipal_department, county_department=like.county_department)
        for n in range(number)
    )  # fmt: skip
    ProjectPart.objects.bulk_create(
        ProjectPart(project=p, place=cast.place(code)) for p in made[::2] for code in ("XP", "FA")
    )


def test_pages_cost_as_many_queries_with_few_lines_as_with_sixty(cast: Cast, at_march: Desk) -> None:
    staff(cast)
    found = begun(cast)
    pages = {
        "list": (cast.bureau_xp, _url("list", found)),
        "faults": (cast.bureau_xp, _url("list", found) + "?show=faults"),
        "desk": (cast.commission, "/hookups/lists/"),
        "coverage": (cast.commission, "/hookups/coverage/"),
        "uncovered": (cast.commission, "/hookups/coverage/projects/"),
        "majors": (cast.commission, "/hookups/majors/"),
        "own coverage": (cast.bureau_xp, "/hookups/coverage/"),
    }
    costs: dict[str, list[int]] = {name: [] for name in pages}
    from hookups.services import lists

    for more in (0, 60):
        _more(cast, more)
        lists.draw(found, by=cast.actor(cast.bureau_xp, march(10)), at=march(10))
        for name, page in pages.items():
            at_march.queries(*page)
            costs[name].append(at_march.queries(*page))
    assert HookupLine.objects.count() >= 60
    assert {n: few for n, (few, _m) in costs.items()} == {n: many for n, (_f, many) in costs.items()}
    assert max(many for _few, many in costs.values()) <= 40, costs


def test_putting_on_file_costs_no_query_per_line_that_stays(cast: Cast, at_march: Desk) -> None:
    """Acts are written for what changes; what stays costs nothing."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from ningde_projects.workflow.door import perform

    staff(cast)
    counts = []
    for more in (1, 40):
        _more(cast, more)
        HookupList.objects.all().delete()
        found = on_file(cast)
        HookupList.objects.filter(pk=found.pk).update(status="filed")
        found.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            perform(found, "receive", by=cast.actor(cast.commission2, march(13)), at=march(13))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert YEAR == 2026
