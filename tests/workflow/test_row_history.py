"""Each row that a request changes says who asked and at which address, whether it was written through the door or not."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from pghistory.models import Context

from reports.models import Summary
from reports.services import filing, summaries
from tests.cast import Cast
from tests.reports.desk import Desk
from tests.reports.desk import desk as desk
from tests.reports.story import OCTOBER, figures, november, opened, report_of


def contexts_of(model: str, pk: int) -> list[dict[str, Any]]:
    """What the history rows of an object know of the requests that wrote them, oldest first."""
    rows = apps.get_model(model).objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    known = dict(Context.objects.values_list("pk", "metadata"))
    return [known[row.pgh_context_id] for row in rows if row.pgh_context_id in known]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_posted_change_outside_the_door_says_who_and_where(cast: Cast, desk: Desk, language: str) -> None:
    person = cast.bureau_xp
    form = {
        "email": "new@projects.example",
        "by_email": "on",
        "language": language,
        "version": person.version,
    }
    assert desk.post(person, "/account/", form).status_code in (200, 302)
    last = contexts_of("organizations.UserEvent", person.pk)[-1]
    assert (last["user"], last["url"]) == (person.pk, "/account/")
    assert last["request_id"]


def test_an_act_says_who_and_where(cast: Cast, desk: Desk) -> None:
    opened()
    report = report_of(cast.project_xp)
    filing.submit(report, figures(), by=cast.actor(cast.owner_xp, november(6)), at=november(6))
    report.refresh_from_db()
    url = f"/review/{report.public_id}/accept/"
    assert desk.post(cast.bureau_xp, url, {"version": report.version}).status_code == 302
    last = contexts_of("reports.ReportEvent", report.pk)[-1]
    assert (last["user"], last["url"]) == (cast.bureau_xp.pk, url)


def test_a_look_that_changes_a_row_says_whose_it_was(cast: Cast, desk: Desk) -> None:
    """The government's first look ends the time in which the county can withdraw."""
    opened()
    bureau = cast.actor(cast.bureau_xp, november(9))
    summary = Summary.objects.get(place__code="XP", month=OCTOBER)
    summaries.draw_in(summary, by=bureau, at=november(9))
    summaries.send_for_approval(summary, by=bureau, at=november(9))
    desk.at(november(9, 11))
    url = f"/approvals/{summary.public_id}/"
    assert desk.get(cast.government_xp, url).status_code == 200
    summary.refresh_from_db()
    assert summary.opened_at == november(9, 11)
    last = contexts_of("reports.SummaryEvent", summary.pk)[-1]
    assert (last["user"], last["url"]) == (cast.government_xp.pk, url)


def test_one_middleware_is_enough_for_that() -> None:
    assert not [name for name in settings.MIDDLEWARE if "pghistory" in name]
