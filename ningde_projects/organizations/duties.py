"""The duties of measures.md §0: what a user may do. Plain values, no ORM."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    REPORT = "report", _("Report")
    REVIEW = "review", _("Review")
    APPROVE = "approve", _("Approve for a government")
    LEAD = "lead", _("Responsible leader")
    DIRECT = "direct", _("Direct responsible person")
    HANDLE = "handle", _("Handle for a department")
    SIGN = "sign", _("Sign for a department")
    DISPATCH = "dispatch", _("Dispatch")
    STATISTICS = "statistics", _("Statistics duty")
    SCORE = "score", _("Score")
    SUPERVISE = "supervise", _("Supervise")
    VIEW = "view", _("Leader's view")
    ADMIN_SYSTEM = "admin_system", _("System administrator")
    ADMIN_SECURITY = "admin_security", _("Security administrator")
    ADMIN_AUDIT = "admin_audit", _("Audit administrator")


#: Three separated administrators: none holds two, none holds a business duty (security.md, Controls).
ADMIN_DUTIES = frozenset({Duty.ADMIN_SYSTEM, Duty.ADMIN_SECURITY, Duty.ADMIN_AUDIT})
BUSINESS_DUTIES = frozenset(Duty) - ADMIN_DUTIES


class OrgKind(models.TextChoices):
    MUNICIPAL_GOVERNMENT = "municipal_government", _("Municipal government")
    COMMISSION = "commission", _("Municipal commission")
    MUNICIPAL_DEPARTMENT = "municipal_department", _("Municipal department")
    COUNTY_GOVERNMENT = "county_government", _("County government")
    COUNTY_BUREAU = "county_bureau", _("County bureau")
    COUNTY_DEPARTMENT = "county_department", _("County department")
    OWNER = "owner", _("Project owner")
    PARTICIPANT = "participant", _("Participating unit")
    OVERSIGHT = "oversight", _("Oversight body")
    MEDIA = "media", _("Media")


#: Which duties make sense in which kind of organisation; granting another is refused.
DUTIES_OF_KIND: dict[str, frozenset[Duty]] = {
    OrgKind.MUNICIPAL_GOVERNMENT: frozenset({Duty.APPROVE, Duty.LEAD, Duty.VIEW}),
    OrgKind.COMMISSION: frozenset(
        {Duty.DISPATCH, Duty.HANDLE, Duty.SIGN, Duty.SCORE, Duty.LEAD, Duty.DIRECT, Duty.VIEW} | ADMIN_DUTIES
    ),
    OrgKind.MUNICIPAL_DEPARTMENT: frozenset(
        {Duty.HANDLE, Duty.SIGN, Duty.LEAD, Duty.DIRECT, Duty.STATISTICS, Duty.VIEW}
    ),
    OrgKind.COUNTY_GOVERNMENT: frozenset({Duty.APPROVE, Duty.LEAD, Duty.VIEW}),
    OrgKind.COUNTY_BUREAU: frozenset({Duty.REVIEW, Duty.DIRECT, Duty.VIEW}),
    OrgKind.COUNTY_DEPARTMENT: frozenset({Duty.HANDLE, Duty.SIGN, Duty.DIRECT, Duty.LEAD, Duty.VIEW}),
    OrgKind.OWNER: frozenset({Duty.REPORT, Duty.DIRECT, Duty.LEAD, Duty.VIEW}),
    OrgKind.PARTICIPANT: frozenset({Duty.VIEW}),
    OrgKind.OVERSIGHT: frozenset({Duty.SUPERVISE, Duty.VIEW}),
    OrgKind.MEDIA: frozenset({Duty.VIEW}),
}
