"""What this room tells the others: navigation, words of its acts and notices, its exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import register_export
from ningde_projects.notices import kinds
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from .duties import ADMIN_DUTIES, BUSINESS_DUTIES, Duty


def load() -> None:
    from . import exports

    for export in exports.EXPORTS:
        register_export(export)
    _acts()
    _notices()
    _statuses()
    nav.register(
        nav.NavEntry(
            "organisations", _("Offices and accounts"), "building", "organizations:organisations",
            allowed=nav.has_duty(*ADMIN_DUTIES, Duty.DISPATCH, Duty.REVIEW), section=nav.SYSTEM, order=10,
        ),
        nav.NavEntry(
            "duties", _("Duties and rights"), "key", "organizations:duties",
            allowed=nav.has_duty(*ADMIN_DUTIES), section=nav.SYSTEM, order=20,
        ),
        nav.NavEntry(
            "delegations", _("Acting for others"), "arrows-exchange", "organizations:delegations",
            allowed=nav.has_duty(*BUSINESS_DUTIES, Duty.ADMIN_SECURITY), section=nav.SYSTEM, order=30,
        ),
        nav.NavEntry(
            "handover", _("Handing over"), "user-share", "organizations:handover",
            allowed=nav.has_duty(Duty.LEAD, Duty.DIRECT), section=nav.SYSTEM, order=35,
        ),
    )  # fmt: skip


def _statuses() -> None:
    for code, tone, icon, word in (
        ("org_open", "green", "check", pgettext_lazy("status", "In operation")),
        ("org_closed", "slate", "lock", pgettext_lazy("status", "Closed down")),
        ("person_open", "green", "check", pgettext_lazy("status", "In use")),
        ("person_waiting", "amber", "clock-hour-4", pgettext_lazy("status", "Never signed in")),
        ("person_suspended", "amber", "clock-hour-4", pgettext_lazy("status", "Suspended, unused")),
        ("person_closed", "slate", "lock", pgettext_lazy("status", "Account closed")),
        ("duty_now", "green", "check", pgettext_lazy("status", "Held now")),
        ("acting_now", "green", "check", pgettext_lazy("status", "Acting now")),
        ("duty_later", "sea", "clock-hour-4", pgettext_lazy("status", "From a later day")),
        ("duty_over", "slate", "x", pgettext_lazy("status", "Ended")),
    ):
        register_status(code, tone, icon, word)


def _acts() -> None:
    acts.register(
        "organisation", _("Organisation"),
        {
            "created": pgettext_lazy("act", "Organisation entered"),
            "changed": pgettext_lazy("act", "Organisation changed"),
            "renamed": pgettext_lazy("act", "Organisation renamed"),
            "closed": pgettext_lazy("act", "Organisation closed"),
            "reopened": pgettext_lazy("act", "Organisation reopened"),
        },
        is_administrative=True,
    )  # fmt: skip
    acts.register(
        "account", pgettext_lazy("acts", "Account"),
        {
            "opened": pgettext_lazy("act", "Account opened"),
            "changed": pgettext_lazy("act", "Person's data changed"),
            "moved": pgettext_lazy("act", "Moved to another office"),
            "suspended": pgettext_lazy("act", "Account suspended, unused"),
            "reopened": pgettext_lazy("act", "Account reopened"),
            "closed": pgettext_lazy("act", "Account closed"),
        },
        is_administrative=True,
    )  # fmt: skip
    acts.register(
        "duty", pgettext_lazy("acts", "Duty"),
        {"granted": pgettext_lazy("act", "Duty granted"), "revoked": pgettext_lazy("act", "Duty revoked")},
        is_administrative=True,
    )  # fmt: skip
    acts.register(
        "delegation", pgettext_lazy("acts", "Acting for another"),
        {"delegated": pgettext_lazy("act", "Delegation entered"), "ended": pgettext_lazy("act", "Delegation ended")},
        is_administrative=True,
    )  # fmt: skip
    acts.register(
        "handover",
        pgettext_lazy("acts", "Hand-over"),
        {"handed_over": pgettext_lazy("act", "Matters handed over")},
    )

    acts.register_facts(
        {
            "username": _("Account name"),
            "person": _("Person"),
            "successor": _("Successor"),
            "leaver": _("Handed over by"),
            "groups": _("Matters handed over"),
            "duties": _("Duties"),
            "duties_ended": _("Duties ended"),
            "delegations": _("Acting for one another"),
            "closing": _("With the closing of the account"),
            "moving": _("With the move to"),
            "last_used": _("Last used"),
        }
    )


def _notices() -> None:
    kinds.register(
        kinds.NoticeKind(
            "account_opened", _("An account waits for its duty"),
            _("%(by)s has opened an account for %(name)s (%(organisation)s). Grant the duty that is needed."),
            icon="user-plus", tone="violet",
        ),
        kinds.NoticeKind(
            "person_moved", _("Someone who moved waits for a duty"),
            _("%(name)s has moved from %(before)s to %(organisation)s and holds no duty. Grant the one that is needed."),
            icon="user-plus", tone="violet",
        ),
        kinds.NoticeKind(
            "accounts_suspended", _("Unused accounts have been suspended"),
            _(
                "%(n)s accounts that nobody used for %(days)s days are suspended. Close those that are not needed, "
                "reopen the others with a reason."
            ),
            icon="clock-hour-4", tone="amber", outgoing=False,
        ),
        kinds.NoticeKind(
            "duty_granted", _("A duty has been granted to you"),
            _("You hold the duty “%(duty)s” of %(organisation)s now."),
            icon="key", tone="violet",
        ),
        kinds.NoticeKind(
            "duty_revoked", _("A duty of yours has ended"),
            _("You no longer hold the duty “%(duty)s” of %(organisation)s."),
            icon="key-off", tone="amber", outgoing=False,
        ),
        kinds.NoticeKind(
            "delegation_given", _("You act for a colleague"),
            _("You act for %(principal)s in the duty “%(duty)s” from %(first)s to %(last)s."),
            icon="arrows-exchange", tone="violet",
        ),
        kinds.NoticeKind(
            "delegation_made", _("Someone acts for you"),
            _("%(delegate)s acts for you in the duty “%(duty)s” from %(first)s to %(last)s."),
            icon="arrows-exchange", tone="violet",
        ),
        kinds.NoticeKind(
            "delegation_over", _("A delegation has ended"),
            _("You no longer act for %(principal)s in the duty “%(duty)s”."),
            icon="x", tone="amber", outgoing=False,
        ),
        kinds.NoticeKind(
            "handed_over", _("Matters have been handed over to you"),
            _("You have taken over %(n)s matters of %(name)s; the hand-over sheet names them."),
            icon="user-share", tone="violet",
        ),
    )  # fmt: skip
