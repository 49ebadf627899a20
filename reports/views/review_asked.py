"""What the address of the worksheet asks for, read once for page, acts and export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.periods.month import Month
from ningde_projects.projects.selectors import Thresholds

from ..selectors import review as read
from ..selectors.months import month_asked


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """The counts of the groups are known already; the list is not counted again."""

    def __init__(self, rows: Any, per_page: int, number: int) -> None:
        super().__init__(rows, per_page)
        self._number = number

    @cached_property
    def count(self) -> int:
        return self._number


class Asked:
    """What the address asks for: month, filters, and whose worksheet it is."""

    def __init__(
        self, request: OfficeRequest, query: QueryDict | None = None, month: Month | None = None
    ) -> None:
        self.offices = read.worksheet_offices(request.actor)
        if not self.offices:
            raise PermissionDenied(
                _("The worksheet is for those who receive reports: county bureaus and the commission.")
            )
        self.query = request.GET if query is None else query
        self.month = month or month_asked(request)
        self.filters = read.Filters.read(self.query)
        self.is_matrix = self.query.get("view") == "matrix"
        if self.is_matrix:  # the matrix shows how far everything is, so nothing folds away
            self.filters = replace(self.filters, opened=read.FOLDED)
        self.thresholds = Thresholds(self.month)
        self.condition = self.filters.condition(read.LightRule.of(self.month, self.thresholds))
        self.rows = read.base(request.actor, self.month)

    @property
    def listed(self) -> Any:
        return read.listed(self.rows, self.filters, self.condition)

    @property
    def url(self) -> str:
        """Back to the same rows."""
        kept = self.query.copy()
        for name in ("report", "action", "page"):
            kept.pop(name, None)
        text = kept.urlencode()
        return reverse("reports:review") + (f"?{text}" if text else "")

    @property
    def county(self) -> str:
        """In a county's own view its name is dropped from project names."""
        only = self.offices[0] if len(self.offices) == 1 else None
        return only.place.name if only and only.kind == OrgKind.COUNTY_BUREAU else ""

    @property
    def is_commission(self) -> bool:
        return any(office.kind == OrgKind.COMMISSION for office in self.offices)
