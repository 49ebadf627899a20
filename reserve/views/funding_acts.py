"""One act on a request or a batch of preliminary funds, asked for first: locked says why, the rest is a dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.acting import dialog_act, posted, refused_page
from ningde_projects.workflow.door import refusal
from ningde_projects.workflow.table import Machine

from ..models import FundingBatch, FundingRequest


def asked_act(
    request: OfficeRequest, item: FundingRequest | FundingBatch, machine: Machine, verb: str,
    act: Callable[[Mapping[str, Any]], object], success: str, *, form: type[forms.Form], object: str, back: str,
    done: str = "", **words: Any,
) -> HttpResponse:  # fmt: skip
    """`verb` is the row of the table."""
    if refused := refusal(item, verb, request.actor):
        return refused_page(request, refused, back=back)
    title = machine.by_name[verb].label
    return dialog_act(
        request, act, form=form(posted(request), initial={"version": item.version}), done=done or back,
        success=success, title=title, object=object, button=title, cancel_url=back, **words,
    )  # fmt: skip
