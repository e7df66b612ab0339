"""A live server that serves as the product does: WhiteNoise answers for static files."""

from unittest import mock

from pytest_django.live_server_helper import LiveServer


def _as_is(application):
    """In place of Django's own static handler, which knows neither ranges nor our headers."""
    return application


class WhiteNoiseLiveServer(LiveServer):
    def __init__(self, address: str) -> None:
        with mock.patch("django.contrib.staticfiles.handlers.StaticFilesHandler", _as_is):
            super().__init__(address)
