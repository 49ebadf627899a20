"""The address of the cockpit (screen 05)."""

from __future__ import annotations

from django.urls import path

from .views import cockpit

urlpatterns = [path("", cockpit.cockpit, name="cockpit")]
