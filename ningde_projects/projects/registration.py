"""What this app ties together when it is ready: navigation, words, the record of a project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.documents.exports import register_export
from ningde_projects.documents.imports import register_importer
from ningde_projects.notices import kinds
from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.business import register_business
from ningde_projects.organizations.duties import BUSINESS_DUTIES, OrgKind
from ningde_projects.shell import navigation as nav
from ningde_projects.shell.actor import ActorLike
from ningde_projects.shell.statuses import register_status
from ningde_projects.workflow import acts

from . import panels, record
from .models import Project, Stage

_STAGES: dict[str, tuple[str, str]] = {
    Stage.PLANNING: ("slate", "bulb"),
    Stage.RESERVE: ("slate", "database"),
    Stage.PRELIMINARY: ("violet", "file-check"),
    Stage.UNDER_WAY: ("sea", "progress"),
    Stage.COMPLETED: ("green", "check"),
    Stage.EXITED: ("slate", "logout"),
    Stage.SUSPENDED: ("amber", "player-pause"),
}

#: Navigation by the kind of office (DESIGN §2): the same list under the name that each office gives it.
_NAMES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("record", pgettext_lazy("navigation", "Project records"), (OrgKind.COMMISSION,)),
    ("register", pgettext_lazy("navigation", "Project register"), (OrgKind.COUNTY_BUREAU, OrgKind.COUNTY_GOVERNMENT)),
    ("industry", pgettext_lazy("navigation", "Industry projects"),
     (OrgKind.COUNTY_DEPARTMENT, OrgKind.MUNICIPAL_DEPARTMENT)),
    ("mine", pgettext_lazy("navigation", "My projects"), (OrgKind.OWNER,)),
    ("city", pgettext_lazy("navigation", "City's projects"), (OrgKind.MUNICIPAL_GOVERNMENT,)),
)  # fmt: skip


def load() -> None:
    from . import dossier, handover, list_columns, merging, parts_of_page
    from .exports import EXPORT
    from .imports import importer

    register_business("projects")
    acts.register(
        "project", pgettext_lazy("acts", "Project"), {name: v[0] for name, v in record.VERBS.items()}
    )
    acts.register(
        "own_list",
        pgettext_lazy("acts", "List of one's own"),
        {
            "follow": pgettext_lazy("act", "Followed a project"),
            "unfollow": pgettext_lazy("act", "No longer follows a project"),
            "dossier": pgettext_lazy("act", "Exported the project's dossier"),
            "columns": pgettext_lazy("act", "Chose the columns of the list"),
            "save_view": pgettext_lazy("act", "Saved a view"),
            "change_view": pgettext_lazy("act", "Changed a view"),
            "delete_view": pgettext_lazy("act", "Deleted a view"),
        },
    )
    list_columns.load()
    dossier.load()
    parts_of_page.load()
    kinds.register(
        kinds.NoticeKind(
            "project_named",
            _("You now answer for a project"),
            _("%(by)s has named you as %(post)s of “%(project)s”."),
            icon="user-check",
            tone="violet",
        ),
        kinds.NoticeKind(
            "project_unnamed",
            _("You no longer answer for a project"),
            _("%(by)s has named someone else as %(post)s of “%(project)s”."),
            icon="user-minus",
            outgoing=False,
        ),
    )
    register_export(EXPORT)
    handover.load()
    merging.load()
    register_importer(importer())
    for stage, (tone, icon) in _STAGES.items():
        register_status(f"stage_{stage}", tone, icon, Stage(stage).label)
    panels.register_acts(record.SOURCE)
    nav.register(
        *(
            nav.NavEntry(
                f"projects_{key}",
                label,
                "folders",
                "projects:list",
                allowed=_belongs_to(*offices),
                section=nav.PROJECTS,
                order=10,
                count=_count,
                mobile=True,
                mobile_label=pgettext_lazy("navigation", "Projects"),
            )
            for key, label, offices in _NAMES
        )
    )


def _belongs_to(*offices: str) -> Callable[[ActorLike], bool]:
    """The first kind, in the order of _NAMES, for which the person holds a business duty."""

    def allowed(actor: ActorLike) -> bool:
        return kind_shown(actor) in offices

    return allowed


def kind_shown(actor: ActorLike) -> str:
    """Under which office's name this person sees the list; "" for those who have none to see."""
    held = getattr(actor, "held", ())
    mine = {h.organisation.kind for h in held if h.duty in BUSINESS_DUTIES}
    for _key, _label, offices in _NAMES:
        for kind in offices:
            if kind in mine:
                return kind
    return ""


def _count(actor: ActorLike, at: datetime) -> nav.Number:
    return Project.objects.visible_to(actor) if isinstance(actor, Actor) else None
