from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "ningde_projects.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.load()
