"""The door of the lists of hard cases: administrators find none, whoever has no part in them is told why."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from ningde_projects.organizations.actor import Actor

from ..policies.hard_cases import is_outside, reading_refusal


def at_work(actor: Actor) -> None:
    if is_outside(actor):
        raise Http404
    if reason := reading_refusal(actor):
        raise PermissionDenied(reason)
