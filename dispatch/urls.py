"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import urls_cockpit, urls_lag, urls_problem_list

app_name = "dispatch"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_cockpit.urlpatterns,
    *urls_lag.urlpatterns,
    *urls_problem_list.patterns,
]
