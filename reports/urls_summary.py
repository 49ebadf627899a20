"""附件2: the county's, the government's approval, the commission's receipt."""

from __future__ import annotations

from django.urls import path

from .views import approval, summaries, summary, summary_lines

urlpatterns = [
    path("summaries/", summaries.summaries, name="summaries"),
    path("summaries/received/<uuid:public_id>/", approval.received, name="summary_received"),
    path("summaries/received/<uuid:public_id>/receive/", approval.receive, name="summary_receive"),
    path("summaries/received/<uuid:public_id>/return/", approval.return_to_county, name="summary_return"),
    path("summaries/<str:text>/", summary.summary, name="summary"),
    path("summaries/<str:text>/print/", summary.print_view, name="summary_print"),
    path("summaries/<str:text>/draw/", summary.draw, name="summary_draw"),
    path("summaries/<str:text>/send/", summary.send, name="summary_send"),
    path("summaries/<str:text>/withdraw/", summary.withdraw, name="summary_withdraw"),
    path("summaries/<str:text>/forward/", summary.forward, name="summary_forward"),
    path("summaries/<str:text>/items/<uuid:public_id>/", summary_lines.item, name="summary_item"),
    path("summaries/<str:text>/items/<uuid:public_id>/<str:way>/", summary_lines.move, name="summary_move"),
    path("approvals/", approval.approvals, name="approvals"),
    path("approvals/<uuid:public_id>/", approval.approval, name="approval"),
    path("approvals/<uuid:public_id>/approve/", approval.approve, name="approval_approve"),
    path("approvals/<uuid:public_id>/return/", approval.return_summary, name="approval_return"),
]
