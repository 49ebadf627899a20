from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "ningde_projects.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.load()
