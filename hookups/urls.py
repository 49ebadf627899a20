"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import urls_leading, urls_lists, urls_meetings

app_name = "hookups"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_lists.urlpatterns,
    *urls_meetings.urlpatterns,
    *urls_leading.urlpatterns,
]
