"""Pushes to the platforms (M1.3)."""

from __future__ import annotations

from django.urls import path

from .views import pushes

urlpatterns = [
    path("pushes/", pushes.pushes, name="pushes"),
    path("pushes/put-up/", pushes.put_up, name="push-put-up"),
    path("pushes/batches/", pushes.batches, name="push-batches"),
    path("pushes/batches/new/", pushes.export_batch, name="push-export"),
    path("pushes/batches/<uuid:public_id>/", pushes.batch, name="push-batch"),
    path("pushes/batches/<uuid:public_id>/file/", pushes.batch_file, name="push-batch-file"),
    path("pushes/requirements/", pushes.requirements, name="push-requirements"),
    path("pushes/<uuid:public_id>/", pushes.push, name="push"),
    path("pushes/<uuid:public_id>/register/", pushes.Register.as_view(), name="push-register"),
    path("pushes/<uuid:public_id>/return/", pushes.Return.as_view(), name="push-return"),
    path("pushes/<uuid:public_id>/requeue/", pushes.Requeue.as_view(), name="push-requeue"),
    path("pushes/<uuid:public_id>/drop/", pushes.Drop.as_view(), name="push-drop"),
]
