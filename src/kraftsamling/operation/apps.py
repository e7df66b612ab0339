from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "kraftsamling.operation"
    label = "operation"
    default_auto_field = "django.db.models.BigAutoField"
