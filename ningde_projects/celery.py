"""The task application: worker and beat start from here, and `@shared_task` finds it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ningde_projects.settings.local")

app = Celery("ningde_projects", task_cls="ningde_projects.operations.wakeups:WakeUpTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
for module in ("heartbeats", "startup"):
    app.autodiscover_tasks(["ningde_projects.operations"], related_name=module)
