"""Who answers for a project, and when (measures.md M3, settled point 15)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .register import Project


class Post(models.TextChoices):
    """Who answers for a project. The ground needs the persons; measures 3 and 4 file the lists."""

    COUNTY_LEADER = "county_leader", pgettext_lazy("post", "County-side responsible leader")
    COUNTY_DIRECT = "county_direct", _("County-side direct responsible person")
    INDUSTRY_LEADER = "industry_leader", _("Industry-side responsible leader")
    INDUSTRY_DIRECT = "industry_direct", _("Industry-side direct responsible person")
    SOE_LEADER = "soe_leader", _("Responsible leader of the municipal enterprise")
    SOE_DIRECT = "soe_direct", _("Direct responsible person of the municipal enterprise")


@pghistory.track()
class Responsible(models.Model):
    """A person who answers for a project (or a county's part) in a span of time; history stays (point 15)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="responsibles")
    place = models.ForeignKey("organizations.Place", on_delete=models.PROTECT, null=True, blank=True)
    post = models.CharField(_("post"), max_length=16, choices=Post.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="responsibilities"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["project", "post", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "place", "post"], condition=Q(valid_to__isnull=True),
                name="responsible_one_at_a_time", nulls_distinct=False,
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(valid_to__isnull=True), name="responsible_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.post}"
