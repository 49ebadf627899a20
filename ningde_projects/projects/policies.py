"""Who may change the register. Each answer is the right itself, or the reason why not, said once."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, Held
from ningde_projects.organizations.duties import BUSINESS_DUTIES, Duty, OrgKind
from ningde_projects.workflow.refusals import NotAllowed

from .models import Management, Post, Project, Stage

#: What only the commission decides: they settle who owes reports, and to whom (M5.1, M5.2).
COMMISSION_FIELDS = frozenset({"place", "management", "level"})
#: Stages that a county sets as the work goes on; suspending and leaving the pool are decisions.
COUNTY_STAGES = frozenset(
    {Stage.PLANNING, Stage.RESERVE, Stage.PRELIMINARY, Stage.UNDER_WAY, Stage.COMPLETED}
)

Right = Held | NotAllowed


def reading_refusal(actor: Actor) -> str:
    """Why this person has no list of projects at all; "" for everyone with a duty in the work itself."""
    if actor.duties & BUSINESS_DUTIES:
        return ""
    return _("The projects are open to those who have a duty in them; administrators have none.")


def commission_right(actor: Actor) -> Right:
    """The commission's dispatchers keep the whole register."""
    held = actor.as_holder(Duty.DISPATCH)
    return held or NotAllowed(_("Only the commission may do this."))


def creating_right(actor: Actor, place_id: int | None = None) -> Right:
    """The commission anywhere, a county bureau in its own place (`place_id` None: in any place at all)."""
    held = actor.as_holder(Duty.DISPATCH) or _bureau(actor, place_id)
    return held or NotAllowed(
        _("Only the commission and, in its own county, the county bureau enter projects.")
    )


def editing_right(actor: Actor, project: Project) -> Right:
    """Facts, plans, nodes and units of one project."""
    held = actor.as_holder(Duty.DISPATCH)
    if held:
        return held
    if project.management == Management.MUNICIPAL:
        return NotAllowed(_("This project is municipal-managed: the commission keeps its record."))
    held = _bureau(actor, project.place_id)
    return held or NotAllowed(
        _("Only the commission and the county bureau of {place} keep this record.").format(
            place=project.place.name
        )
    )


def post_right(actor: Actor, project: Project, post: str, place_id: int | None) -> Right:
    """Who names the person for a post: the commission, the county for its own side, the department for its own."""
    held = actor.as_holder(Duty.DISPATCH)
    if held:
        return held
    if post in (Post.COUNTY_LEADER, Post.COUNTY_DIRECT):
        held = _bureau(actor, place_id or project.place_id)
        return held or NotAllowed(
            _("Only the commission and the county bureau name persons of the county side.")
        )
    if project.municipal_department_id:
        held = actor.as_holder(Duty.HANDLE, [project.municipal_department_id])
    return held or NotAllowed(
        _("Only the commission and the municipal department in charge name persons of the industry side.")
    )


def frozen_fields(held: Held, project: Project | None) -> dict[str, str]:
    """Fields that this holder does not change, each with the reason that the form shows beside it."""
    frozen: dict[str, str] = {}
    if held.duty != Duty.DISPATCH:
        frozen = {name: _("Set by the commission.") for name in COMMISSION_FIELDS - {"place"}}
        frozen["place"] = _("Your own county.")
        if project and project.code:
            frozen["code"] = _("A project code is fixed once given; the commission corrects it.")
    if project:
        # It decides who receives the reports, so it has a page of its own that asks for the reason.
        frozen["management"] = _("Changed by the commission, with a reason.")
    return frozen


def stage_refusal(held: Held, before: str, after: str) -> str:
    """Suspending, leaving the pool and coming back end or renew the duty to report: the commission decides.

    Into the reserve pool and out of it nobody moves a project by changing its record (M1.2, M1.4).
    """
    if pool := pool_refusal(before, after):
        return pool
    if held.duty == Duty.DISPATCH or before == after:
        return ""
    if before in COUNTY_STAGES and after in COUNTY_STAGES:
        return ""
    return _("Suspending a project, taking it out and bringing it back are decided by the commission.")


def pool_refusal(before: str, after: str) -> str:
    """Both sides review before a project is in the pool, and a decision with its reason takes it out."""
    if after == Stage.RESERVE and before != Stage.RESERVE:
        return _("A project enters the reserve pool by its application, after both sides have reviewed it.")
    if before in (Stage.RESERVE, Stage.PRELIMINARY) and after == Stage.EXITED:
        return _("A project leaves the reserve pool by a decision with its reason, on the page of the pool.")
    if before == Stage.RESERVE and after == Stage.PLANNING:
        return _(
            "A project in the reserve pool does not go back to planning; it stays, goes on or leaves the pool."
        )
    return ""


def _bureau(actor: Actor, place_id: int | None) -> Held | None:
    """A reviewer's holding for the bureau of the place (of any place for None); one's own goes first."""
    fitting = [
        held
        for held in actor.held_of(Duty.REVIEW)
        if held.organisation.kind == OrgKind.COUNTY_BUREAU and place_id in (None, held.organisation.place_id)
    ]
    return min(fitting, key=lambda held: held.principal is not None, default=None)
