from django.apps import AppConfig


class PeriodsConfig(AppConfig):
    name = "ningde_projects.periods"
    label = "periods"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.load()
