"""What these pages share: who may open them, paging, and how a changed row is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from ningde_projects.shell import errors
from ningde_projects.workflow.models import Act
from ningde_projects.workflow.refusals import NotAllowed

from ..middleware import OfficeRequest

ROWS = 50


def may_read(reason: str) -> None:
    if reason:
        raise PermissionDenied(reason)


def allowed(right: Any) -> None:
    """403 with the reason instead of a form that would be refused afterwards."""
    if isinstance(right, NotAllowed):
        raise PermissionDenied(str(right))


def page_of(request: OfficeRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, ROWS).get_page(request.GET.get("page", 1))


def changed_meanwhile(
    request: OfficeRequest,
    machine: str,
    row: Model,
    typed: Mapping[str, Any],
    labels: Mapping[str, Any],
    url: str,
) -> HttpResponse:
    """409 with both texts side by side: what stands there now, and what was typed."""
    fresh = type(row)._base_manager.get(pk=row.pk)
    changed = []
    for name, mine in typed.items():
        if name not in labels or not hasattr(fresh, name):
            continue
        theirs = _words(fresh, name)
        wanted = "" if mine is None else str(mine)
        if theirs != wanted:
            changed.append(errors.Changed(labels[name], theirs, wanted))
    last = Act.objects.filter(machine=machine, object_id=row.pk).order_by("-id").first()
    who, when = (last.user_text, last.at) if last else ("", None)
    return errors.stale(request, changed=changed, url=url, by=who or _("somebody"), at=when)


def _words(row: Model, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)


def labels_of(form: Any) -> dict[str, Any]:
    return {name: field.label for name, field in form.fields.items() if name not in ("version", "reason")}
