from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "ningde_projects.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks as _checks  # registers the system checks
        from . import registration

        registration.load()
        del _checks
