"""A project's preliminary work case 前期“3+N”会商 and the opinions that are asked in it (measure 2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row

from .twins import by_convener, by_filer


class CaseStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("case status", "Awaiting acceptance")
    RETURNED = "returned", _("Returned")
    CONSULTING = "consulting", pgettext_lazy("case status", "In consultation")
    SUPPLEMENT = "supplement", pgettext_lazy("case status", "To be supplemented")
    PASSED = "passed", pgettext_lazy("case status", "Passed")
    REJECTED = "rejected", pgettext_lazy("case status", "Not passed")


#: The filing office may change what the case says.
CASE_EDITABLE = frozenset({CaseStatus.DRAFT, CaseStatus.RETURNED, CaseStatus.SUPPLEMENT})
#: What counts as filed for M2.1.
CASE_FILED = frozenset(CaseStatus) - {CaseStatus.DRAFT}
CASE_CONCLUDED = frozenset({CaseStatus.PASSED, CaseStatus.REJECTED})

CASE = Machine(
    "case",
    _("Preliminary work case (3+N)"),
    CaseStatus,
    CaseStatus.DRAFT,
    (
        *by_filer("submit", [CaseStatus.DRAFT, CaseStatus.RETURNED], CaseStatus.SUBMITTED,
                  pgettext_lazy("case", "File for consultation"), "M2.1", guards=("case_is_complete",),
                  effect="take_facts", notifies=("case_submitted",)),
        *by_filer("withdraw", CaseStatus.SUBMITTED, CaseStatus.DRAFT, pgettext_lazy("case", "Take back"), "M2.1"),
        *by_convener("accept", CaseStatus.SUBMITTED, CaseStatus.CONSULTING,
                     pgettext_lazy("case", "Accept and ask for opinions"), "M2.2", guards=("offices_are_named",),
                     effect="open_consultation", notifies=("case_accepted",), not_by=("submit", "submit_owner")),
        *by_convener("return", CaseStatus.SUBMITTED, CaseStatus.RETURNED,
                     pgettext_lazy("case", "Send back to the filing office"), "M2.2", reason_required=True,
                     effect="keep_return", notifies=("case_returned",)),
        *by_convener("invite", CaseStatus.CONSULTING, None, pgettext_lazy("case", "Ask further departments"), "M2.2",
                     guards=("others_are_named",), effect="ask_others"),
        *by_convener("ask_supplement", CaseStatus.CONSULTING, CaseStatus.SUPPLEMENT,
                     pgettext_lazy("case", "Have it supplemented"), "M2.2", reason_required=True,
                     effect="keep_return", notifies=("case_supplement_asked",)),
        *by_filer("resubmit", CaseStatus.SUPPLEMENT, CaseStatus.CONSULTING,
                  pgettext_lazy("case", "File the supplement"), "M2.2", guards=("case_is_complete",),
                  effect="take_supplement", notifies=("case_submitted",)),
        *by_convener("pass", CaseStatus.CONSULTING, CaseStatus.PASSED, pgettext_lazy("case", "Conclude: passed"),
                     "M2.2", guards=("opinions_are_in", "leads_agree"), effect="conclude_case",
                     notifies=("case_concluded",), not_by=("submit", "submit_owner", "resubmit", "resubmit_owner")),
        *by_convener("reject", CaseStatus.CONSULTING, CaseStatus.REJECTED,
                     pgettext_lazy("case", "Conclude: not passed"), "M2.2", reason_required=True,
                     guards=("opinions_are_in",), effect="conclude_case", notifies=("case_concluded",)),
        *by_convener("reopen", list(CASE_CONCLUDED), CaseStatus.CONSULTING,
                     pgettext_lazy("case", "Take the conclusion back"), "M2.2", reason_required=True,
                     guards=("no_funding_under_way",), effect="take_back_conclusion", notifies=("case_reopened",)),
    ),
)  # fmt: skip


class OpinionStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("case opinion", "Awaiting handling")
    DRAFTING = "drafting", pgettext_lazy("case opinion", "Drafting")
    REVIEWING = "reviewing", pgettext_lazy("case opinion", "Awaiting signature")
    GIVEN = "given", pgettext_lazy("case opinion", "Given")
    RELEASED = "released", pgettext_lazy("case opinion", "No longer asked")


#: What a department still owes.
OPINION_OWED = frozenset({OpinionStatus.WAITING, OpinionStatus.DRAFTING, OpinionStatus.REVIEWING})
_OPEN = [OpinionStatus.WAITING, OpinionStatus.DRAFTING]

#: A bureau has neither handlers nor signers: two of its reviewers share the work (M2.4).
CASE_OPINION = Machine(
    "case_opinion",
    _("Opinion in a 3+N consultation"),
    OpinionStatus,
    OpinionStatus.WAITING,
    (
        *(
            transition
            for suffix, office, handler, signer in (
                ("", "department", Duty.HANDLE, Duty.SIGN), ("_bureau", "own_bureau", Duty.REVIEW, Duty.REVIEW)
            )
            for transition in (
                row(f"draft{suffix}", _OPEN, OpinionStatus.DRAFTING, handler, pgettext_lazy("case opinion", "Save draft"),
                    "M2.2", office=office, guards=("case_is_open",), effect="keep_case_opinion"),
                row(f"send_to_sign{suffix}", _OPEN, OpinionStatus.REVIEWING, handler,
                    pgettext_lazy("case opinion", "Send to the leader for signature"), "M2.2", office=office,
                    guards=("case_is_open", "case_opinion_is_complete"), effect="keep_case_opinion",
                    notifies=("case_opinion_to_sign",)),
                row(f"sign{suffix}", OpinionStatus.REVIEWING, OpinionStatus.GIVEN, signer,
                    pgettext_lazy("case opinion", "Sign"), "M2.2", office=office, guards=("case_is_open",),
                    effect="sign_case_opinion", notifies=("case_opinion_given",),
                    not_by=(f"send_to_sign{suffix}",)),
                row(f"return_to_section{suffix}", OpinionStatus.REVIEWING, OpinionStatus.DRAFTING, signer,
                    pgettext_lazy("case opinion", "Return to the section"), "M2.2", office=office,
                    reason_required=True, effect="return_case_opinion", notifies=("case_opinion_returned",),
                    not_by=(f"send_to_sign{suffix}",)),
                row(f"take_back{suffix}", OpinionStatus.REVIEWING, OpinionStatus.DRAFTING, handler,
                    pgettext_lazy("case opinion", "Take back for correction"), "M2.2", office=office),
            )
        ),
        *by_convener("ask_again", OpinionStatus.GIVEN, OpinionStatus.WAITING,
                     pgettext_lazy("case opinion", "Ask for a new opinion"), "M2.2", reason_required=True,
                     guards=("case_is_open",), effect="begin_round", notifies=("case_opinion_asked",)),
        *by_convener("release", [*_OPEN, OpinionStatus.REVIEWING], OpinionStatus.RELEASED,
                     pgettext_lazy("case opinion", "No longer ask this office"), "M2.2", reason_required=True,
                     guards=("another_for_a_lead",), effect="keep_release",
                     notifies=("case_opinion_released",)),
        row("renew", OpinionStatus.GIVEN, OpinionStatus.WAITING, None,
            pgettext_lazy("case opinion", "Asked again after the supplement"), "M2.2", effect="begin_round",
            notifies=("case_opinion_asked",)),
    ),
)  # fmt: skip
