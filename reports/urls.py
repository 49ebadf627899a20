"""Every address of the reporting chain."""

from __future__ import annotations

from . import urls_city, urls_owner, urls_paper, urls_review, urls_settings, urls_summary

app_name = "reports"
urlpatterns = [
    *urls_city.urlpatterns,
    *urls_paper.urlpatterns,
    *urls_owner.urlpatterns,
    *urls_review.urlpatterns,
    *urls_settings.urlpatterns,
    *urls_summary.urlpatterns,
]
