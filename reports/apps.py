from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tie the tables to their services and register deadlines, to-do sources and pages."""
        from . import registration

        registration.load()
