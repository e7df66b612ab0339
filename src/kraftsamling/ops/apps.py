from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "kraftsamling.ops"
    label = "ops"
