"""《项目储备申报表》 on its way into the pool: both sides review, in either order (M1.2). No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting review")
    RETURNED = "returned", _("Returned")
    PASSED = "passed", pgettext_lazy("application", "Passed into the pool")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITABLE = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.RETURNED})
#: Where a project's application is not decided yet; a project has one of these at most.
OPEN = EDITABLE | {ApplicationStatus.SUBMITTED}

SUBMITS = ("submit_owner", "submit_department", "submit_bureau")
_FILERS = (("owner", Duty.REPORT), ("department", Duty.HANDLE), ("bureau", Duty.REVIEW))
_FILING = pgettext_lazy("reserve", "File the application")
_PASS = pgettext_lazy("reserve", "Pass")
_RETURN = pgettext_lazy("reserve", "Return to the applicant")

APPLICATION = Machine(
    "reserve_application",
    _("Reserve application"),
    ApplicationStatus,
    ApplicationStatus.DRAFT,
    (
        *(
            row(f"submit_{who}", EDITABLE, ApplicationStatus.SUBMITTED, duty, _FILING, "M1.2", office="applicant",
                guards=("application_is_sound",), effect="take_application", notifies=("reserve_filed",))
            for who, duty in _FILERS
        ),
        *(
            row(f"recall_{who}", ApplicationStatus.SUBMITTED, ApplicationStatus.DRAFT, duty,
                pgettext_lazy("reserve", "Take back"), "M1.2", office="applicant", guards=("nobody_reviewed_yet",),
                effect="give_back_the_draft")
            for who, duty in _FILERS
        ),
        *(
            row(f"withdraw_{who}", EDITABLE, ApplicationStatus.WITHDRAWN, duty,
                pgettext_lazy("reserve", "Give up the application"), "M1.2", office="applicant",
                reason_required=True)
            for who, duty in _FILERS
        ),
        # The county side is the county bureau; for a project of the municipal level it is the commission.
        row("pass_county", ApplicationStatus.SUBMITTED, None, Duty.REVIEW, _PASS, "M1.2", office="county",
            guards=("side_still_waits", "no_one_stands_for_both_sides"), effect="mark_passed",
            notifies=("reserve_side_passed",), not_by=SUBMITS),
        row("pass_city", ApplicationStatus.SUBMITTED, None, Duty.DISPATCH, _PASS, "M1.2", office="county",
            guards=("side_still_waits", "no_one_stands_for_both_sides"), effect="mark_passed",
            notifies=("reserve_side_passed",), not_by=SUBMITS),
        row("pass_industry", ApplicationStatus.SUBMITTED, None, Duty.HANDLE, _PASS, "M1.2", office="industry",
            guards=("side_still_waits", "no_one_stands_for_both_sides"), effect="mark_passed",
            notifies=("reserve_side_passed",), not_by=SUBMITS),
        row("return_county", ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, Duty.REVIEW, _RETURN, "M1.2",
            office="county", reason_required=True, effect="mark_returned", notifies=("reserve_returned",)),
        row("return_city", ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, Duty.DISPATCH, _RETURN, "M1.2",
            office="county", reason_required=True, effect="mark_returned", notifies=("reserve_returned",)),
        row("return_industry", ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, Duty.HANDLE, _RETURN, "M1.2",
            office="industry", reason_required=True, effect="mark_returned", notifies=("reserve_returned",)),
        # With the second side's pass, in its transaction.
        row("complete", ApplicationStatus.SUBMITTED, ApplicationStatus.PASSED, None,
            pgettext_lazy("reserve", "Passed by both sides"), "M1.2", guards=("both_sides_passed",),
            effect="let_into_pool", notifies=("reserve_passed",)),
    ),
)  # fmt: skip
