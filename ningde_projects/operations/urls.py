from django.urls import path

from ningde_projects.operations.health import healthz

urlpatterns = [path("healthz", healthz, name="healthz")]
