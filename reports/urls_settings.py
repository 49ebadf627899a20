"""Rules as dated data: thresholds and categories."""

from __future__ import annotations

from django.urls import path

from .views import categories

urlpatterns = [
    path("rules/", categories.rules, name="rules"),
    path("rules/thresholds/<slug:key>/new/", categories.threshold_new, name="threshold_new"),
    path(
        "rules/thresholds/<uuid:threshold>/withdraw/",
        categories.threshold_withdraw,
        name="threshold_withdraw",
    ),
    path("rules/categories/new/", categories.category_new, name="category_new"),
    path("rules/categories/<uuid:category>/replace/", categories.category_replace, name="category_replace"),
    path("rules/categories/<uuid:category>/end/", categories.category_end, name="category_end"),
]
