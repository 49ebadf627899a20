from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "ningde_projects.operations"
    label = "operations"
