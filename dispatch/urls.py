"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import urls_agenda, urls_cockpit, urls_hard_cases, urls_items, urls_lag, urls_problem_list

app_name = "dispatch"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_cockpit.urlpatterns,
    *urls_lag.urlpatterns,
    *urls_items.urlpatterns,
    *urls_problem_list.urlpatterns,
    *urls_agenda.urlpatterns,
    *urls_hard_cases.urlpatterns,
]
