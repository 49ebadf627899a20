"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "workflow"
urlpatterns = [
    path("records/", views.records, name="records"),
    path("records/<uuid:public_id>/", views.record_page, name="record"),
]
