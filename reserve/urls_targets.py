"""Reserve targets (M1.1)."""

from __future__ import annotations

from django.urls import path

from .views import targets

urlpatterns = [
    path("targets/", targets.targets, name="targets"),
    path("targets/projects/", targets.projects, name="target-projects"),
    path("targets/new/", targets.begin, name="target-begin"),
    path("targets/<uuid:public_id>/edit/", targets.edit, name="target-edit"),
    path("targets/<uuid:public_id>/issue/", targets.Issue.as_view(), name="target-issue"),
    path("targets/<uuid:public_id>/discard/", targets.Discard.as_view(), name="target-discard"),
]
