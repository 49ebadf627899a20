from django.apps import AppConfig


class HookupsConfig(AppConfig):
    name = "hookups"
    label = "hookups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register deadlines, to-do sources, notices, pages and panels."""
        from . import registration

        registration.load()
