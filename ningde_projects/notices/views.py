"""The inbox of everyone, and what could not be delivered for the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ningde_projects.organizations.duties import Duty
from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.workflow.door import record

from . import outbox
from .kinds import NoticeKind, kind_of, worded
from .models import Delivery, DeliveryState, Notice
from .services import mark_read

ROWS = 50


class Shown:
    """A notice in the reader's words."""

    def __init__(self, notice: Notice) -> None:
        kind: NoticeKind = kind_of(notice.kind)
        self.notice, self.icon, self.tone = notice, kind.icon, kind.tone
        self.title = worded(kind.title, notice.params)
        self.body = worded(kind.body, notice.params)


def _mine(request: OfficeRequest) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=request.actor.user)


@require_safe
def inbox(request: OfficeRequest) -> HttpResponse:
    """One's own notices, unread first asked for by ?show=unread."""
    rows = _mine(request)
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "notices/inbox.html", {
        "page": page, "rows": [Shown(n) for n in page], "only_unread": only_unread,
    })  # fmt: skip


@require_safe
def open_notice(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    """Mark as read and go where it leads; reading is proof of notice."""
    notice = get_object_or_404(_mine(request), public_id=public_id)
    mark_read(request.actor.user, [notice], request.now)
    return redirect(
        notice.url if notice.url.startswith("/") and not notice.url.startswith("//") else "notices:inbox"
    )


@require_POST
def read_all(request: OfficeRequest) -> HttpResponse:
    number = _mine(request).filter(read_at__isnull=True).update(read_at=request.now)
    messages.success(request, _("%(n)s notices marked as read.") % {"n": number})
    return redirect("notices:inbox")


@require_safe
def undelivered(request: OfficeRequest) -> HttpResponse:
    """What the outbox has given up or is still trying: addresses and errors, no contents."""
    _administrators_only(request)
    rows = Delivery.objects.filter(state__in=[DeliveryState.DEAD, DeliveryState.FAILED])
    page = Paginator(
        rows.select_related("notice__recipient", "digest__organisation").order_by("-next_at"), ROWS
    ).get_page(request.GET.get("page"))
    return render(request, "notices/undelivered.html", {"page": page})


@require_POST
def resend(request: OfficeRequest, public_id: UUID) -> HttpResponse:
    _administrators_only(request)
    delivery = get_object_or_404(Delivery, public_id=public_id, state=DeliveryState.DEAD)
    outbox.resend(delivery, request.now)
    record("delivery", "resend", by=request.actor, at=request.now, obj=delivery)
    messages.success(request, _("It will be sent again within a minute."))
    return redirect("notices:undelivered")


def _administrators_only(request: OfficeRequest) -> None:
    if not request.actor.has(Duty.ADMIN_SYSTEM):
        raise Http404
