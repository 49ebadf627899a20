"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import (
    urls_annual,
    urls_applications,
    urls_cases,
    urls_catalogue,
    urls_funding,
    urls_pool,
    urls_pushes,
    urls_targets,
)

app_name = "reserve"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_applications.urlpatterns,
    *urls_pool.urlpatterns,
    *urls_targets.urlpatterns,
    *urls_catalogue.urlpatterns,
    *urls_annual.urlpatterns,
    *urls_pushes.urlpatterns,
    *urls_cases.urlpatterns,
    *urls_funding.urlpatterns,
]
