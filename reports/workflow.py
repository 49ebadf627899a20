"""Statuses and transition tables of the reporting chain (measures 4–7). No ORM, no clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ningde_projects.organizations.duties import Duty
from ningde_projects.workflow.table import Machine, row


class ReportStatus(models.TextChoices):
    TODO = "todo", _("Not started")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting review")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    EXEMPT = "exempt", _("Exempt from reporting")


#: What the owner still has to do.
OWED = frozenset({ReportStatus.TODO, ReportStatus.DRAFT, ReportStatus.RETURNED})
EDITABLE = OWED

REPORT = Machine(
    "report",
    _("Monthly report"),
    ReportStatus,
    ReportStatus.TODO,
    (
        # Later saves change only the draft's own columns; the first one is what moves the status.
        row("start", ReportStatus.TODO, ReportStatus.DRAFT, Duty.REPORT, _("Start"), "M5.1", office="owner"),
        row("submit", [ReportStatus.TODO, ReportStatus.DRAFT, ReportStatus.RETURNED], ReportStatus.SUBMITTED,
            Duty.REPORT, _("File"), "M5.1", office="owner", guards=("form_is_sound",),
            effect="take_submission",
            notifies=("report_submitted",)),
        row("recall", ReportStatus.SUBMITTED, ReportStatus.DRAFT, Duty.REPORT, _("Recall"), "M5.4",
            office="owner", guards=("not_opened_yet",), effect="undo_submission"),
        row("accept", ReportStatus.SUBMITTED, ReportStatus.ACCEPTED, Duty.REVIEW, _("Accept"), "M5.4",
            office="receiver", guards=("no_failed_check",), effect="mark_accepted",
            notifies=("report_accepted",),
            not_by=("submit",)),
        row("return", ReportStatus.SUBMITTED, ReportStatus.RETURNED, Duty.REVIEW, _("Return"), "M5.4",
            office="receiver", reason_required=True, effect="mark_returned", notifies=("report_returned",)),
        row("accept_direct", ReportStatus.SUBMITTED, ReportStatus.ACCEPTED, Duty.DISPATCH, _("Accept"),
            "M5.2",
            office="commission_receiver", guards=("no_failed_check",), effect="mark_accepted",
            notifies=("report_accepted",), not_by=("submit",)),
        row("return_direct", ReportStatus.SUBMITTED, ReportStatus.RETURNED, Duty.DISPATCH, _("Return"),
            "M5.2",
            office="commission_receiver", reason_required=True, effect="mark_returned",
            notifies=("report_returned",)),
        row("revise", ReportStatus.ACCEPTED, ReportStatus.DRAFT, Duty.REPORT, _("Correct an accepted report"),
            "M5.4", office="owner", reason_required=True, effect="begin_revision",
            notifies=("report_revising",)),
        row("exempt", [ReportStatus.TODO, ReportStatus.DRAFT], ReportStatus.EXEMPT, Duty.REVIEW,
            _("Exempt from reporting"), "M5.1", office="receiver", reason_required=True, effect="mark_exempt",
            notifies=("report_exempted",)),
        row("exempt_direct", [ReportStatus.TODO, ReportStatus.DRAFT], ReportStatus.EXEMPT, Duty.DISPATCH,
            _("Exempt from reporting"), "M5.1", office="commission", reason_required=True,
            effect="mark_exempt",
            notifies=("report_exempted",)),
        row("oblige", ReportStatus.EXEMPT, ReportStatus.TODO, Duty.DISPATCH, _("Require the report again"),
            "M5.1",
            office="commission", reason_required=True, effect="clear_exemption",
            notifies=("report_obliged",)),
    ),
)  # fmt: skip


class ReceiptStatus(models.TextChoices):
    WAITING = "waiting", _("Delivered")
    OPENED = "opened", _("Opened")
    CONFIRMED = "confirmed", _("Confirmed")
    QUERIED = "queried", _("Queried")


RECEIPT = Machine(
    "receipt",
    _("Receipt of a report"),
    ReceiptStatus,
    ReceiptStatus.WAITING,
    (
        row("open", ReceiptStatus.WAITING, ReceiptStatus.OPENED, Duty.HANDLE, _("Open the report"), "M5.2",
            office="receiver", effect="mark_opened"),
        row("open_review", ReceiptStatus.WAITING, ReceiptStatus.OPENED, Duty.REVIEW, _("Open the report"), "M5.2",
            office="receiver", effect="mark_opened"),
        row("open_dispatch", ReceiptStatus.WAITING, ReceiptStatus.OPENED, Duty.DISPATCH, _("Open the report"), "M5.2",
            office="receiver", effect="mark_opened"),
        row("confirm", [ReceiptStatus.WAITING, ReceiptStatus.OPENED, ReceiptStatus.QUERIED],
            ReceiptStatus.CONFIRMED, Duty.HANDLE, _("Confirm for the industry"), "M5.2", office="receiver",
            effect="mark_confirmed"),
        row("confirm_review", [ReceiptStatus.WAITING, ReceiptStatus.OPENED], ReceiptStatus.CONFIRMED,
            Duty.REVIEW,
            _("Sign for"), "M5.3", office="receiver", effect="mark_confirmed"),
        row("confirm_dispatch", [ReceiptStatus.WAITING, ReceiptStatus.OPENED], ReceiptStatus.CONFIRMED,
            Duty.DISPATCH, _("Sign for"), "M5.3", office="receiver", effect="mark_confirmed"),
        row("query", [ReceiptStatus.WAITING, ReceiptStatus.OPENED, ReceiptStatus.CONFIRMED],
            ReceiptStatus.QUERIED,
            Duty.HANDLE, _("Query"), "M5.2", office="receiver", reason_required=True, effect="mark_queried",
            notifies=("receipt_queried",)),
        # The deciding receiver asks the department to look again; the department answers by confirming or a query.
        row("ask", list(ReceiptStatus), ReceiptStatus.WAITING, Duty.REVIEW, _("Ask the industry to verify"), "M5.2",
            office="decider", reason_required=True, guards=("another_receivers",), effect="mark_asked",
            notifies=("receipt_asked",)),
        row("ask_dispatch", list(ReceiptStatus), ReceiptStatus.WAITING, Duty.DISPATCH,
            _("Ask the industry to verify"), "M5.2", office="decider", reason_required=True,
            guards=("another_receivers",), effect="mark_asked", notifies=("receipt_asked",)),
        row("redeliver", [ReceiptStatus.OPENED, ReceiptStatus.CONFIRMED, ReceiptStatus.QUERIED],
            ReceiptStatus.WAITING, None, _("Deliver again"), "M5.4", effect="clear_receipt"),
    ),
)  # fmt: skip


class ProblemStatus(models.TextChoices):
    OPEN = "open", _("Open")
    WORKING = "working", _("In coordination")
    ESCALATED = "escalated", _("Escalated")
    CONFIRM = "confirm", _("Awaiting owner")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


#: A problem in one of these is carried forward into next month's form (M5.1).
UNSETTLED = frozenset(
    {ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED, ProblemStatus.CONFIRM}
)

PROBLEM = Machine(
    "problem",
    _("Problem"),
    ProblemStatus,
    ProblemStatus.OPEN,
    (
        row("take_up", [ProblemStatus.OPEN, ProblemStatus.ESCALATED], ProblemStatus.WORKING, Duty.DIRECT,
            _("Take up"), "M4.1", office="responsible", effect="note_handling"),
        row("handle", [ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED],
            ProblemStatus.WORKING,
            Duty.LEAD, _("Record handling"), "M4.1", office="responsible", reason_required=True,
            effect="note_handling"),
        row("pass_up", [ProblemStatus.OPEN, ProblemStatus.WORKING], ProblemStatus.ESCALATED, Duty.DIRECT,
            _("Pass up to the responsible leader"), "M4.1", office="responsible", reason_required=True,
            effect="pass_to_leader", notifies=("problem_passed_up",)),
        row("pass_up_overdue", [ProblemStatus.OPEN, ProblemStatus.WORKING], ProblemStatus.ESCALATED, None,
            _("Passed up by the deadline"), "M4.1", effect="pass_to_leader", notifies=("problem_passed_up",)),
        row("settle", [ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED],
            ProblemStatus.CONFIRM,
            Duty.DIRECT, _("Report as solved"), "M4.1", office="responsible", reason_required=True,
            effect="await_owner", notifies=("problem_settled",)),
        row("settle_lead", [ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED],
            ProblemStatus.CONFIRM, Duty.LEAD, _("Report as solved"), "M4.1", office="responsible",
            reason_required=True, effect="await_owner", notifies=("problem_settled",)),
        row("settle_by_department", [ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED],
            ProblemStatus.CONFIRM, None, _("Solved according to the department"), "M6.2",
            effect="await_owner", notifies=("problem_settled",)),
        row("work_by_department", [ProblemStatus.OPEN, ProblemStatus.ESCALATED], ProblemStatus.WORKING, None,
            _("Taken up by the department"), "M6.2", effect="note_handling"),
        row("escalate_by_department", [ProblemStatus.OPEN, ProblemStatus.WORKING], ProblemStatus.ESCALATED,
            None,
            _("Escalation proposed by the department"), "M6.2", effect="note_handling",
            notifies=("problem_escalated",)),
        row("confirm_solved", [ProblemStatus.OPEN, ProblemStatus.WORKING, ProblemStatus.ESCALATED,
                               ProblemStatus.CONFIRM], ProblemStatus.RESOLVED, Duty.REPORT,
            _("Confirm as solved"), "M5.1", office="owner", effect="book_resolution"),
        row("deny_solved", ProblemStatus.CONFIRM, ProblemStatus.WORKING, Duty.REPORT, _("Not solved yet"),
            "M5.1",
            office="owner", reason_required=True, effect="note_handling", notifies=("problem_denied",)),
        row("reopen", [ProblemStatus.RESOLVED, ProblemStatus.CLOSED], ProblemStatus.WORKING, Duty.DISPATCH,
            _("Reopen"), "M8.3", office="commission", reason_required=True, effect="reopen_problem",
            notifies=("problem_reopened",)),
        row("restate", [ProblemStatus.RESOLVED, ProblemStatus.CLOSED], ProblemStatus.OPEN, Duty.REPORT,
            _("Report again"), "M5.4", office="owner", effect="restate_problem"),
        row("withdraw", UNSETTLED, ProblemStatus.CLOSED, Duty.REPORT, _("Withdraw from the report"), "M5.4",
            office="owner", effect="withdraw_problem"),
        row("strike_off", ProblemStatus.RESOLVED, ProblemStatus.CLOSED, Duty.DISPATCH, _("Strike off"),
            "M8.3",
            office="commission", effect="close_problem"),
    ),
)  # fmt: skip


class SummaryStatus(models.TextChoices):
    BUILDING = "building", _("Compiling")
    APPROVING = "approving", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    FORWARDED = "forwarded", _("Forwarded")
    RECEIVED = "received", _("Receipt signed")
    RETURNED = "returned", _("Returned")


SUMMARY_EDITABLE = frozenset({SummaryStatus.BUILDING, SummaryStatus.RETURNED})

SUMMARY = Machine(
    "summary",
    _("Problem summary"),
    SummaryStatus,
    SummaryStatus.BUILDING,
    (
        row("draw_in", SUMMARY_EDITABLE, None, Duty.REVIEW, _("Pull in again"), "M6.1", office="bureau",
            effect="draw_items"),
        row("send_for_approval", SUMMARY_EDITABLE, SummaryStatus.APPROVING, Duty.REVIEW,
            _("Send to the county government for approval"), "M6.1", office="bureau",
            guards=("items_are_complete",), effect="mark_sent", notifies=("summary_to_approve",)),
        row("withdraw", SummaryStatus.APPROVING, SummaryStatus.BUILDING, Duty.REVIEW, _("Withdraw"), "M6.1",
            office="bureau", guards=("not_opened_by_government",), effect="clear_sending"),
        row("approve", SummaryStatus.APPROVING, SummaryStatus.APPROVED, Duty.APPROVE, _("Approve"), "M6.1",
            office="government", effect="seal_edition", notifies=("summary_approved",),
            not_by=("send_for_approval",)),
        row("return_by_government", SummaryStatus.APPROVING, SummaryStatus.RETURNED, Duty.APPROVE,
            _("Return for correction"), "M6.1", office="government", reason_required=True,
            effect="mark_summary_returned", notifies=("summary_returned",)),
        row("forward", SummaryStatus.APPROVED, SummaryStatus.FORWARDED, Duty.REVIEW,
            _("Forward to the municipal commission"), "M6.1", office="bureau", effect="mark_forwarded",
            notifies=("summary_forwarded",)),
        row("receive", SummaryStatus.FORWARDED, SummaryStatus.RECEIVED, Duty.DISPATCH, _("Sign for receipt"),
            "M6.1", office="commission", effect="mark_received", notifies=("summary_received",)),
        row("return_by_commission", [SummaryStatus.FORWARDED, SummaryStatus.RECEIVED], SummaryStatus.RETURNED,
            Duty.DISPATCH, _("Return to the county"), "M6.1", office="commission", reason_required=True,
            effect="mark_summary_returned", notifies=("summary_returned",)),
    ),
)  # fmt: skip


class OpinionStatus(models.TextChoices):
    WAITING = "waiting", _("Awaiting handling")
    DRAFTING = "drafting", _("Drafting")
    REVIEWING = "reviewing", _("Awaiting signature")
    SIGNED = "signed", _("Signed")
    SENT = "sent", _("Sent to the commission")
    REASSIGNED = "reassigned", _("Reassigned")


#: What a department still owes at D5.
OPINION_OWED = frozenset(
    {OpinionStatus.WAITING, OpinionStatus.DRAFTING, OpinionStatus.REVIEWING, OpinionStatus.SIGNED}
)

OPINION = Machine(
    "opinion",
    _("Coordination opinion"),
    OpinionStatus,
    OpinionStatus.WAITING,
    (
        row("draft", [OpinionStatus.WAITING, OpinionStatus.DRAFTING], OpinionStatus.DRAFTING, Duty.HANDLE,
            _("Save draft"), "M6.2", office="department", effect="keep_opinion"),
        row("send_to_sign", [OpinionStatus.WAITING, OpinionStatus.DRAFTING], OpinionStatus.REVIEWING,
            Duty.HANDLE,
            _("Send to the leader for signature"), "M6.2", office="department",
            guards=("opinion_is_complete",),
            effect="keep_opinion", notifies=("opinion_to_sign",)),
        row("sign", OpinionStatus.REVIEWING, OpinionStatus.SIGNED, Duty.SIGN, _("Sign"), "M6.2",
            office="department", effect="mark_signed", not_by=("send_to_sign",)),
        row("return_to_section", OpinionStatus.REVIEWING, OpinionStatus.DRAFTING, Duty.SIGN,
            _("Return to the section"), "M6.2", office="department", reason_required=True,
            effect="mark_opinion_returned", notifies=("opinion_returned",)),
        row("withdraw", [OpinionStatus.REVIEWING, OpinionStatus.SIGNED], OpinionStatus.DRAFTING, Duty.HANDLE,
            _("Take back for correction"), "M6.2", office="department", effect="clear_signature"),
        row("send", OpinionStatus.SIGNED, OpinionStatus.SENT, Duty.HANDLE,
            _("Send together to the commission"),
            "M6.2", office="department", effect="mark_opinion_sent", notifies=("opinion_sent",)),
        row("reassign", [OpinionStatus.WAITING, OpinionStatus.DRAFTING], OpinionStatus.REASSIGNED,
            Duty.HANDLE,
            _("Reassign"), "M6.2", office="department", reason_required=True,
            guards=("other_department_named",),
            effect="hand_to_other", notifies=("opinion_reassigned",)),
    ),
)  # fmt: skip

MACHINES = (REPORT, RECEIPT, PROBLEM, SUMMARY, OPINION)
