"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import urls_agenda, urls_hard_cases

app_name = "dispatch"
urlpatterns: list[URLPattern | URLResolver] = [*urls_agenda.urlpatterns, *urls_hard_cases.urlpatterns]
