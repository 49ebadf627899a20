"""Addresses of the paper forms, and of reports filled in offline."""

from __future__ import annotations

from django.urls import path

from .views import paper

urlpatterns = [
    path("reports/<uuid:public_id>/annex1.xlsx", paper.annex1, name="annex1"),
    path("reports/annex1.xlsx", paper.annex1_owner, name="annex1_owner"),
    path("reports/annex1-blank.xlsx", paper.annex1_blank, name="annex1_blank"),
    path("reports/offline.xlsx", paper.offline, name="offline"),
    path("reports/offline/", paper.offline_upload, name="offline_upload"),
    path("summaries/<uuid:public_id>/annex2.xlsx", paper.annex2, name="annex2"),
    path("summaries/<uuid:public_id>/annex2-<int:number>.xlsx", paper.annex2_edition, name="annex2_edition"),
    path("summaries/all/<str:text>/annex2.xlsx", paper.annex2_all, name="annex2_all"),
]
