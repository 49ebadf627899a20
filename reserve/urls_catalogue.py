"""Planning guidance catalogues and planning tasks (M1.5)."""

from __future__ import annotations

from django.urls import path

from .views import catalogue, planning_tasks

urlpatterns = [
    path("catalogues/", catalogue.catalogues, name="catalogues"),
    path("catalogues/overview/", catalogue.overview, name="catalogue-overview"),
    path("catalogues/approvals/", catalogue.approvals, name="catalogue-approvals"),
    path("catalogues/new/", catalogue.begin, name="catalogue-begin"),
    path("catalogues/<uuid:public_id>/", catalogue.catalogue, name="catalogue"),
    path("catalogues/<uuid:public_id>/edit/", catalogue.edit, name="catalogue-edit"),
    path("catalogues/<uuid:public_id>/revise/", catalogue.revise, name="catalogue-revise"),
    path("catalogues/<uuid:public_id>/send/", catalogue.Send.as_view(), name="catalogue-send"),
    path("catalogues/<uuid:public_id>/withdraw/", catalogue.Withdraw.as_view(), name="catalogue-withdraw"),
    path("catalogues/<uuid:public_id>/approve/", catalogue.Approve.as_view(), name="catalogue-approve"),
    path("catalogues/<uuid:public_id>/return/", catalogue.Return.as_view(), name="catalogue-return"),
    path("catalogues/<uuid:public_id>/issue/", catalogue.IssueIt.as_view(), name="catalogue-issue"),
    path("catalogues/<uuid:public_id>/discard/", catalogue.Discard.as_view(), name="catalogue-discard"),
    path("tasks/", planning_tasks.tasks, name="tasks"),
    path("tasks/<uuid:public_id>/", planning_tasks.task, name="task"),
    path("tasks/<uuid:public_id>/link/", planning_tasks.link, name="task-link"),
    path("tasks/<uuid:public_id>/links/<uuid:link_id>/unlink/", planning_tasks.unlink, name="task-unlink"),
]
