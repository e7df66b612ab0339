from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kraftsamling.web"
    label = "web"
