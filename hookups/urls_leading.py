"""The leader's page."""

from __future__ import annotations

from django.urls import path

from .views import leading

urlpatterns = [path("leading/", leading.page, name="leading")]
