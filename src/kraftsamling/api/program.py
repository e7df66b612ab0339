"""The API as a whole: its description and its routers."""

from kraftsamling import __version__
from kraftsamling.api import areas, documentation, gazetteer, organisations, places
from kraftsamling.api.description import ABOUT
from kraftsamling.api.frame import Api

api = Api(
    title="Kraftsamling",
    version=__version__,
    description=ABOUT,
    urls_namespace="api",
    documentation=documentation.page,
)
api.add_router("", organisations.router)
api.add_router("", places.router)
api.add_router("", areas.router)
api.add_router("", gazetteer.router)
