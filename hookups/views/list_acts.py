"""The transitions of a hookup list, each asked for in a dialog: send, recall, put on file, return (M3.4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ningde_projects.workflow.acting import ActView

from ..models import HookupList
from ..services.filing import file_verb, recall_verb


class ListAct(ActView):
    model = HookupList

    def rows(self) -> models.QuerySet[Any]:
        return super().rows().select_related("office__place")

    def done_url(self, obj: Any) -> str:
        return reverse("hookups:list", args=[obj.public_id])


class OfficeAct(ListAct):
    """The verb depends on the side that the office files for."""

    verbs: Any

    def _respond(self, public_id: Any) -> Any:
        row = self.rows().filter(public_id=public_id).first()
        if row is not None:
            self.act = type(self).verbs(row)  # type: ignore[misc]
        return super()._respond(public_id)


class File(OfficeAct):
    act, success = "file_county", gettext_lazy("Sent to the commission for filing.")
    verbs = staticmethod(file_verb)

    def words(self, obj: Any) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": "send",
            "consequence": _("{n} lines are sent; nobody answers by them until the commission has put them on file.")
            .format(n=obj.lines.count()),
        }  # fmt: skip


class Recall(OfficeAct):
    act, success = "recall_county", gettext_lazy("Recalled; the list can be changed again.")
    verbs = staticmethod(recall_verb)

    def words(self, obj: Any) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": "arrow-back-up",
            "consequence": _(
                "The commission has not opened it yet. The day of filing will be the next sending."
            ),
        }


class Receive(ListAct):
    act, success = "receive", gettext_lazy("On file; the persons have been told.")

    def words(self, obj: Any) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": "checks",
            "consequence": _("{n} lines take effect: those named answer from now on, those replaced hand over with a "
                             "sheet, and all are told.").format(n=obj.lines.count()),
        }  # fmt: skip


class Return(ListAct):
    act, success = "return", gettext_lazy("Returned to the office.")

    def words(self, obj: Any) -> dict[str, Any]:
        return super().words(obj) | {
            "button_icon": "arrow-back-up", "danger": True,
            "consequence": _("The office corrects the list and sends it again; the day of the first filing stays."),
        }  # fmt: skip
