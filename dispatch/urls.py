"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "dispatch"
urlpatterns: list[URLPattern | URLResolver] = []
