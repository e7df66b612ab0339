from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kraftsamling.web"
    label = "web"

    def ready(self) -> None:
        from kraftsamling.web.account import mail, second_factor

        mail.listen()
        second_factor.listen()
