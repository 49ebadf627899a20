"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import urls_cases, urls_funding

app_name = "reserve"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_cases.urlpatterns,
    *urls_funding.urlpatterns,
]
