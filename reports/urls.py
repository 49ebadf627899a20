"""Every address of the reporting chain."""

from __future__ import annotations

from . import urls_city

app_name = "reports"
urlpatterns = [
    *urls_city.urlpatterns,
]
