"""Applications for the pool and their review (M1.2)."""

from __future__ import annotations

from django.urls import path

from .views import applications, reviewing

urlpatterns = [
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.new, name="application_new"),
    path("applications/<uuid:public_id>/", applications.application, name="application"),
    path("applications/<uuid:public_id>/autosave/", applications.autosave, name="application_autosave"),
    path("applications/<uuid:public_id>/recall/", reviewing.recall, name="application_recall"),
    path("applications/<uuid:public_id>/withdraw/", reviewing.withdraw, name="application_withdraw"),
    path("applications/<uuid:public_id>/pass/<str:side>/", reviewing.pass_side, name="application_pass"),
    path(
        "applications/<uuid:public_id>/return/<str:side>/", reviewing.return_side, name="application_return"
    ),
]
