"""Addresses of preliminary funds."""

from __future__ import annotations

from django.urls import path

from .views import funding, funding_batches

urlpatterns = [
    path("funding/", funding.line_list, name="funding"),
    path("funding/totals/", funding.totals, name="funding_totals"),
    path("funding/new/<uuid:public_id>/", funding.request_funds, name="funding_request"),
    path("funding/payments/", funding.payments, name="funding_payments"),
    path("funding/lines/<uuid:public_id>/", funding.line, name="funding_line"),
    path("funding/lines/<uuid:public_id>/withdraw/", funding.withdraw, name="funding_line_withdraw"),
    path("funding/lines/<uuid:public_id>/return/", funding.send_back, name="funding_line_return"),
    path("funding/lines/<uuid:public_id>/take-out/", funding.take_out, name="funding_line_take_out"),
    path("funding/lines/<uuid:public_id>/pay/", funding.pay, name="funding_line_pay"),
    path("funding/payments/<uuid:public_id>/cancel/", funding.void, name="funding_payment_void"),
    path("funding/batches/", funding_batches.batch_list, name="funding_batches"),
    path("funding/batches/new/", funding_batches.create, name="funding_batch_create"),
    path("funding/batches/<uuid:public_id>/", funding_batches.batch, name="funding_batch"),
    path("funding/batches/<uuid:public_id>/take-in/", funding_batches.take_in, name="funding_batch_take_in"),
    path("funding/batches/<uuid:public_id>/send/", funding_batches.send, name="funding_batch_send"),
    path(
        "funding/batches/<uuid:public_id>/withdraw/", funding_batches.withdraw, name="funding_batch_withdraw"
    ),
    path("funding/batches/<uuid:public_id>/discard/", funding_batches.discard, name="funding_batch_discard"),
    path("funding/batches/<uuid:public_id>/approve/", funding_batches.approve, name="funding_batch_approve"),
    path("funding/batches/<uuid:public_id>/return/", funding_batches.send_back, name="funding_batch_return"),
    path("funding/approvals/", funding_batches.approvals, name="funding_approvals"),
]
