"""The pages of this app; each noun has its own list of addresses."""

from __future__ import annotations

from . import urls_annual, urls_catalogue, urls_pushes, urls_targets

app_name = "reserve"
urlpatterns = [
    *urls_targets.urlpatterns,
    *urls_catalogue.urlpatterns,
    *urls_annual.urlpatterns,
    *urls_pushes.urlpatterns,
]
