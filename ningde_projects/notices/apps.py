from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ningde_projects.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.load()
