"""The owner's pen: forms posted as the page posts them, with and without script."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from ningde_projects.organizations.models import User
from reports.models import Report
from reports.services import filing, reviewing
from tests.cast import Cast
from tests.reports.desk import HTMX, Desk
from tests.reports.story import OCTOBER, figures, november, opened, report_of

SEPTEMBER = OCTOBER.previous


class Pen:
    """`pen.save(report, values)`, `pen.file(report, values)`; the version is the row's own unless given."""

    def __init__(self, desk: Desk, writer: User) -> None:
        self.desk = desk
        self.writer = writer

    def press(
        self, report: Report, button: str, values: dict[str, Any], version: int | None = None
    ) -> HttpResponse:
        return self._post(report, "", button, values, version)

    def save(self, report: Report, values: dict[str, Any], version: int | None = None) -> HttpResponse:
        return self.press(report, "save", values, version)

    def file(self, report: Report, values: dict[str, Any], version: int | None = None) -> HttpResponse:
        return self.press(report, "submit", values, version)

    def autosave(
        self, report: Report, values: dict[str, Any], version: int | None = None, button: str = ""
    ) -> HttpResponse:
        return self._post(report, "autosave/", button, values, version, headers=HTMX)

    def _post(
        self, report: Report, tail: str, button: str, values: dict[str, Any], version: int | None, **more: Any
    ) -> HttpResponse:
        report.refresh_from_db()
        data = {**values, "version": report.version if version is None else version}
        if button:
            data["do"] = button
        found: HttpResponse = self.desk.post(self.writer, f"/reports/{report.public_id}/{tail}", data, **more)
        return found


def september_filed(cast: Cast, **more: Any) -> Report:
    """September stands at 690 in the month, 4,870 in the year, 15,470 since start."""
    opened(SEPTEMBER)
    report = report_of(cast.project_xp, SEPTEMBER)
    at = SEPTEMBER.next.start.replace(day=5)
    values = figures("690", "4870", "15470") | more
    filing.submit(report, values, by=cast.actor(cast.owner_xp, at), at=at)
    reviewing.accept(report, by=cast.actor(cast.bureau_xp, at), at=at)
    opened()
    return report_of(cast.project_xp)


def drafted(cast: Cast, report: Report, values: dict[str, Any]) -> Report:
    """Saved by the Xiapu owner on the 5th."""
    at = november(5)
    return filing.save_draft(report, values, by=cast.actor(cast.owner_xp, at), at=at, version=report.version)


def stored(report: Report) -> dict[str, Any]:
    """The draft as it lies in the database."""
    return dict(Report.objects.get(pk=report.pk).draft)
