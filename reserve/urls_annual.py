"""The annual key-project list."""

from __future__ import annotations

from django.urls import path

from .views import annual

urlpatterns = [
    path("annual/", annual.annual, name="annual"),
    path("annual/batches/", annual.batches, name="annual-batches"),
    path("annual/batches/new/", annual.new_batch, name="annual-batch-new"),
    path("annual/batches/<uuid:public_id>/", annual.batch, name="annual-batch"),
    path("annual/batches/<uuid:public_id>/propose/", annual.propose, name="annual-propose"),
    path("annual/batches/<uuid:public_id>/accept/", annual.accept, name="annual-accept"),
    path("annual/batches/<uuid:public_id>/decide/", annual.Decide.as_view(), name="annual-decide"),
    path("annual/batches/<uuid:public_id>/cancel/", annual.Cancel.as_view(), name="annual-cancel"),
    path("annual/items/<uuid:public_id>/decline/", annual.Decline.as_view(), name="annual-decline"),
    path("annual/items/<uuid:public_id>/edit/", annual.amend, name="annual-amend"),
    path("annual/items/<uuid:public_id>/withdraw/", annual.withdraw, name="annual-withdraw"),
    path("annual/items/<uuid:public_id>/remove/", annual.Remove.as_view(), name="annual-remove"),
]
