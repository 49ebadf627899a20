"""Print a dozen sample accounts that between them hold every duty worth trying."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment
from ningde_projects.organizations.samples import sample_password

#: Place, kind of organisation, duty: one account each, in the order in which a report travels.
SHOWN: tuple[tuple[str, str, Duty], ...] = (
    ("XP", "owner", Duty.REPORT),
    ("XP", "county_bureau", Duty.REVIEW),
    ("XP", "county_department", Duty.HANDLE),
    ("XP", "county_department", Duty.DIRECT),
    ("XP", "county_government", Duty.APPROVE),
    ("FA", "county_bureau", Duty.REVIEW),
    ("SJ", "commission", Duty.DISPATCH),
    ("SJ", "municipal_department", Duty.HANDLE),
    ("SJ", "municipal_department", Duty.SIGN),
    ("SJ", "municipal_government", Duty.APPROVE),
    ("SJ", "municipal_department", Duty.STATISTICS),
    ("SJ", "oversight", Duty.SUPERVISE),
    ("SJ", "commission", Duty.ADMIN_SYSTEM),
    ("SJ", "commission", Duty.ADMIN_SECURITY),
    ("SJ", "commission", Duty.ADMIN_AUDIT),
)


class Command(BaseCommand):
    help = "Print representative sample accounts: duty, person, organisation, account, password."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [("Duty", "Name", "Organisation", "Account", "Password")]
        for place, kind, duty in SHOWN:
            found = (
                Assignment.objects.filter(
                    user__is_sample=True, organisation__place__code=place, organisation__kind=kind, duty=duty
                )
                .select_related("user__organisation")
                .order_by("-organisation__is_sample", "organisation__order", "pk")
                .first()
            )
            if found:
                person = found.user
                rows.append(
                    (
                        str(duty.label),
                        person.name,
                        person.organisation.name,
                        person.username,
                        sample_password(),
                    )
                )
        if len(rows) == 1:
            self.stdout.write("There are no sample people; run manage.py seed_people.")
            return
        widths = [max(_width(row[column]) for row in rows) for column in range(5)]
        for row in rows:
            self.stdout.write(
                "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
