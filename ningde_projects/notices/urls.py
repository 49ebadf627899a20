"""Addresses of the inbox and the outbox."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/undelivered/", views.undelivered, name="undelivered"),
    path("notices/undelivered/<uuid:public_id>/resend/", views.resend, name="resend"),
    path("notices/<uuid:public_id>/", views.open_notice, name="open"),
]
