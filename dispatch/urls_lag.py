"""Addresses of the lag analysis (M8.2)."""

from __future__ import annotations

from django.urls import path

from .views import lag

urlpatterns = [path("lag/", lag.lag, name="lag")]
