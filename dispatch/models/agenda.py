"""The agenda of a meeting of the city, worked through item by item while it is held (M8.4)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class AgendaItem(models.Model):
    """One matter of the agenda: which source it was drawn from, and which row there.

    The facts are read from the source when it is shown, so that the meeting sees how things stand.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey("hookups.Session", on_delete=models.CASCADE, related_name="agenda")
    #: Name of a source in dispatch.selectors.agenda_sources.
    source = models.CharField(max_length=20)
    key = models.UUIDField(help_text="Public id of the row in its source")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    note = models.CharField(_("what was said"), max_length=500, blank=True)
    discussed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["session", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "source", "key"], name="agenda_names_a_matter_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.order}"


class AgendaDecision(models.Model):
    """Which item of the agenda a decision belongs to."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="decisions")
    decision = models.OneToOneField("hookups.Decision", on_delete=models.CASCADE, related_name="agenda")

    class Meta:
        ordering: ClassVar = ["item", "pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.decision_id}"
