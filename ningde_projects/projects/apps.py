from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "ningde_projects.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.load()
