"""Measure 2 is run by the city and, in the same way, by each county (M2.4): every row exists for both conveners.

The city's row is a dispatcher's of the commission, the county's a reviewer's of the county bureau; which of the two
fits follows from the level of the case, since only one of them has an office there. In the same way a case is filed
by a department or by an owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Transition, row

COUNTY = "_county"
OWNER = "_owner"
BUREAU = "_bureau"


def by_convener(
    name: str,
    source: str | Iterable[str],
    target: str | None,
    label: str | Promise,
    measure: str,
    **more: Any,
) -> tuple[Transition, Transition]:
    """The commission's row, and the county bureau's."""
    return (
        row(name, source, target, Duty.DISPATCH, label, measure, office="commission", **more),
        row(name + COUNTY, source, target, Duty.REVIEW, label, measure, office="bureau", **more),
    )


def by_filer(
    name: str,
    source: str | Iterable[str],
    target: str | None,
    label: str | Promise,
    measure: str,
    **more: Any,
) -> tuple[Transition, Transition]:
    """The department's row, and the owner's."""
    return (
        row(name, source, target, Duty.HANDLE, label, measure, office="department", **more),
        row(name + OWNER, source, target, Duty.REPORT, label, measure, office="owner", **more),
    )
