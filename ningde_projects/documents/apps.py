from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "ningde_projects.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, registration  # noqa: F401 - importing the checks registers them

        registration.load()
