"""The owner's side of a report: keeping a draft, filing, recalling, correcting (M5.1, M5.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ningde_projects.organizations.actor import Actor
from ningde_projects.workflow.door import Step, perform, refusal
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import Refusal, RuleBroken, StaleVersion, WrongState

from ..forms.at_once import at_once_form
from ..forms.report import MAX_DRAFT_CHARACTERS, FullForm, full_form, new_key
from ..models import Problem, Report, Submission
from ..models.reports import ReportKind
from ..rules import Circumstances
from ..selectors.basis import carried_problems, circumstances_of, lists_for
from ..selectors.printed_facts import printed_facts
from ..workflow import EDITABLE, ReportStatus
from .binding import report_binding
from .opinions import address_municipal
from .problems import state_problems, withdraw_statements
from .receipts import deliver


def form_of(report: Report, raw: Mapping[str, Any], circumstances: Circumstances | None = None) -> FullForm:
    """The report's form over typed values; a fixed number of queries, less where the circumstances are known."""
    if report.kind != ReportKind.MONTHLY:
        return at_once_form(raw, month=report.month, lists=lists_for(report))
    return full_form(
        raw,
        month=report.month,
        carried=carried_problems(report),
        lists=lists_for(report),
        circumstances=circumstances or circumstances_of([report])[report.pk],
    )


# ---- the draft -------------------------------------------------------------------------------------------------


def edit_refusal(report: Report, actor: Actor) -> Refusal | None:
    """Why the form cannot be edited by this person now."""
    name = "start" if report.status == ReportStatus.TODO else "submit"
    return refusal(report, name, actor)


def save_draft(report: Report, raw: Mapping[str, Any], *, by: Actor, at: datetime, version: int) -> Report:
    """Keep what was typed, complete or not; nothing is judged (lessons.md: nothing typed is ever lost).

    Raises StaleVersion when somebody saved in between, NotAllowed or WrongState when the form is locked.
    """
    if len(json.dumps(raw, ensure_ascii=False)) > MAX_DRAFT_CHARACTERS:
        raise RuleBroken(_("The draft is larger than a form can be; shorten the texts."))
    refused = edit_refusal(report, by)
    if refused:
        raise refused
    with transaction.atomic():
        if report.status == ReportStatus.TODO:
            perform(report, "start", by=by, at=at, version=version)
            version = report.version
        changed = Report.objects.filter(pk=report.pk, version=version, status__in=EDITABLE).update(
            draft=dict(raw), draft_saved_at=at, draft_saved_by=by.user, version=F("version") + 1
        )
        if changed:
            report.draft, report.draft_saved_at, report.draft_saved_by = dict(raw), at, by.user
            report.version = version + 1
        else:
            report.refresh_from_db()
            if report.status not in EDITABLE:
                raise WrongState(_("The report has been filed meanwhile; the form is locked."))
            raise StaleVersion(
                _("Someone else changed this draft while you had it open. Compare, then save again.")
            )
    return report


def first_draft(report: Report, user_name: str, phone: str) -> dict[str, Any]:
    """What the empty form starts with: prefilled from the last submission or from last month (M5.1)."""
    if report.draft:
        return dict(report.draft)
    last = report.submissions.order_by("-number").first()
    if last is not None:
        return draft_of_submission(last)
    previous = (
        Report.objects.filter(
            kind="monthly", project=report.project_id, part=report.part_id, month__lt=report.month,
            first_submitted_at__isnull=False,
        ).order_by("-month").first()
    )  # fmt: skip
    raw: dict[str, Any] = {"new": [], "filler": user_name, "filler_phone": phone}
    if previous is not None:
        raw["head"] = previous.head
        raw["in_statistics"] = {True: "yes", False: "no"}.get(previous.project.in_statistics, "")
    return raw


def last_submission(report: Report) -> Submission:
    """What was filed last; Submission.DoesNotExist when nothing was."""
    return report.submissions.latest("number")


def draft_of_submission(submission: Submission) -> dict[str, Any]:
    """Turn what was filed back into typed values, so that it can be corrected."""
    raw: dict[str, Any] = {**submission.values, "new": []}
    for line in submission.problems:
        if line["answer"] == "new":
            key = line.get("key") or new_key()
            raw["new"].append(key)
            raw.update({f"n-{key}-{name}": value for name, value in line["fields"].items()})
        else:
            raw[f"p-{line['problem']}-answer"] = line["answer"]
            raw[f"p-{line['problem']}-note"] = line["note"]
    return raw


# ---- filing ----------------------------------------------------------------------------------------------------


def submit(
    report: Report, raw: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None,
    circumstances: Circumstances | None = None,
) -> Act:  # fmt: skip
    """File the report. Raises RuleBroken with every error by input name; the draft is kept in any case.

    `circumstances`: those of this request, where it has looked at them already.
    """
    data = {"raw": dict(raw), "circumstances": circumstances}
    return perform(report, "submit", by=by, at=at, version=version, data=data)


def recall(report: Report, *, by: Actor, at: datetime) -> Act:
    """Take a filed report back, as long as no receiver has opened it (settled point 6)."""
    return perform(report, "recall", by=by, at=at)


def revise(report: Report, *, by: Actor, at: datetime, reason: str) -> Act:
    """Begin a new revision of an accepted report; the old one stays readable (M5.4)."""
    return perform(report, "revise", by=by, at=at, reason=reason)


@report_binding.guard
def form_is_sound(report: Report, step: Step) -> None:
    form = form_of(report, step.data["raw"], step.data.get("circumstances"))
    if not form.is_valid():
        errors = form.errors()
        count = sum(len(messages) for messages in errors.values())
        raise RuleBroken(
            ngettext(
                "%(n)s thing has to be corrected before filing.",
                "%(n)s things have to be corrected before filing.",
                count,
            )
            % {"n": count},
            errors=errors,
        )
    step.found["form"] = form


@report_binding.effect
def take_submission(report: Report, step: Step) -> None:
    """Write the submission as filed, bring the figures up to date, state the problems,
    deliver to the receivers."""
    form: FullForm = step.found["form"]
    actor = step.person
    data = form.report.cleaned_data
    report.submission_count += 1
    report.first_submitted_at = report.first_submitted_at or step.at
    report.submitted_at, report.submitted_by = step.at, actor.user
    report.is_nil = data["is_nil"]
    for name in ("month_investment", "year_cumulative", "total_cumulative", "progress", "next_plan",
                 "statistics_cumulative", "statistics_note", "nil_answer", "filler", "filler_phone",
                 "head"):  # fmt: skip
        setattr(report, name, data[name])
    if data["in_statistics"]:
        step.record["in_statistics"] = data["in_statistics"]
    report.opened_at = report.accepted_at = report.accepted_by = None
    report.draft = {}
    report.problem_count = (
        0
        if report.is_nil
        else len(form.new) + sum(1 for _p, f in form.carried if f.cleaned_data["answer"] != "solved")
    )
    lines = state_problems(report, form, actor, step.at)
    Submission.objects.create(
        report=report, number=report.submission_count, at=step.at, by=actor.user, by_text=actor.user.name,
        owner_text=report.owner.name, is_nil=report.is_nil, values=_values_of(form), problems=lines,
        facts=project_facts(report) | printed_facts(report), revision_reason=report.revision_reason,
    )  # fmt: skip
    deliver(report, step.at)
    address_municipal(report, _stated(report), step.at)
    step.record.update(number=report.submission_count, nil=report.is_nil, problems=report.problem_count,
                       late=report.is_late())  # fmt: skip


def _stated(report: Report) -> Iterator[Problem]:
    """Read when somebody looks at them, since most projects have no department that is to be addressed at once."""
    for statement in report.statements.select_related("problem__project"):
        yield statement.problem


def _values_of(form: FullForm) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in form.report.fields:
        value = form.report.cleaned_data.get(name)
        values[name] = "on" if value is True else "" if value in (None, False) else str(value)
    return values


def project_facts(report: Report) -> dict[str, str]:
    """What 附件1 prints of the project, as it stood when it was filed (names are kept as they were,
    point 15)."""
    p = report.project
    return {
        "name": p.name,
        "code": p.code,
        "level": p.level,
        "management": p.management,
        "stage": p.stage,
        "place": report.place.name,
        "township": p.township,
        "industry": p.industry.name if p.industry else "",
        "owner": report.owner.name,
        "content": p.content,
        "total_investment": "" if p.total_investment is None else str(p.total_investment),
        "annual_plan": "" if report.annual_plan is None else str(report.annual_plan),
        "annual_goal": p.annual_goal,
        "years": f"{p.start_year or ''}—{p.end_year or ''}" if p.start_year or p.end_year else "",
    }


@report_binding.guard
def not_opened_yet(report: Report, step: Step) -> None:
    if report.opened_at is not None:
        raise WrongState(_("A receiver has opened the report; ask him to return it."))


@report_binding.effect
def undo_submission(report: Report, step: Step) -> None:
    """A recalled filing does not count: the form is as it was, the clock of lateness runs on."""
    last = last_submission(report)
    report.draft = draft_of_submission(last)
    report.draft_saved_at = step.at
    if report.return_count == 0 and not report.revision_reason:
        report.first_submitted_at = None
    report.submitted_at = report.submitted_by = None
    withdraw_statements(report, step.at, step.person)


@report_binding.effect
def begin_revision(report: Report, step: Step) -> None:
    last = last_submission(report)
    report.draft = draft_of_submission(last)
    report.draft_saved_at = step.at
    report.revision_reason = step.reason
