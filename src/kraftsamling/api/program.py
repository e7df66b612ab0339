"""The API as a whole: its description and its routers."""

from ninja import NinjaAPI

from kraftsamling import __version__

api = NinjaAPI(
    title="Kraftsamling",
    version=__version__,
    urls_namespace="api",
    openapi_url="openapi.json",
    docs_url=None,
)
