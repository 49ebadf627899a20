"""What is done at night: the record is verified, and keys of forms that nobody will send again are dropped."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ningde_projects.notices.kinds import NoticeKind
from ningde_projects.notices.kinds import register as register_notices
from ningde_projects.notices.services import notify
from ningde_projects.organizations.actor import in_force
from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.models import Assignment, User
from ningde_projects.periods.month import local_date

from . import seals
from .models import IdempotencyKey

log = logging.getLogger(__name__)

#: A form shown longer ago is not sent again with the same key.
KEY_LIFE = timedelta(hours=24)

register_notices(
    NoticeKind(
        "record_broken", _("The record has been altered"),
        _("%(count)s faults, the first at act %(first)s: %(what)s. Run verify_record and compare with the last backup."),
        icon="shield-x", tone="red", restricted=True,
    ),
)  # fmt: skip


def verify_and_tell(at: datetime) -> int:
    """Answers the number of faults. Audit and security administrators are told once a day while there are any."""
    faults = seals.verify(at)
    if faults:
        first = faults[0]
        log.error(
            "record altered", extra={"faults": len(faults), "act_id": first.act_id, "what": str(first.what)}
        )
        held = Assignment.objects.filter(in_force(at), duty__in=[Duty.ADMIN_AUDIT, Duty.ADMIN_SECURITY])
        keepers = User.objects.filter(pk__in=held.values("user"), is_active=True)
        params = {"count": len(faults), "first": first.act_id, "what": str(first.what)}
        notify(
            "record_broken",
            keepers,
            at=at,
            dedupe=f"record_broken:{local_date(at)}",
            params=params,
            url="/records/",
        )
    return len(faults)


def clean_up(at: datetime) -> int:
    dropped, _details = IdempotencyKey.objects.filter(created_at__lt=at - KEY_LIFE).delete()
    return dropped
