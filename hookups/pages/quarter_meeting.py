"""To-do and words of the vice-mayor's quarterly meeting (D9)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.todo import TodoGroup, TodoItem, todo_source
from ningde_projects.organizations.actor import Actor
from ningde_projects.periods.month import Month, local_date
from ningde_projects.workflow import acts

from ..selectors.quarter_meeting import answers_for_it, quarter_meeting
from ..services import quarter_meeting as deadline  # noqa: F401  (registers D9)

#: Fewer days than these before the quarter's end make it pressing.
_SOON = 8


def register() -> None:
    """Called once when the app is ready."""
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d9_deadline": pgettext_lazy("act", "Whether the vice-mayor held his meeting noted (D9)"),
    })  # fmt: skip


@todo_source
def quarter_meeting_owed(actor: Actor, at: datetime) -> list[TodoGroup]:
    """This quarter's meeting, as long as none is recorded."""
    if not answers_for_it(actor):
        return []
    quarter = Month.of(local_date(at)).quarter
    if quarter_meeting(quarter).session is not None:
        return []
    end = quarter.last_month.end
    item = TodoItem(
        gettext("No vice-mayor's dispatch meeting in the quarter yet"), "", "/hookups/meetings/new/?kind=quarter",
        gettext("Record the meeting"), end, 2 if (end - at).days < _SOON else 3, "messages",
    )  # fmt: skip
    return [
        TodoGroup(
            "quarter_meeting", _("The vice-mayor's meeting"), (item,), 1, "/hookups/meetings/?kind=quarter"
        )
    ]
