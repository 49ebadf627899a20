"""What a person decides for himself: language and channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.workflow.refusals import StaleVersion

from ..acts import note


@transaction.atomic
def save_preferences(
    actor: Actor, *, email: str, channels: Sequence[str], language: str, version: int, at: datetime
) -> None:
    """Keep them; the inbox is always told, whatever is chosen. Raises StaleVersion."""
    before = User.objects.get(pk=actor.user.pk)
    wanted = {"email": email, "channels": list(channels), "language": language}
    changed = {
        name: [getattr(before, name), value]
        for name, value in wanted.items()
        if getattr(before, name) != value
    }
    if not changed:
        return
    rows = User.objects.filter(pk=before.pk, version=version)
    if not rows.update(**wanted, version=F("version") + 1):
        raise StaleVersion(
            _("Your settings were changed in another window meanwhile. Compare, then save again.")
        )
    note("settings_changed", by=actor, at=at, user=before, data={"changed": sorted(changed)})
